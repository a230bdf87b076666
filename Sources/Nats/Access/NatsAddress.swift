/// One server of a log, as `log` names it: `nats://HOST:PORT`, in older folders also `nats://USER:PASSWORD@HOST:PORT`.
public struct NatsAddress: Equatable, Sendable {
    /// A name, or an address without brackets.
    public let host: String
    public let port: Int
    /// Without a password.
    public let url: String
    /// What stands before the `@`: a user with a password, or a token. Nobody shows it.
    public let login: String?

    private static let scheme = "nats://"
    private static let usualPort = 4_222

    /// - Parameter text: with or without the scheme.
    /// - Returns: nil where it has another scheme, no host, or a port that is none.
    public init?(_ text: some StringProtocol) {
        var rest = Substring(text)
        if rest.hasPrefix(NatsAddress.scheme) { rest = rest.dropFirst(NatsAddress.scheme.count) }
        let at = rest.lastIndex(of: "@")
        login = at.map { String(rest[..<$0]) }
        if let at { rest = rest[rest.index(after: at)...] }
        guard let (host, port) = NatsAddress.parts(of: rest) else { return nil }
        (self.host, self.port) = (host, port)
        url = NatsAddress.scheme + rest
    }

    private static func parts(of text: Substring) -> (host: String, port: Int)? {
        guard !text.contains("/"), !text.contains(where: \.isWhitespace) else { return nil }
        var (host, rest) = (text.prefix { $0 != ":" }, text.drop { $0 != ":" })
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            (host, rest) = (text[text.index(after: text.startIndex)..<end], text[text.index(after: end)...])
        }
        guard !host.isEmpty, let port = rest.isEmpty ? usualPort : port(rest) else { return nil }
        return (String(host), port)
    }

    /// - Parameter text: with its colon.
    private static func port(_ text: Substring) -> Int? {
        guard text.first == ":", text.dropFirst().allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
        return UInt16(text.dropFirst()).flatMap { $0 > 0 ? Int($0) : nil }
    }

    /// All that a `log` names; nil where one of them is none.
    public static func all(in log: String) -> [NatsAddress]? {
        let texts = log.split(separator: ",")
        let found = texts.compactMap { NatsAddress($0) }
        return found.isEmpty || found.count < texts.count ? nil : found
    }

    /// A `log` as it may be shown: what might be a password is left out, also of what is no address.
    public static func shown(_ log: String) -> String {
        log.split(separator: ",", omittingEmptySubsequences: false).map { text in
            guard let at = text.lastIndex(of: "@") else { return String(text) }
            let scheme = text.firstRange(of: "://").map { text[..<$0.upperBound] } ?? ""
            return scheme + "***" + text[at...]
        }.joined(separator: ",")
    }
}
