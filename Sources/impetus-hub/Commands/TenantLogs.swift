import ArgumentParser
import ControlRoom
import Feed
import Foundation
import SQLiteLog
import Shell
import Store
import Tenancy
import Trust

/// The logs of a hub that keeps them in files, for commands that look at whole ones.
struct TenantLogs {
    static let page = 2_000

    let tenants: [String]
    let knownMembers: KnownMembers
    private let folder: HubFolder
    private let system: SystemLog

    init(_ options: HubOptions, _ tenant: String?) throws { try self.init(SystemLog(options), tenant) }

    /// - Parameter tenant: that one alone; all that the system log names where it is nil.
    init(_ system: SystemLog, _ tenant: String? = nil) throws {
        try system.mustBeTrusted()
        guard system.log is SQLiteLog else {
            throw Usage.wrong("this is for logs in SQLite; those on NATS are kept by its servers")
        }
        if let tenant, system.register.tenants[tenant] == nil { throw Usage.wrong("there is no tenant \(tenant)") }
        tenants = tenant.map { [$0] } ?? system.register.tenants.keys.sorted()
        (self.system, folder) = (system, system.folder)
        knownMembers = KnownMembers(authority: try folder.authorityCertificate())
        knownMembers.learn(pem: try folder.hubCertificate().pem())
        for member in system.register.members.values { knownMembers.learn(pem: member.certificate) }
    }

    func open(_ tenant: String) throws -> SQLiteLog {
        try SQLiteLog(path: folder.log(of: tenant), makeLogID: Surroundings.live.makeID)
    }

    func wire(of tenant: String, _ log: SQLiteLog) throws -> Wire { try system.wire(of: tenant, log) }

    /// - Throws: as `HubFolder.mustBeStopped`, for the first tenant that is served.
    func mustBeStopped() throws { for tenant in tenants { try folder.mustBeStopped(tenant) } }

    /// - Throws: an exit code, after it was said that a file or a folder is not there.
    static func mustBeThere(_ path: String) throws {
        guard access(path, F_OK) != 0 else { return }
        Output.note(Output.printable("\(path) is not there"))
        throw ExitCode.noInput
    }

    /// The folder archives in the hub's folder; nil where there is none.
    var archives: String? { access(folder.archives, F_OK) == 0 ? folder.archives : nil }

    /// Where the hub, check, audit and backup look for archives by themselves; there may be nothing.
    var placeOfArchives: String { folder.archives }

    /// What lies in a folder of archives; says which files cannot be read.
    func segments(in folder: String, of log: SQLiteLog) throws -> [LogSegment] {
        let found = try LogSegment.all(in: folder, of: try log.logID)
        for file in found.unreadable { Output.note(Output.printable("\(file) is no archive that can be read")) }
        return found.segments
    }

    /// What was archived of a log, in order, from its first entry to where the log begins; nothing where nothing was. Reads all of it.
    ///
    /// - Throws: `ArchiveFault` where an archive is missing or altered; what the log says.
    func archives(of log: SQLiteLog, _ tenant: String, in folder: String) throws -> [LogSegment] {
        let end = try TenantLogs.start(of: log)
        guard end.sequence > 0 else { return [] }
        let found = access(folder, F_OK) == 0 ? try segments(in: folder, of: log) : []
        return try ArchiveChain(wire: wire(of: tenant, log)).proved(found, from: .start(of: end.logID), to: end)
    }

    /// Up to where the hub has folded the log; nil where it has not begun.
    func seen(of tenant: String) throws -> Int64? {
        let view = folder.view(of: tenant)
        return access(view, F_OK) == 0 ? try Store.cursor(path: view)?.sequence : nil
    }

    /// Who has seen the log: the hub's own view of it, the log's index of names, and the stores that are named.
    ///
    /// - Parameter stores: of consoles that follow the log.
    func witnesses(of tenant: String, _ log: SQLiteLog, stores: [String]) throws -> [LogAudit.Witness] {
        let view = folder.view(of: tenant)
        let logID = try log.logID
        var witnesses = [LogAudit.Witness(name: "the log's own index", logID: logID, sequence: try log.lastNamed())]
        if access(view, F_OK) == 0 {
            witnesses += try witness("this hub", view)
        } else {
            Output.note("\(tenant): this hub has folded nothing of the log; an end that was cut off may not show")
        }
        for store in stores { witnesses += try witness(store, store) }
        for other in witnesses
        where other.logID != logID && LogChain.lineage(of: other.logID) == LogChain.lineage(of: logID) {
            Output.note(
                Output.printable("\(tenant): \(other.name) is of before the log was restored, and was not compared"))
        }
        return witnesses
    }

    private func witness(_ name: String, _ file: String) throws -> [LogAudit.Witness] {
        let cursor = try? Store.cursor(path: file)
        guard let seen = cursor else {
            Output.note(Output.printable("\(file) has nothing of a hub's log that can be read"))
            return []
        }
        return [LogAudit.Witness(name: name, logID: seen.logID, sequence: seen.sequence, head: seen.head)]
    }

    /// Where the log begins: at its start, or behind what was archived.
    static func start(of log: SQLiteLog) throws -> Store.Cursor {
        let logID = try log.logID
        guard let archived = try log.archived() else {
            return .start(of: logID)
        }
        return Store.Cursor(logID: logID, sequence: archived.sequence, head: archived.head)
    }

    /// The head of the chain at a place of a log; another one where entries are missing.
    func head(of log: SQLiteLog, _ wire: Wire, from start: Store.Cursor, to place: Int64) throws -> String {
        var walk = LogWalk(nil, from: start)
        while walk.chain.sequence < place {
            let limit = min(TenantLogs.page, Int(place - walk.chain.sequence))
            let entries = try log.read(after: walk.chain.sequence, limit: limit)
            guard !entries.isEmpty, entries.allSatisfy({ walk.take(read: wire.admitted($0)) }) else { break }
        }
        return walk.chain.head
    }

    /// - Parameter limit: stops at the first entry that was recorded then or later.
    func walk(_ walk: inout LogWalk, over log: SQLiteLog, _ wire: Wire, before limit: Timestamp?) throws {
        while true {
            let entries = try log.read(after: walk.chain.sequence, limit: TenantLogs.page)
            guard !entries.isEmpty else { return }
            for entry in entries {
                if let limit, entry.recorded >= limit { return }
                guard walk.take(read: wire.admitted(entry)) else { return }
            }
        }
    }
}
