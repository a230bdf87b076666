import ArgumentParser
import ControlRoom

/// Why something is kept quiet, as `--reason` names it.
struct ReasonArgument: ExpressibleByArgument {
    let code: SuppressionReason.Code

    init?(argument: String) {
        guard let code = SuppressionReason.Code(rawValue: argument.lowercased()) else { return nil }
        self.code = code
    }

    static var allValueStrings: [String] { SuppressionReason.Code.allCases.map(\.rawValue) }

    /// As a message names them.
    static var list: String { allValueStrings.joined(separator: ", ") }
}
