import ControlRoom
import ParserProperties
import Testing

/// What the parsers read when all is well, varied: so many inputs in every run, more by `sh .ci/fuzz`.
@Suite("Inputs that are almost right")
struct VariedInputTests {
    private static let rounds = 1_500

    /// Inputs that are read.
    private static let samples: [Parser: [String]] = [
        .syslog: [
            "75 <34>1 2026-10-11T22:14:15.003Z gate.example.org su 77 ID47 - login failed on 3\n",
            "<165>1 2026-10-11T22:14:15Z gate evntslog - ID47 [impetus tool=\"CTDR\" district=\"d\\]1\"][x@1 a=\"b\"] \u{FEFF}text\n",
            "11 <0>1 - - - -12 <0>1 - - - - ",
        ],
        .file: [
            """
            <?xml version="1.0"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.1"><identifier>a</identifier>\
            <sender>s@example.org</sender><sent>2026-01-01T00:00:00-00:00</sent><status>Actual</status><msgType>Update</msgType>\
            <scope>Public</scope><references>s@example.org,b,2025-12-31T00:00:00+01:00</references><info><category>Met</category>\
            <event>Flood</event><urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</certainty>\
            <parameter><valueName>n</valueName><value>v</value></parameter><area><areaDesc>Here</areaDesc><polygon/>\
            <circle>45.4,11.9 3</circle><polygon>45,11 45,12 46,12 45,11</polygon></area></info></alert>
            """,
            "<rss version=\"2.0\"><channel><title>t</title><item><title>i</title><guid>g</guid></item></channel></rss>",
            """
            {"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"D"},"geometry":\
            {"type":"Polygon","coordinates":[[[11,45],[12,45],[12,46],[11,45]]]}}]}
            """,
            """
            {"title":"CISA","vulnerabilities":[{"cveID":"CVE-2026-0001","vendorProject":"v","product":"p",\
            "vulnerabilityName":"n","dateAdded":"2026-01-01","shortDescription":"d","requiredAction":"a","dueDate":"2026-02-01"}]}
            """,
        ],
        .facts: data,
        .openData: data,
        .sourcePatterns: ["urn:camera:*\nurn:camera:12", "*a*b*\nxxaxxbxx", "urn:relay:**:z\nurn:relay:a:b:z"],
        .codes: [
            "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-2345-6789", "oili 0000 1111 2222 3333 4444 5555 6666",
            "-----BEGIN CERTIFICATE REQUEST-----\nMIHIMHACAQAwDjEMMAoGA1UEAwwDYWJj\n-----END CERTIFICATE REQUEST-----\n",
        ],
        .words: ["{\"specversion\":\"1.0\",\"id\":\"e\"}", ""],
        .places: [
            """
            {"sequence":"0000000000000000012","digest":"\(String(repeating: "0a", count: 32))","bytes":10,"kind":"unproved"}
            """
        ],
    ]

    /// Of events of all types.
    private static let data = [
        """
        {"occurrence":2,"severity":"high","note":"n","verdict":"confirmed","disposition":"some","cause":null,"rule":"r"}
        """,
        """
        {"wish":"shelve","until":"2026-11-23T12:00:00.5+01:00","once":true,"severity":"critical","occurrence":1,\
        "reason":"known-fault","note":"w","author":"op1","request":"e7"}
        """,
        """
        {"id":"a","from":"police","to":"fire","purpose":"p","categories":["*","crowd"],"removed":["site"],\
        "until":"2027-01-01T00:00:00Z","reason":"over"}
        """,
        """
        {"tenant":"police","source":"urn:a","key_id":"k","device":"d","days":90,"log":"police","log_id":"l","sequence":3,\
        "head":"00","through":2,"recorded":"2026-01-01T00:00:00Z"}
        """,
        """
        {"code_hash":"h","actor":"a","role":"sensor","tenant":"t","until":"2026-12-01T00:00:00Z","sources":["urn:a:*"],\
        "key_id":"k","certificate":"c","place":"h:1","act":"e1","type":"eu.impetus.alert.closed.v1"}
        """,
        """
        {"tool":"FD","kind":"weapon","severity":"high","headline":"h","description":"d","lat":45,"lon":11,\
        "cap":{"sender":"s","references":"r","info":[{"contact":"c","event":"e"}]},"replaces":["a"]}
        """,
    ]

    @Test("break no parser, and what is read of them is read again", arguments: Parser.allCases)
    func varied(_ parser: Parser) throws {
        var chance = SeededChance(seed: UInt64(parser.byte))
        let samples = try #require(VariedInputTests.samples[parser]).map { Array($0.utf8) }
        for round in 0..<VariedInputTests.rounds {
            guard let sample = samples.randomElement(using: &chance) else { return }
            let rest = round < samples.count ? samples[round] : VariedInputTests.vary(sample, samples, &chance)
            let input = [parser.byte, UInt8(truncatingIfNeeded: chance.next())] + rest
            #expect(throws: Never.self, "\(parser) \(round): \(String(decoding: rest, as: UTF8.self))") {
                try ParserProperties.check(input)
            }
        }
    }

    /// Bytes changed, put in, left out or doubled, or the end of another sample behind the beginning of this one.
    private static func vary(_ sample: [UInt8], _ others: [[UInt8]], _ chance: inout SeededChance) -> [UInt8] {
        var bytes = sample
        for _ in 0..<(1 + chance.next() % 4) {
            let place = bytes.isEmpty ? 0 : Int(chance.next() % UInt64(bytes.count))
            switch chance.next() % 5 {
            case 0 where !bytes.isEmpty: bytes[place] = UInt8(truncatingIfNeeded: chance.next())
            case 1: bytes.insert(marks.randomElement(using: &chance) ?? 0, at: place)
            case 2 where !bytes.isEmpty:
                bytes.removeSubrange(place..<min(bytes.count, place + 1 + Int(chance.next() % 8)))
            case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 12)], at: place)
            default:
                let other = others.randomElement(using: &chance) ?? []
                bytes = Array(bytes[..<place] + other.suffix(other.count / 2))
            }
        }
        return bytes
    }

    /// What has a meaning somewhere.
    private static let marks = Array("\"\\{}[],:<>/*- 09\n\r\u{0}".utf8) + [0xC3, 0xFF, 0x1E, 0x7F]
}
