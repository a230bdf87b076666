import Foundation
import TestSupport

/// A hub as an administrator runs it: a folder, a process on a port of loopback, and curl to talk to it.
final class HubHost: @unchecked Sendable {
    let desk: Desk
    let folder: String
    private var process: pid_t?
    private(set) var port = 0
    private var starts = 0

    static let curl = ["/usr/bin/curl", "/bin/curl"].first { FileManager.default.isExecutableFile(atPath: $0) }
    static var isPossible: Bool { Product.isBuilt && Product.hub != nil && curl != nil }
    static let missing = "curl or the products impetus and impetus-hub are missing: swift build; apt install curl"

    static let secrets = ["IMPETUS_HUB_PASSPHRASE": "hub passphrase", "IMPETUS_PASSPHRASE": "a passphrase"]

    /// - Parameter more: words for `init`.
    init(_ tenants: [String] = ["police", "fire"], more: [String] = [], in folder: String? = nil) throws {
        desk = try Desk()
        self.folder = folder ?? desk.folder + "/hub"
        try until("the hub to be made", seconds: 60) {
            try? FileManager.default.removeItem(atPath: self.folder)
            let outcome = try run(["init", "--name", "hub-1", "--host", "localhost", "--host", "127.0.0.1"] + more)
            return try outcome.code == 0 && tenants.allSatisfy { try hub("tenant", "add", $0).code == 0 }
        }
    }

    /// Another hub on the same logs: with a copy of the folder.
    init(beside other: HubHost) throws {
        desk = try Desk()
        folder = desk.folder + "/hub"
        try FileManager.default.copyItem(atPath: other.folder, toPath: folder)
    }

    deinit { kill() }

    var url: String { "https://127.0.0.1:\(port)" }

    @discardableResult
    func hub(_ arguments: String...) throws -> Outcome { try run(arguments) }

    func run(_ arguments: [String]) throws -> Outcome { try program(arguments + ["--data", folder]) }

    /// These words alone, without the hub's folder.
    func program(_ words: [String], with secrets: [String: String] = HubHost.secrets) throws -> Outcome {
        guard let path = Product.hub else { throw Trouble(HubHost.missing) }
        return try Programs.run(
            path, words, environment: desk.environment.merging(secrets) { $1 }, folder: desk.folder)
    }

    /// Serves; on the same port again after a stop.
    func start(_ more: String...) throws {
        guard let path = Product.hub else { throw Trouble(HubHost.missing) }
        starts += 1
        let log = desk.folder + "/hub-\(starts).log"
        let words = ["serve", "--data", folder, "--listen", "127.0.0.1:\(port)"] + more
        process = try Programs.start(
            path, words, environment: desk.environment.merging(HubHost.secrets) { $1 }, output: "/dev/null",
            complaints: log)
        try until("the hub to listen", seconds: 20) {
            guard
                let line = Programs.text(of: log).split(separator: "\n").first(where: { $0.contains("\"listening\"") }),
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                let found = (object["port"] as? String).flatMap({ Int($0) })
            else { return false }
            port = found
            return true
        }
    }

    /// What the hub has written to its journal since its last start.
    var journalText: String { Programs.text(of: desk.folder + "/hub-\(starts).log") }

    /// With which code it ended by itself; nil while it runs.
    func ended() -> Int32? {
        var status: Int32 = 0
        guard let running = process, waitpid(running, &status, WNOHANG) == running else { return nil }
        process = nil
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }

    /// As the plug does it.
    func kill() {
        guard let process else { return }
        Programs.end(process)
        self.process = nil
    }

    /// As an administrator stops it: it ends by itself.
    func stop() throws {
        guard let process else { return }
        Foundation.kill(process, SIGTERM)
        try until("the hub to end", seconds: 20) { ended() != nil }
    }

    func code(_ actor: String, _ role: String, of tenant: String, hours: String = "1") throws -> String {
        let outcome = try hub("enrol", actor, "--tenant", tenant, "--role", role, "--hours", hours)
        guard outcome.code == 0, let code = outcome.lines.first else { throw Trouble("no code: \(outcome)") }
        return code
    }

    /// A person at a desk of their own.
    func person(_ actor: String, _ role: String = "operator", of tenant: String = "police") throws -> Desk {
        let desk = try Desk()
        let outcome = try desk.impetus(
            "enrol", "--hub", url, try code(actor, role, of: tenant), with: HubHost.secrets)
        guard outcome.code == 0 else { throw Trouble("not enrolled: \(outcome)") }
        return desk
    }

    /// Somebody for curl: the folder with the key and certificate, of a machine or of a person.
    func machine(_ actor: String, _ role: String = "sensor", of tenant: String = "police") throws -> String {
        let files = desk.folder + "/machine-" + actor
        guard role == "sensor" else {
            // A person's key is sealed; curl gets a copy that is not.
            let outcome = try desk.impetus(
                "enrol", "--hub", url, "--as", actor, try code(actor, role, of: tenant), with: HubHost.secrets)
            guard outcome.code == 0 else { throw Trouble("not enrolled: \(outcome)") }
            try EnrolledFiles.open(
                desk.identity(actor), passphrase: HubHost.secrets["IMPETUS_PASSPHRASE"] ?? "", into: files)
            return files
        }
        let outcome = try desk.impetus("enrol", "--hub", url, "--machine", files, try code(actor, role, of: tenant))
        guard outcome.code == 0 else { throw Trouble("not enrolled: \(outcome)") }
        return files
    }

    /// What curl got: the body, and the status in `code`.
    func curl(_ path: String, as machine: String?, _ more: String..., authority: String? = nil) throws -> Outcome {
        guard let curl = HubHost.curl else { throw Trouble(HubHost.missing) }
        var words = ["-s", "-m", "20", "-w", "\n%{http_code}", "--cacert", authority ?? folder + "/authority.pem"]
        if let machine { words += ["--cert", machine + "/certificate.pem", "--key", machine + "/key.pem"] }
        var outcome = try Programs.run(
            curl, words + more + [url + path], environment: desk.environment, folder: desk.folder)
        var lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        outcome.code = Int32(lines.popLast() ?? "") ?? -1
        outcome.output = lines.joined(separator: "\n")
        return outcome
    }

    /// curl that goes on until it is ended, writing to nowhere.
    func startCurl(_ path: String, as machine: String, _ more: String...) throws -> pid_t {
        guard let curl = HubHost.curl else { throw Trouble(HubHost.missing) }
        let words = [
            "-s", "--cacert", folder + "/authority.pem", "--cert", machine + "/certificate.pem", "--key",
            machine + "/key.pem",
        ]
        return try Programs.start(
            curl, words + more + [url + path], environment: desk.environment, output: "/dev/null",
            complaints: "/dev/null")
    }

    /// The lines of the hub's journal since its last start, with their members that are texts.
    var journal: [[String: String]] {
        journalText.split(separator: "\n").compactMap { line in
            (try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?
                .compactMapValues { $0 as? String }
        }
    }

    /// A number from `/metrics`, read as an administrator; `series` with its labels.
    func metric(_ series: String, as machine: String) throws -> Double? {
        try curl("/metrics", as: machine).output.split(separator: "\n").first { $0.hasPrefix(series + " ") }
            .flatMap { Double($0.dropFirst(series.count + 1)) }
    }

    /// What the hub's process has in memory.
    func residentKibibytes() throws -> Int {
        guard let process else { throw Trouble("the hub does not run") }
        let line = Programs.text(of: "/proc/\(process)/status").split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        guard let number = line?.split(whereSeparator: { !$0.isNumber }).first.flatMap({ Int($0) }) else {
            throw Trouble("no VmRSS")
        }
        return number
    }

    private static let numbers = NSLock()
    nonisolated(unsafe) private static var last = 0

    static func number() -> Int {
        numbers.withLock {
            last += 1
            return last
        }
    }

    static func alert(_ subject: String, _ severity: String = "high", id: String? = nil, more: String = "") -> String {
        """
        {"specversion":"1.0","id":"\(id ?? "e\(number())")","source":"urn:test","type":"eu.impetus.alert.raised.v1",\
        "subject":"\(subject)"\(more),"data":{"tool":"FD","kind":"weapon","severity":"\(severity)","headline":"Seen at \(subject)"}}
        """
    }

    @discardableResult
    func post(_ event: String, as machine: String?) throws -> Outcome {
        try curl(
            "/v1/events", as: machine, "-H", "Content-Type: application/cloudevents+json", "--data-binary", event)
    }
}

extension Desk {
    /// The folder of an identity that was enrolled here.
    func identity(_ name: String) -> String { folder + "/config/impetus/identities/" + name }

    /// A hub for a trial that is not to start.
    func trial(_ more: String...) throws -> Outcome {
        guard let path = Product.hub else { throw Trouble(HubHost.missing) }
        return try Programs.run(
            path, ["serve", "--insecure-loopback", "police", "--listen", "127.0.0.1:0"] + more,
            environment: environment, folder: folder)
    }

    @discardableResult
    func hubbed(_ arguments: String...) throws -> Outcome {
        guard let path = Product.path else { throw Trouble(Product.missing) }
        return try Programs.run(
            path, arguments, environment: environment.merging(HubHost.secrets) { $1 }, folder: folder)
    }

    /// Alerts as the store has them after one synchronisation.
    func synced() throws -> [[String: Any]] {
        let outcome = try hubbed("sync", "--once", "--timeout", "20")
        guard outcome.code == 0 else { throw Trouble("not in step: \(outcome)") }
        return try objects(hubbed("alerts", "--json").output)
    }
}
