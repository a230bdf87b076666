/// A verdict on an alert beside which those of others stand.
public struct SecondVerdict: Equatable, Sendable {
    public var subject: String
    public var headline: String
    public var verdict: Alert.Assessment
    /// Of others, the latest last; at least one.
    public var others: [Alert.Assessment]

    public init(subject: String, headline: String, verdict: Alert.Assessment, others: [Alert.Assessment]) {
        self.subject = subject
        self.headline = headline
        self.verdict = verdict
        self.others = others
    }

    /// What a person who judged is told: their own verdict, and the other that stands beside it; nil for anybody else.
    public func told(to actor: String) -> (own: Alert.Assessment, other: Alert.Assessment)? {
        if verdict.act.by == actor { return others.last.map { (verdict, $0) } }
        return others.last { $0.act.by == actor }.map { ($0, verdict) }
    }
}
