/// What a tenant has shared, and under which agreement: so that updates follow their alert, and can be withdrawn.
extension Store {
    public typealias SharedSubject = (subject: String, realm: String)

    public func isShared(_ subject: String, realm: String, under agreement: String) throws -> Bool {
        try look { reader in
            let select = try reader.statements(
                "SELECT 1 FROM shared WHERE agreement = ? AND subject = ? AND realm = ?")
            select.bind(1, agreement)
            select.bind(2, subject)
            select.bind(3, realm)
            return try select.first { _ in true } ?? false
        }
    }

    public func markShared(_ subjects: [(agreement: String, subject: String, realm: String)]) throws {
        guard !subjects.isEmpty else { return }
        try write { writer in
            let insert = try writer.statements(
                "INSERT OR IGNORE INTO shared (agreement, subject, realm) VALUES (?, ?, ?)")
            for subject in subjects {
                insert.bind(1, subject.agreement)
                insert.bind(2, subject.subject)
                insert.bind(3, subject.realm)
                try insert.run()
            }
        }
    }

    public func sharedSubjects(under agreement: String, limit: Int) throws -> [SharedSubject] {
        try look { reader in
            let select = try reader.statements("SELECT subject, realm FROM shared WHERE agreement = ? LIMIT ?")
            select.bind(1, agreement)
            select.bind(2, limit)
            return try select.all { ($0.text(0), $0.text(1)) }
        }
    }

    public func forgetShared(_ subjects: [SharedSubject], under agreement: String) throws {
        try write { writer in
            let delete = try writer.statements(
                "DELETE FROM shared WHERE agreement = ? AND subject = ? AND realm = ?")
            for subject in subjects {
                delete.bind(1, agreement)
                delete.bind(2, subject.subject)
                delete.bind(3, subject.realm)
                try delete.run()
            }
        }
    }
}
