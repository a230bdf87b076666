import ArgumentParser
import Cities
import ControlRoom
import Foundation
import Store

/// What both programs are given: a store, and a log of as many lines for lnav.
struct Materials {
    let workshop: Workshop

    /// A store of so many alerts, made once for a run.
    func store(_ count: Int) throws -> String { try store(count, active: count) }

    /// The same, of which all but the last so many have ended and were acknowledged.
    func store(_ count: Int, active: Int) throws -> String {
        let name = "alerts-\(count)" + (active == count ? "" : "-\(active)") + ".sqlite"
        let path = workshop.path + "/" + name
        guard !FileManager.default.fileExists(atPath: path) else { return path }
        let store = try workshop.store(name)
        // With a city, as every store that a console has opened: alerts get their district as they come.
        let pack = try CityPack.load("padova")
        _ = try store.ingest(try pack.definitions.map { try AdmittedEvent($0) }, now: Timestamp(milliseconds: 0))
        _ = try StoreFiller(store: store).fill(count)
        try StoreFiller(store: store).end(count - active)
        store.close()
        return path
    }

    func log(_ count: Int) throws -> String {
        let path = workshop.path + "/alerts-\(count).log"
        guard !FileManager.default.fileExists(atPath: path) else { return path }
        var chance = SeededChance(seed: 7)
        var text = ""
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        for number in 0..<count {
            let time = Timestamp(milliseconds: 1_795_000_000_000 + Int64(number) * 37).rfc3339
            let severity = Severity.allCases[Int(chance.next() % 5)].name
            text +=
                "\(time) sensor-\(number) UAD \(severity): Crowd above normal at site \(number % 500), number \(number)\n"
            if text.utf8.count > 1 << 20 {
                try handle.write(contentsOf: Data(text.utf8))
                text = ""
            }
        }
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
        return path
    }

    /// An EDXL-DE document of CAP 1.2 alerts of about 2 KB each.
    func cap(_ count: Int) throws -> String {
        let path = workshop.path + "/alerts-\(count).edxl"
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.write(contentsOf: Data(CAPText.head.utf8))
        var text = ""
        for number in 0..<count {
            text += CAPText.alert(number)
            if text.utf8.count > 1 << 20 {
                try handle.write(contentsOf: Data(text.utf8))
                text = ""
            }
        }
        try handle.write(contentsOf: Data((text + CAPText.tail).utf8))
        try handle.close()
        return path
    }
}

/// A benchmark that is given its materials, so that a run of all of them makes each store and file once.
protocol MaterialBenchmark: ParsableCommand {
    func run(_ materials: Materials) throws
}

extension MaterialBenchmark {
    /// Alone, in a folder of its own that is gone afterwards.
    func run() throws {
        let workshop = try Workshop()
        defer { workshop.remove() }
        try run(Materials(workshop: workshop))
    }
}

enum CAPText {
    static let head = """
        <?xml version="1.0" encoding="UTF-8"?>
        <EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0">
        <distributionID>bench</distributionID><senderID>bench@example.org</senderID>
        <dateTimeSent>2026-11-23T00:00:00+00:00</dateTimeSent><distributionStatus>Actual</distributionStatus>
        <distributionType>Report</distributionType><combinedConfidentiality>UNCLASSIFIED</combinedConfidentiality>

        """
    static let tail = "</EDXLDistribution>\n"

    static func alert(_ number: Int) -> String {
        let latitude = 45.37 + Double(number % 25) * 0.003
        let longitude = 11.83 + Double(number / 25 % 20) * 0.005
        let words = String(
            repeating: "The river is expected to rise above its first alarm level during the night. ", count: 9)
        return """
            <contentObject><xmlContent><embeddedXMLContent><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
            <identifier>bench-\(number)</identifier><sender>bench@example.org</sender>
            <sent>2026-11-23T08:00:00+00:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
            <info><language>en</language><category>Met</category><event>Flood</event><responseType>Prepare</responseType>
            <urgency>Expected</urgency><severity>Severe</severity><certainty>Likely</certainty>
            <effective>2026-11-23T08:00:00+00:00</effective><expires>2036-11-24T08:00:00+00:00</expires>
            <senderName>Bench</senderName><headline>Flood warning number \(number)</headline>
            <description>\(words)</description><instruction>\(words)</instruction>
            <parameter><valueName>level</valueName><value>\(number % 9)</value></parameter>
            <area><areaDesc>Reach \(number % 40)</areaDesc><circle>\(latitude),\(longitude) 1.5</circle>
            <geocode><valueName>zone</valueName><value>\(number % 40)</value></geocode></area></info>
            </alert></embeddedXMLContent></xmlContent></contentObject>

            """
    }
}
