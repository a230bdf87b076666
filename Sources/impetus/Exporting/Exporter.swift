import ControlRoom
import Foundation
import Shell
import Standards
import Store

/// Writes what a query finds, window by window: memory does not grow with what is written.
struct Exporter {
    let store: Store
    let format: ExportFormat
    let now: Timestamp
    private let districts: [String: String]
    private let sender: String
    private let makeID: () -> String

    init(_ store: Store, _ format: ExportFormat, _ surroundings: Surroundings) throws {
        self.store = store
        self.format = format
        now = surroundings.now()
        makeID = surroundings.makeID
        districts = try store.districtNames()
        let tenant = try store.city()?.tenant ?? ""
        sender = "impetus" + (tenant.isEmpty ? "" : "@" + tenant)
    }

    /// - Returns: how many alerts were written.
    func write(_ queries: [AlertQuery], to out: (Data) throws -> Void) throws -> Int {
        try out(head(status: queries.contains { !$0.realm.isExercise } ? .actual : .exercise))
        var count = 0
        for query in queries {
            try store.each(query.at(now)) { page in
                try out(page.lines.reduce(into: Data()) { $0.append(contentsOf: bytes($1, query.realm)) })
                count += page.lines.count
            }
        }
        if format == .cap { try out(Data(CAPWriter.distributionTail)) }
        return count
    }

    private func head(status: CAPStatus) -> Data {
        switch format {
        case .csv: Data(CSVRow.head.utf8)
        case .jsonl: Data()
        case .cap:
            Data(CAPWriter.distributionHead(id: makeID(), sender: sender, sent: now, status: status))
        }
    }

    private func bytes(_ line: AlertLine, _ realm: Realm) -> [UInt8] {
        switch format {
        case .csv: return Array(CSVRow.text(line, realm: realm, districts: districts, now: now).utf8)
        case .jsonl:
            return Array(
                (PlainText.escaped(json: AlertJSON.text(line, realm: realm, districts: districts, now: now)) + "\n")
                    .utf8)
        case .cap:
            let district = line.alert.district.map { districts[$0] ?? $0 }
            return CAPWriter.distributionContent(
                CAPMessage(line.alert, sender: sender, district: district, isExercise: realm.isExercise, now: now))
        }
    }

    /// Into a file that is not there yet: it appears whole, or not at all.
    ///
    /// - Returns: how many alerts were written.
    /// - Throws: `FileFailure`, which says how the command ends then.
    func write(_ queries: [AlertQuery], toFile path: String) throws -> Int {
        let path = (path as NSString).expandingTildeInPath
        guard !FileManager.default.fileExists(atPath: path) else { throw FileFailure("\(path) is there already") }
        let draft = path + ".part-\(getpid())"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileFailure(path, errno: errno) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            let count = try write(queries) { try handle.write(contentsOf: $0) }
            try handle.synchronize()
            try handle.close()
            // Fails where somebody made it meanwhile; `rename` would take its place.
            guard link(draft, path) == 0 else { throw FileFailure(path, errno: errno) }
            unlink(draft)
            return count
        } catch {
            unlink(draft)
            let code = DiskProblem.exitCode(for: error)
            throw code.map { FileFailure("\(path) cannot be written: \(error.localizedDescription)", $0) }
                ?? error
        }
    }
}
