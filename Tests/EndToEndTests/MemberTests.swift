import Foundation
import TestSupport
import Testing

/// Members, their codes and certificates over months, with a real hub and real files.
@Suite("Members of a hub", .serialized, .enabled(if: HubHost.isPossible, Comment(rawValue: HubHost.missing)))
struct MemberTests {
    private static let passphrase = HubHost.secrets["IMPETUS_PASSPHRASE"] ?? ""

    private func aged(_ host: HubHost) throws -> AgedCertificates {
        try AgedCertificates(hub: host.folder, passphrase: HubHost.secrets["IMPETUS_HUB_PASSPHRASE"] ?? "")
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("a machine renews in the last third and until 30 days after the end, posts again, and not later")
    func machine() throws {
        let host = try HubHost(["police"])
        try host.start()
        let camera = try host.machine("cam")
        let early = try host.desk.impetus("renew", "--machine", camera)
        #expect(early.code == 0 && early.output.contains("not renewed yet"))
        for days in [61.0, 100] {
            try aged(host).ageMachine(camera, days: days)
            #expect(try host.post(HubHost.alert("a\(days)"), as: camera).code == (days < 90 ? 202 : 401))
            let renewed = try host.desk.impetus("renew", "--machine", camera)
            #expect(renewed.code == 0 && renewed.output.hasPrefix("renewed cam until "), "\(renewed)")
            #expect(try mode(camera + "/certificate.pem") == 0o600)
            #expect(try host.post(HubHost.alert("b\(days)"), as: camera).code == 202)
        }
        try aged(host).ageMachine(camera, days: 121)
        let late = try host.desk.impetus("renew", "--machine", camera)
        #expect(late.code == 77 && late.complaints.contains("at most 30 days ago"), "\(late)")
    }

    @Test("a renewal says what is missing: the hub, the folder, the hub's address")
    func renewalsThatFail() throws {
        let host = try HubHost(["police"])
        try host.start()
        let camera = try host.machine("cam")
        try FileManager.default.removeItem(atPath: camera + "/hubs")
        #expect(try host.desk.impetus("renew", "--machine", camera, "--force").code == 64)
        #expect(try host.desk.impetus("renew", "--machine", camera, "--force", "--hub", host.url).code == 0)
        #expect(try host.desk.impetus("renew", "--machine", host.desk.folder + "/nothing").code == 66)
        host.kill()
        let away = try host.desk.impetus("renew", "--machine", camera, "--force", "--hub", host.url)
        #expect(away.code == 75 && away.complaints.contains("not renewed"))
    }

    @Test("the units for systemd are printed, and their command renews")
    func units() throws {
        let host = try HubHost(["police"])
        try host.start()
        let camera = try host.machine("cam")
        let timer = try host.desk.impetus("renew", "--machine", camera, "--print-timer").output
        #expect(timer.contains("OnCalendar=daily\n") && timer.contains("Persistent=true\n"))
        let service = try host.desk.impetus("renew", "--machine", camera, "--print-service").output
        let command = try #require(service.split(separator: "\n").first { $0.hasPrefix("ExecStart=") }).dropFirst(10)
        try aged(host).ageMachine(camera, days: 80)
        let script = try host.desk.file("renew.sh", "exec " + command + "\n")
        let run = try Programs.run(
            "/bin/sh", [script], environment: host.desk.environment, folder: host.desk.folder)
        #expect(run.code == 0 && run.output.hasPrefix("renewed cam until "), "\(run)")
        #expect(try host.desk.impetus("renew", "--machine", camera, "--print-timer", "--print-service").code == 64)
    }

    @Test("a person who works by single commands renews by them in the last third, and not before or twice")
    func commands() throws {
        let host = try HubHost(["police"])
        try host.start()
        let (camera, desk) = (try host.machine("cam"), try host.person("op7"))
        let identity = desk.identity("op7@police")
        func certificate() throws -> Data { try Data(contentsOf: URL(fileURLWithPath: identity + "/certificate.pem")) }
        for name in ["a", "b", "c"] { try host.post(HubHost.alert(name), as: camera) }
        #expect(try desk.synced().count == 3)
        let young = try certificate()
        #expect(try desk.hubbed("ack", "a").code == 0 && certificate() == young)
        try aged(host).agePerson(identity, passphrase: MemberTests.passphrase, days: 61)
        let old = try certificate()
        #expect(try desk.hubbed("ack", "b").code == 0)
        let renewed = try certificate()
        #expect(renewed != old && renewed != young)
        #expect(try desk.hubbed("ack", "c").code == 0 && certificate() == renewed)
    }

    @Test(
        "a person whose console stands beside a colleague's, which serves the store, renews too",
        .enabled(if: Product.hasTerminal, Comment(rawValue: Product.missingTerminal)))
    func besideColleague() throws {
        let host = try HubHost(["police"])
        try host.start()
        let desk = try host.person("op7")
        let code = try host.code("op8", "operator", of: "police")
        #expect(try desk.impetus("enrol", "--hub", host.url, "--as", "op8", code, with: HubHost.secrets).code == 0)
        try aged(host).agePerson(desk.identity("op8"), passphrase: MemberTests.passphrase, days: 61)
        let file = URL(fileURLWithPath: desk.identity("op8") + "/certificate.pem")
        let old = try Data(contentsOf: file)
        // The first has the lease, and keeps it.
        var screens: [Screen] = []
        for name in ["op7@police", "op8"] {
            let screen = try Screen(at: desk, with: HubHost.secrets)
            try screen.start("--as \(name)")
            try screen.see("feed live", within: 20)
            if name == "op8" { try until("the certificate to be renewed") { try Data(contentsOf: file) != old } }
            screens.append(screen)
        }
        #expect(screens.first?.text.contains("feed live") == true)
    }

    @Test("a person whose certificate has just ended works on: it is renewed first; after 30 days they enrol anew")
    func person() throws {
        let host = try HubHost(["police"])
        try host.start()
        let (camera, desk) = (try host.machine("cam"), try host.person("op7"))
        let identity = desk.identity("op7@police")
        try host.post(HubHost.alert("a"), as: camera)
        #expect(try desk.synced().count == 1)
        try aged(host).agePerson(identity, passphrase: MemberTests.passphrase, days: 100)
        let renewed = try desk.hubbed("sync", "--once", "--timeout", "20")
        #expect(renewed.code == 0 && renewed.complaints.contains("and was renewed"), "\(renewed)")
        let again = try desk.hubbed("sync", "--once", "--timeout", "20")
        #expect(again.code == 0 && !again.complaints.contains("renewed"), "\(again)")
        try aged(host).agePerson(identity, passphrase: MemberTests.passphrase, days: 121)
        let late = try desk.hubbed("sync", "--once", "--timeout", "20")
        #expect(late.code == 77 && late.complaints.contains("could not be renewed"), "\(late)")
    }

    @Test("the hub warns of its own certificate: in its journal, in its metrics, and when it is checked")
    func hubsOwn() throws {
        let host = try HubHost(["police"])
        #expect(try !host.hub("check").complaints.contains("warning"))
        try aged(host).ageHub(days: 800)
        let warned = try host.hub("check")
        #expect(warned.code == 0 && warned.complaints.contains("warning: the certificate of the hub hub-1 ends at"))
        try host.start()
        try until("a warning in the journal") { host.journalText.contains("the certificate of the hub hub-1 ends at") }
        let figure = "impetus_hub_certificate_days{certificate=\"hub\"}"
        #expect(try host.metric(figure, as: try host.machine("boss", "admin")) == 24)
        // The hosts are those that it had.
        #expect(try host.hub("renew").code == 0)
        host.kill()
        try host.start()
        #expect(try host.curl("/healthz", as: nil).code == 200)
        #expect(try host.hub("check").complaints.isEmpty)
        #expect(!host.journalText.contains("the certificate of the hub"))
    }

    @Test(
        "a certificate that the settings name is warned of before it ends: by check, journal and metric, and to administrators"
    )
    func named() throws {
        let host = try HubHost(["police"])
        let certificates = try NatsCertificates()
        let files = try certificates.make("syslog", hosts: ["localhost"], daysOld: 800)
        let settings = try host.desk.file(
            "hub.toml",
            """
            [syslog]
            listen = "127.0.0.1:0"
            tenant = "police"
            security = "tls"
            certificate = "\(files.certificate)"
            key = "\(files.key)"
            """)
        let warned = try host.hub("check", "--config", settings)
        #expect(warned.code == 0 && warned.complaints.contains("the certificate of [syslog]"), "\(warned)")
        try host.start("--config", settings)
        try until("a warning in the journal") { host.journalText.contains("the certificate of [syslog]") }
        let boss = try host.machine("boss", "admin")
        #expect(try host.metric("impetus_hub_certificate_days{certificate=\"syslog\"}", as: boss) == 24)
        let stream = ["-H", "Accept: text/event-stream", "-m", "3"]
        let told = try host.curl("/v1/events", as: boss, stream[0], stream[1], stream[2], stream[3])
        #expect(told.output.contains("warning the certificate of [syslog]"))
    }

    @Test(
        "an administrator's console says that the hub's certificate ends",
        .enabled(if: Product.hasTerminal, Comment(rawValue: Product.missingTerminal)))
    func administrator() throws {
        let host = try HubHost(["police"])
        try aged(host).ageHub(days: 800)
        try host.start()
        let screen = try Screen(at: try host.person("adm1", "admin"), with: HubHost.secrets)
        try screen.start("")
        try screen.see("CERTIFICATE: the certificate of the hub hub-1 ends at", within: 20)
        let other = try Screen(at: try host.person("op7"), with: HubHost.secrets)
        try other.start("")
        try other.see("feed live", within: 20)
        #expect(!other.text.contains("CERTIFICATE"))
    }

    @Test("what no hub will ever take of somebody is refused at once, and not kept, with the hub away as well")
    func refusedAtOnce() throws {
        let host = try HubHost(["police"])
        try host.start()
        let (admin, gone) = (try host.person("adm", "admin"), try host.person("op7"))
        try host.post(HubHost.alert("a"), as: try host.machine("cam"))
        #expect(try admin.synced().count == 1 && gone.synced().count == 1)
        func refused(_ desk: Desk, _ reason: String) throws {
            for words in [["ack", "a"], ["ack", "--where", "severity >= low", "--yes"]] {
                let outcome = try desk.impetusWith(words, HubHost.secrets)
                #expect(outcome.code == 77 && (outcome.output + outcome.complaints).contains(reason), "\(outcome)")
            }
            // Nobody takes a request of theirs either.
            let out = try desk.hubbed("service", "out", "a", "--reason", "known-fault")
            #expect(out.code == 77 && !out.complaints.contains("--ask"), "\(out)")
            #expect(try desk.hubbed("status").output.contains("outbox     0"))
            #expect(try desk.objects(desk.hubbed("alerts", "--json").output).first?["acknowledged"] as? Bool == false)
        }
        #expect(try host.hub("revoke", "op7", "--tenant", "police").code == 0)
        try until("the revocation") { try gone.hubbed("sync", "--once", "--timeout", "5").code == 77 }
        try refused(gone, "was revoked")
        host.kill()
        try refused(gone, "was revoked")
        try refused(admin, "the role admin may not acknowledge")
        let told = try admin.hubbed("ack", "a", "--json")
        #expect(told.code == 77 && told.output.contains("\"result\":\"rejected\""))
    }

    @Test("that somebody was revoked is said of them, and not of a colleague on the same store")
    func revokedBesideColleague() throws {
        let host = try HubHost(["police"])
        try host.start()
        let desk = try host.person("op7")
        let code = try host.code("op8", "operator", of: "police")
        #expect(try desk.impetus("enrol", "--hub", host.url, "--as", "op8", code, with: HubHost.secrets).code == 0)
        #expect(try desk.hubbed("sync", "--as", "op8", "--once", "--timeout", "20").code == 0)
        #expect(try host.hub("revoke", "op8", "--tenant", "police").code == 0)
        try until("the revocation") { try desk.hubbed("sync", "--as", "op8", "--once", "--timeout", "5").code == 77 }
        let (own, colleagues) = (
            try desk.hubbed("status", "--as", "op8"), try desk.hubbed("status", "--as", "op7@police")
        )
        #expect(own.output.contains("REFUSED (the certificate was revoked"), "\(own)")
        #expect(colleagues.output.contains("REFUSED to another person who uses this store ("), "\(colleagues)")
        let doctor = try desk.hubbed("doctor", "--json").lines.filter { $0.contains("\"identity\"") }
        #expect(doctor.count == 2)
        #expect(doctor.allSatisfy { $0.contains("revoked") == $0.contains("op8") }, "\(doctor)")
    }

    @Test("an act that was just kept when a hub first says that its author was revoked stays, with the reason")
    func refusedLate() throws {
        let host = try HubHost(["police"])
        try host.start()
        let gone = try host.person("op7")
        try host.post(HubHost.alert("a"), as: try host.machine("cam"))
        #expect(try gone.synced().count == 1)
        #expect(try host.hub("revoke", "op7", "--tenant", "police").code == 0)
        let first = try gone.hubbed("ack", "a")
        #expect(
            first.code == 75 && first.complaints.contains("the hub refuses it (the certificate was revoked"), "\(first)"
        )
        #expect(try gone.hubbed("ack", "a").code == 77)
    }

    @Test("a city's own store and a hub exclude each other, whoever is named in whichever way")
    func cityOrHub() throws {
        let host = try HubHost(["police"])
        try host.start()
        let desk = try host.person("op7")
        try host.post(HubHost.alert("a"), as: try host.machine("cam"))
        #expect(try desk.synced().count == 1)
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: desk.identity("")).first)
        let store = desk.folder + "/data/impetus"
        let copy = try #require(
            try FileManager.default.contentsOfDirectory(atPath: store).first {
                $0.hasPrefix("police@") && $0.hasSuffix("sqlite")
            })
        for words in [
            ["alerts", "--as", name], ["ack", "a", "--as", name], ["status", "--as", name], ["--as", name],
            ["alerts", "--store", store + "/" + copy], ["sync", "--once", "--hub", host.url],
        ] {
            let refused = try desk.impetusWith(words + ["--city", "padova"], HubHost.secrets)
            #expect(refused.code == 64 && refused.complaints.contains("leave out --city"), "\(words) \(refused)")
        }
        var environment = HubHost.secrets
        environment["IMPETUS_AS"] = name
        for words in [["alerts"], ["ack", "a"], ["doctor"], ["import", "x"]] {
            let refused = try desk.impetusWith(words + ["--city", "padova"], environment)
            #expect(refused.code == 64 && refused.complaints.contains("leave out --city"), "\(words) \(refused)")
        }
        // Who names nobody has the city's own store, as ever.
        #expect(try desk.impetus("alerts", "--count", "--city", "padova").output == "0\n")
        // Nobody's key is needed to read; what persons answered is left out without one.
        for words in [["alerts", "--count"], ["team"], ["metrics"], ["policy"], ["suppress"], ["tools"]] {
            #expect(try desk.impetusWith(words + ["--as", name]).code == 0, "\(words)")
        }
    }

    @Test("what each person answered is shown to a supervisor for their passphrase, and to nobody who only names one")
    func figuresOfPersons() throws {
        let host = try HubHost(["police"])
        try host.start()
        try host.post(HubHost.alert("a"), as: try host.machine("cam"))
        let (desk, chief) = (try host.person("op7"), try host.person("boss", "supervisor"))
        #expect(try desk.synced().count == 1)
        #expect(try desk.hubbed("ack", "a").code == 0)
        #expect(try chief.synced().count == 1)
        for one in [desk, chief] {
            let (named, proven) = (try one.impetus("metrics"), try one.hubbed("metrics"))
            #expect(named.code == 0 && named.output.contains("annunciated"), "\(named)")
            #expect(!named.output.contains("op7") && !named.output.contains("acknowledged"), "\(named)")
            #expect(named.complaints.contains("are left out"), "\(named)")
            #expect(proven.code == 0 && proven.output.contains("answers of op7"), "\(proven)")
            #expect(try !one.impetus("metrics", "--json").complaints.contains("are left out"))
            let team = try one.impetus("team")
            #expect(team.code == 0 && team.output.isEmpty && team.complaints.contains("are left out"), "\(team)")
            #expect(try one.hubbed("team").output.contains("op7"))
        }
        let wrong = ["IMPETUS_PASSPHRASE": "not the right one"]
        let refused = try chief.impetus("metrics", with: wrong)
        #expect(refused.code == 77 && !refused.output.contains("op7"), "\(refused)")
    }

    @Test("codes are listed with what became of them, and one that nobody used is taken back")
    func codes() throws {
        let host = try HubHost(["police"])
        try host.start()
        let (used, open) = (
            try host.code("op7", "operator", of: "police"), try host.code("cam", "sensor", of: "police")
        )
        let desk = try Desk()
        #expect(try desk.impetus("enrol", "--hub", host.url, used, with: HubHost.secrets).code == 0)
        let listed = try host.hub("enrol", "--list").output
        #expect(
            listed.contains("\top7\tpolice\toperator\tused by ")
                && listed.contains("\tcam\tpolice\tsensor\topen until "))
        let hash = try #require(listed.split(separator: "\n").first { $0.contains("\tcam\t") }?.prefix { $0 != "\t" })
        #expect(!listed.contains(open.prefix(9)))
        let withdrawn = try host.hub("enrol", "--withdraw", String(hash))
        #expect(withdrawn.code == 0 && withdrawn.output == "withdrawn \(hash)\n")
        #expect(try host.hub("enrol", "--list").output.contains("\tcam\tpolice\tsensor\twithdrawn"))
        let machine = desk.folder + "/cam"
        let refused = try desk.impetus("enrol", "--hub", host.url, "--machine", machine, open)
        #expect(refused.code == 77 && refused.complaints.contains("wrong, was used, or has expired"))
        // By the code itself; used, withdrawn before, and unheard of.
        #expect(try host.hub("enrol", "--withdraw", used).complaints.contains("impetus-hub revoke"))
        #expect(try host.hub("enrol", "--withdraw", open).code == 65)
        #expect(try host.hub("enrol", "--withdraw", "000000").code == 64)
        #expect(try host.hub("enrol", "op9").code == 64)
    }

    @Test("a machine gets no person's role and leaves no open key of one; the code is still good for the person")
    func kinds() throws {
        let host = try HubHost(["police"])
        try host.start()
        let (code, sensor) = (
            try host.code("op7", "operator", of: "police"), try host.code("cam", "sensor", of: "police")
        )
        let desk = try Desk()
        let machine = desk.folder + "/machine"
        let refused = try desk.impetus("enrol", "--hub", host.url, "--machine", machine, code)
        #expect(refused.code == 77 && refused.complaints.contains("a person, whose key is sealed"), "\(refused)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: machine).isEmpty)
        #expect(try desk.impetus("enrol", "--hub", host.url, code, with: HubHost.secrets).code == 0)
        let person = try desk.impetus("enrol", "--hub", host.url, "--as", "x", sensor, with: HubHost.secrets)
        #expect(person.code == 77 && person.complaints.contains("which is a machine"), "\(person)")
        #expect(try desk.impetus("enrol", "--hub", host.url, "--machine", machine, sensor).code == 0)
        #expect(try mode(machine + "/key.pem") == 0o600)
    }

    @Test("where the hub's answer was lost, the same command goes on with the same key, and gets the same certificate")
    func lostAnswer() throws {
        let host = try HubHost(["police"])
        try host.start()
        let code = try host.code("cam", "sensor", of: "police")
        let machine = host.desk.folder + "/cam"
        #expect(try host.desk.impetus("enrol", "--hub", host.url, "--machine", machine, code).code == 0)
        let first = Programs.text(of: machine + "/certificate.pem")
        try EnrolledFiles.loseAnswer(to: code, machine: machine)
        #expect(!FileManager.default.fileExists(atPath: machine + "/certificate.pem"))
        let again = try host.desk.impetus("enrol", "--hub", host.url, "--machine", machine, code)
        #expect(again.code == 0 && Programs.text(of: machine + "/certificate.pem") == first, "\(again)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: machine).sorted() == MemberTests.machineFiles)
        #expect(try host.post(HubHost.alert("a"), as: machine).code == 202)
    }

    private static let machineFiles = ["authority.pem", "certificate.pem", "hubs", "key.pem"]

    @Test("ten wrong codes from one address, and the hub listens to no more of it for a while; others enrol")
    func tries() throws {
        let host = try HubHost(["police"])
        try host.start()
        let body = #"{"code":"AAAABBBBCCCCDDDD","request":"x"}"#
        func guess(from address: String, _ body: String) throws -> Outcome {
            try host.curl(
                "/v1/enrol", as: nil, "--interface", address, "-H", "Content-Type: application/json", "--data-binary",
                body)
        }
        // What is no request is told so, and is no guess.
        #expect(try guess(from: "127.0.0.1", body).code == 403)
        let request = try EnrolledFiles.request()
        let wrong = #"{"code":"AAAABBBBCCCCDDDD","request":"\#(request.replacing("\n", with: "\\n"))"}"#
        for _ in 0..<10 { #expect(try guess(from: "127.0.0.3", wrong).code == 403) }
        let refused = try guess(from: "127.0.0.3", wrong)
        #expect(refused.code == 429 && refused.output.contains("too many wrong codes"), "\(refused)")
        #expect(try guess(from: "127.0.0.4", wrong).code == 403)
        #expect(try host.curl("/healthz", as: nil, "--interface", "127.0.0.3").code == 200)
        _ = try host.person("op7")
    }

    @Test("all files of a hub and of its backup are its owner's alone, those of an older version too")
    func modes() throws {
        let host = try HubHost(["police"])
        try host.start()
        let camera = try host.machine("cam")
        try host.post(HubHost.alert("a"), as: camera)
        let backup = host.desk.folder + "/backup"
        #expect(try host.hub("backup", backup).code == 0)
        func open(_ folder: String) throws -> [String] {
            let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
            return try names.filter { try (mode(folder + "/" + $0) ?? 0) & 0o077 != 0 }
        }
        #expect(try open(host.folder) == [] && open(backup) == [])
        let view = host.log
        host.kill()
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: view)
        try host.start()
        #expect(try open(host.folder) == [])
    }

    @Test("a hub stops when its key is revoked, does not start with it, and goes on with another")
    func hubKey() throws {
        let host = try HubHost(["police"])
        try host.start()
        let (camera, desk) = (try host.machine("cam"), try host.person("op7"))
        try host.post(HubHost.alert("a"), as: camera)
        #expect(try desk.synced().count == 1)
        let row = try #require(try host.hub("members").lines.first { $0.contains("\thub\t") })
        let key = String(row.split(separator: "\t")[3])
        #expect(try host.hub("revoke", key).output == "revoked \(key)\n")
        try until("the hub's end") { host.ended() == 78 }
        let started = try host.hub("serve", "--listen", "127.0.0.1:0")
        #expect(started.code == 78 && started.complaints.contains("renew --new-key"), "\(started)")
        #expect(try host.hub("check").code == 78)
        #expect(try host.hub("renew", "--new-key").code == 0)
        try host.start()
        #expect(try host.post(HubHost.alert("b"), as: camera).code == 202)
        #expect(try desk.synced().count == 2)
        let audit = try desk.hubbed("audit", "verify")
        #expect(audit.code == 0, "\(audit)")
    }

    @Test(
        "who works is asked on a terminal, and without one the names are told, exit 64; who reads one store is not asked"
    )
    func whoIsWho() throws {
        let host = try HubHost(["police", "fire"])
        try host.start()
        let (camera, desk) = (try host.machine("cam"), try host.person("op7"))
        try host.post(HubHost.alert("a"), as: camera)
        #expect(try desk.synced().count == 1)
        let second = try host.code("sup7", "supervisor", of: "police")
        #expect(try desk.hubbed("enrol", "--hub", host.url, second, "--as", "chief").code == 0)
        // Both read the same tenant's store.
        #expect(try desk.hubbed("alerts", "--count").output == "1\n")
        let asked = try desk.hubbed("ack", "a")
        #expect(asked.code == 64 && asked.complaints.contains("chief, op7@police"), "\(asked)")
        #expect(try desk.hubbed("ack", "a", "--as", "op7@police").code == 0)
        let chosen = try desk.impetus(
            "sync", "--once", with: HubHost.secrets.merging(["IMPETUS_AS": "chief"]) { $1 })
        #expect(chosen.code == 0, "\(chosen)")
        let wrong = try desk.impetus("sync", "--once", with: ["IMPETUS_AS": "nobody"])
        #expect(wrong.code == 64 && wrong.complaints.contains("chief, op7@police"))
        let other = try host.code("ff1", "operator", of: "fire")
        #expect(try desk.hubbed("enrol", "--hub", host.url, other).code == 0)
        #expect(try desk.hubbed("alerts", "--count").code == 64)
        guard Product.hasTerminal else { return }
        let screen = try Screen(at: desk, with: HubHost.secrets)
        try screen.start("sync --once")
        try screen.see("Who is working?", "op7@police")
        try screen.type("9")
        try screen.press("Enter")
        try screen.type("chief")
        try screen.press("Enter")
        try screen.see("ended:0", within: 20)
    }
}
