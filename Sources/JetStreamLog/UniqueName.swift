import CNats

/// Names that nobody else on the servers has.
enum UniqueName {
    /// - Throws: `JetStreamFailure`.
    static func make() throws -> String {
        var inbox: UnsafeMutablePointer<natsInbox>?
        try JetStreamFailure.check(natsInbox_Create(&inbox), "a name")
        defer { natsInbox_Destroy(inbox) }
        return inbox.map { String(cString: $0) } ?? ""
    }
}
