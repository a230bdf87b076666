/// Entries of a log that were moved to another place, which names what it must hold: all entries from `first` to `last`, and the
/// heads of the hash chain on both sides of them.
///
/// What it says is a claim until whoever reads it has compared it with the entries and with the log they were taken from.
public protocol ArchivedEntries: Sendable {
    /// Where they are, for whoever has to be told of a fault.
    var path: String { get }
    /// The log they were taken from.
    var logID: String { get }
    /// The sequence of the first entry; 1 or more.
    var first: Int64 { get }
    /// The sequence of the last entry; not before `first`.
    var last: Int64 { get }
    /// The head of the chain before the first entry, hexadecimal.
    var before: String { get }
    /// The head of the chain at the last entry, hexadecimal.
    var after: String { get }
    /// Entries after a sequence number, at most `limit`, in order; fewer where they are large. Empty only at the end.
    ///
    /// - Throws: where they cannot be read.
    func read(after sequence: Int64, limit: Int) throws -> [LogEntry]
    /// Entries that are there, whatever their sequence.
    ///
    /// - Throws: where they cannot be counted.
    func count() throws -> Int64
}
