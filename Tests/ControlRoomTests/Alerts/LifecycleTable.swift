import ControlRoom
import Testing

/// The lifecycle as FIELD.md writes it (ISA-18.2): a row for each event, a column for each state it meets.
///
/// `N` normal, `U` unacknowledged, `A` acknowledged, `R` returned to normal but unacknowledged; of a latching alarm
/// `UL` and `AL` while it is active, `LU` and `LA` when it is latched. `s` in front: shelved, and what lies under it.
enum LifecycleTable {
    static let columns = ["N", "U", "A", "R", "UL", "AL", "LU", "LA", "sU", "sA"]

    static let text = """
        raise same      U  U  A  U  UL  AL  UL  UL  sU sA
        raise higher    U  U  U  U  UL  UL  UL  UL  U  U
        raise lower     U  U  A  U  UL  AL  UL  UL  sU sA
        clear           N  R  N  R  LU  LA  LU  LA  sR sN
        ack current     N  A  A  N  AL  AL  LA  LA  sA sA
        ack older       N  U  A  R  UL  AL  LU  LA  sU sA
        ack lower       N  U  A  R  UL  AL  LU  LA  sU sA
        close           N  U  N  R  UL  N   LU  N   sU sN
        reset           N  U  A  R  UL  AL  LU  N   sU sA
        shelve          sN sU sA sR sUL sAL sLU sLA sU sA
        unshelve        N  U  A  R  UL  AL  LU  LA  U  A
        undo ack        R  U  U  R  UL  UL  LU  LU  sU sU
        stale passes    N  R  N  R  LU  LA  LU  LA  sR sN
        shelf ends      N  U  A  R  UL  AL  LU  LA  U  A
        """

    struct Case: Sendable, CustomTestStringConvertible {
        let event: String
        let from: String
        let to: String
        var testDescription: String { "\(event): \(from) -> \(to)" }
    }

    static var cases: [Case] {
        text.split(separator: "\n").flatMap { line in
            let words = line.split(separator: " ").map(String.init)
            let event = words.dropLast(columns.count).joined(separator: " ")
            return zip(columns, words.suffix(columns.count)).map { Case(event: event, from: $0, to: $1) }
        }
    }
}
