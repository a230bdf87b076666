public import ControlRoom
public import Store
public import Trust

/// Walks a log, and what was archived of it, as one: from its first entry to its last. Tells also where the log ends before what
/// somebody has seen of it: entries that were cut off at the end leave no gap behind.
public struct LogAudit: Sendable {
    /// Somebody who has seen a log up to a place.
    public struct Witness: Equatable, Sendable {
        /// Who or what it is, in words for a reader.
        public var name: String
        public var logID: String
        public var sequence: Int64
        /// The head of the chain there, hexadecimal; nil where only the place is known.
        public var head: String?

        public init(name: String, logID: String, sequence: Int64, head: String? = nil) {
            self.name = name
            self.logID = logID
            self.sequence = sequence
            self.head = head
        }
    }

    private let knownMembers: KnownMembers?
    private let wire: Wire
    private let witnesses: [Witness]
    private static let page = 2_000

    /// - Parameters:
    ///   - knownMembers: whose signatures count; it learns from the log. Nil on a loopback trial, where nobody signs.
    ///   - witnesses: asked before the log is read, because a hub that serves goes on.
    public init(knownMembers: KnownMembers?, wire: Wire, witnesses: [Witness]) {
        self.knownMembers = knownMembers
        self.wire = wire
        self.witnesses = witnesses
    }

    /// Walks what is in the log.
    ///
    /// - Parameter start: where the log begins: before its first entry, or behind what was archived.
    /// - Throws: what the log throws where it cannot be read.
    public func audit(_ log: any EventLog, from start: Store.Cursor) throws -> LogWalk.Report {
        try finish(Course(knownMembers, from: start, witnesses), log)
    }

    /// Walks what was archived and then the log, as one. What is wrong in an archive is a finding, and the log itself is then walked
    /// all the same.
    ///
    /// - Parameters:
    ///   - start: where the log begins.
    ///   - archive: what was archived of it, in any order; others of the same log may lie among them.
    /// - Throws: what the log throws where it cannot be read.
    public func audit<Archive: ArchivedEntries>(
        _ log: any EventLog, from start: Store.Cursor, archive: [Archive]
    ) throws -> LogWalk.Report {
        let first = Store.Cursor.start(of: start.logID)
        var course = Course(knownMembers, from: first, witnesses)
        do {
            for archive in try ArchiveChain(wire: wire).proved(archive, from: first, to: start) {
                _ = try follow(to: archive.last, &course) { try archive.read(after: $0, limit: $1) }
            }
        } catch {
            var report = try audit(log, from: start)
            report.findings.insert("\(error)", at: 0)
            return report
        }
        return try finish(course, log)
    }

    private func finish(_ begun: Course, _ log: any EventLog) throws -> LogWalk.Report {
        var course = begun
        let isAtEnd = try follow(to: .max, &course) { try log.read(after: $0, limit: $1) }
        if isAtEnd { course.end() }
        return course.report
    }

    /// - Returns: whether it came to the end, and was not stopped by something that does not follow.
    private func follow(
        to end: Int64, _ course: inout Course, read: (Int64, Int) throws -> [LogEntry]
    ) throws -> Bool {
        while course.walk.chain.sequence < end {
            let entries = try read(course.walk.chain.sequence, LogAudit.page)
            guard !entries.isEmpty else { return true }
            for entry in entries {
                guard course.take(wire.admitted(entry)) else { return false }
            }
        }
        return true
    }

    /// A walk, and what the witnesses say to it.
    private struct Course {
        var walk: LogWalk
        var findings: [String] = []
        /// Those who are still to be asked, by their place.
        private var ahead: [Int64: [Witness]] = [:]

        init(_ knownMembers: KnownMembers?, from start: Store.Cursor, _ witnesses: [Witness]) {
            walk = LogWalk(knownMembers, from: start)
            for witness in witnesses {
                if witness.logID == start.logID {
                    // What was seen before the walk begins is not in it.
                    if witness.sequence >= start.sequence { ahead[witness.sequence, default: []].append(witness) }
                } else if LogChain.lineage(of: witness.logID) != LogChain.lineage(of: start.logID) {
                    findings.append("\(witness.name) has seen another log, \(witness.logID)")
                }
            }
            compare()
        }

        mutating func take(_ read: AdmittedEvent) -> Bool {
            guard walk.take(read: read) else { return false }
            compare()
            return true
        }

        private mutating func compare() {
            let place = walk.chain.sequence
            for witness in ahead.removeValue(forKey: place) ?? []
            where witness.head.map({ $0 != walk.chain.head }) ?? false {
                findings.append(
                    "\(witness.name) has seen another history up to entry \(place): entries were altered, removed or moved"
                )
            }
        }

        /// The log has no more entries.
        mutating func end() {
            let last = walk.chain.sequence
            for witness in ahead.values.flatMap({ $0 }).sorted(by: { ($0.sequence, $0.name) < ($1.sequence, $1.name) })
            {
                findings.append(
                    "the log ends at entry \(last), and \(witness.name) has seen entry \(witness.sequence): its end was cut off"
                )
            }
        }

        var report: LogWalk.Report {
            var report = walk.report
            report.findings += findings
            return report
        }
    }
}
