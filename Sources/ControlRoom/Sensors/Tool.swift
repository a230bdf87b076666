/// What finds something and says so: a sensor's kind, known by its code. Nine are shipped; a site registers its own (`ToolRegister`),
/// and an alert of any other shows the code that it came with.
///
/// A code has 1 to 12 characters `A-Z 0-9 -`. So many fit into one integer of 63 bits, which is what rows keep: no table says which
/// number is whose, and whoever reads the same log comes to the same numbers.
public struct Tool: RawRepresentable, Hashable, Sendable {
    /// 0 to 8 for the shipped nine, 9 for `other`, and for all others the characters of their code, the first in the highest place:
    /// they sort as their codes do.
    public let rawValue: Int

    public static let mostCharacters = 12

    public static let fd = Tool(number: 0)
    public static let uad = Tool(number: 1)
    public static let smd = Tool(number: 2)
    public static let cti = Tool(number: 3)
    public static let ctdr = Tool(number: 4)
    public static let bd = Tool(number: 5)
    public static let eo = Tool(number: 6)
    public static let wms = Tool(number: 7)
    /// Warnings that come from outside the toolkit (CAP).
    public static let cap = Tool(number: 8)
    /// No tool of its own: where too many codes came to be counted each by itself, and what a version folded that knew nine tools alone.
    public static let other = Tool(number: 9)

    /// The eight that the status strip always shows.
    public static let toolkit: [Tool] = [.fd, .uad, .smd, .cti, .ctdr, .bd, .eo, .wms]
    public static let shipped = toolkit + [.cap]

    private static let codes = ["FD", "UAD", "SMD", "CTI", "CTDR", "BD", "EO", "WMS", "CAP", "?"]

    private init(number: Int) { rawValue = number }

    /// Nil for a number that stands for no tool.
    public init?(rawValue: Int) {
        guard Tool.codes.indices.contains(rawValue) || Tool.isPacked(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    /// The tool of a code as a source wrote it; see `form(of:)`.
    public init(code text: String) {
        let code = Tool.codes.contains(text) ? text : Tool.form(of: text)
        rawValue = Tool.codes.firstIndex(of: code) ?? Tool.packed(code)
    }

    public var code: String {
        Tool.codes.indices.contains(rawValue) ? Tool.codes[rawValue] : Tool.unpacked(rawValue)
    }

    public var isShipped: Bool { rawValue < Tool.other.rawValue }

    // MARK: - Codes

    /// Whether a text is a code as it is shown, and not one that is made of it.
    public static func isCode(_ text: String) -> Bool { text == form(of: text) }

    /// The code that a text is shown by. Letters become capitals without accents; blanks and `_ . : /` a hyphen. What holds anything
    /// else, or is longer than a code, is its beginning and four digits that tell it from others.
    public static func form(of text: String) -> String {
        var letters: [UInt8] = []
        var isLossy = false
        for byte in Folding.fold(text) {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): letters.append(byte & 0xDF)
            case UInt8(ascii: "0")...UInt8(ascii: "9"): letters.append(byte)
            case UInt8(ascii: "-"), UInt8(ascii: " "), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"),
                UInt8(ascii: "/"):
                if letters.last.map({ $0 != hyphen }) ?? false { letters.append(hyphen) }
            default: isLossy = true
            }
        }
        if letters.last == hyphen { letters.removeLast() }
        guard isLossy || letters.isEmpty || letters.count > mostCharacters else {
            return String(decoding: letters, as: UTF8.self)
        }
        letters = letters.isEmpty ? [UInt8(ascii: "X")] : Array(letters.prefix(mostCharacters - 5))
        if letters.last == hyphen { letters.removeLast() }
        return String(decoding: letters, as: UTF8.self) + "-" + ContentID.of(text.utf8).prefix(4).uppercased()
    }

    private static let hyphen = UInt8(ascii: "-")

    // MARK: - Codes as numbers

    /// Characters by their number, from 1 on; 0 is none. 38^12 is less than 2^63.
    private static let alphabet = Array("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    private static let base = alphabet.count + 1
    /// The least number whose first character is there.
    private static let least = (1..<mostCharacters).reduce(1) { power, _ in power * base }

    private static func packed(_ code: String) -> Int {
        let digits = code.utf8.prefix(mostCharacters).map { (alphabet.firstIndex(of: $0) ?? 0) + 1 }
        return (0..<mostCharacters).reduce(0) { $0 * base + ($1 < digits.count ? digits[$1] : 0) }
    }

    private static func digits(of number: Int) -> [Int] {
        var digits: [Int] = []
        var rest = number
        for _ in 0..<mostCharacters {
            digits.append(rest % base)
            rest /= base
        }
        return rest == 0 ? digits.reversed() : []
    }

    /// No character stands behind the end of a code.
    private static func isPacked(_ number: Int) -> Bool {
        guard number >= least else { return false }
        let digits = digits(of: number)
        return !digits.isEmpty && digits.drop { $0 > 0 }.allSatisfy { $0 == 0 }
    }

    private static func unpacked(_ number: Int) -> String {
        String(decoding: digits(of: number).prefix { $0 > 0 }.map { alphabet[$0 - 1] }, as: UTF8.self)
    }
}

/// What a tool last said of itself.
public struct ToolReport: Equatable, Sendable {
    /// What a tool says of its own work; that it is silent is not among them, for nobody says it.
    public enum State: String, Sendable { case ok, degraded, off }

    public var tool: Tool
    public var state: State
    public var message: String
    /// The last word of any kind that came from it.
    public var heard: Timestamp

    public init(tool: Tool, state: State, message: String, heard: Timestamp) {
        self.tool = tool
        self.state = state
        self.message = message
        self.heard = heard
    }

    /// Silence longer than this is shown of a tool of which the site says nothing else; the tools report every minute.
    public static let silentAfterSeconds = 180

    /// Never for one that said that it is off.
    ///
    /// - Parameter seconds: how long its silence is normal (`ToolRegister.Entry`).
    public func isSilent(at now: Timestamp, after seconds: Int = ToolReport.silentAfterSeconds) -> Bool {
        state != .off && now.seconds(since: heard) > Double(seconds)
    }
}
