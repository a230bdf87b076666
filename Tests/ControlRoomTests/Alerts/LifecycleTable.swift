import ControlRoom
import Testing

/// The lifecycle as FIELD.md writes it (ISA-18.2): a row for each event, a column for each state it meets.
///
/// `N` normal, `U` unacknowledged, `A` acknowledged, `R` returned to normal but unacknowledged; of a latching alarm
/// `UL` and `AL` while it is active, `LU` and `LA` when it is latched. In front, and what lies under it: `s` shelved, `d`
/// suppressed by design, `o` out of service.
enum LifecycleTable {
    static let columns = ["N", "U", "A", "R", "UL", "AL", "LU", "LA", "sU", "sA", "dU", "dA", "oU", "oA"]

    static let text = """
        raise same      U  U  A  U  UL  AL  UL  UL  sU sA dU dA oU oA
        raise higher    U  U  U  U  UL  UL  UL  UL  U  U  U  U  oU oU
        raise lower     U  U  A  U  UL  AL  UL  UL  sU sA dU dA oU oA
        clear           N  R  N  R  LU  LA  LU  LA  sR sN dR dN oR oN
        ack current     N  A  A  N  AL  AL  LA  LA  sA sA dA dA oA oA
        ack older       N  U  A  R  UL  AL  LU  LA  sU sA dU dA oU oA
        ack lower       N  U  A  R  UL  AL  LU  LA  sU sA dU dA oU oA
        close           N  U  N  R  UL  N   LU  N   sU sN dU dN oU oN
        reset           N  U  A  R  UL  AL  LU  N   sU sA dU dA oU oA
        shelve          sN sU sA sR sUL sAL sLU sLA sU sA dU dA oU oA
        unshelve        N  U  A  R  UL  AL  LU  LA  U  A  dU dA oU oA
        suppress        dN dU dA dR dUL dAL dLU dLA dU dA dU dA oU oA
        unsuppress      N  U  A  R  UL  AL  LU  LA  sU sA U  A  oU oA
        remove          oN oU oA oR oUL oAL oLU oLA oU oA oU oA oU oA
        return          N  U  A  R  UL  AL  LU  LA  sU sA dU dA U  A
        ask             N  U  A  R  UL  AL  LU  LA  sU sA dU dA oU oA
        grant           sN sU sA sR sUL sAL sLU sLA sU sA dU dA oU oA
        take            N  U  A  R  UL  AL  LU  LA  sU sA dU dA oU oA
        escalate        N  U  A  R  UL  AL  LU  LA  sU sA dU dA oU oA
        remind          N  U  A  R  UL  AL  LU  LA  sU sA dU dA oU oA
        undo ack        R  U  U  R  UL  UL  LU  LU  sU sU dU dU oU oU
        stale passes    N  R  N  R  LU  LA  LU  LA  sR sN dR dN oR oN
        shelf ends      N  U  A  R  UL  AL  LU  LA  U  A  dU dA oU oA
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
