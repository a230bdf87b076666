import ControlRoom

/// A second verdict stands beside the first, and both authors hear of it.
extension State {
    /// Asks for verdicts that came since the last answer; the first time for nothing but where the log ends.
    func askVerdicts() -> [Effect] {
        guard past == nil else { return [] }
        return [.fetch(.verdicts(realm, after: verdictsRealm == realm ? verdictsThrough : nil))]
    }

    mutating func take(_ found: [SecondVerdict], through: Int64) {
        guard past == nil else { return }
        if verdictsRealm == realm, let known = verdictsThrough, known > through { return }
        (verdictsRealm, verdictsThrough) = (realm, through)
        guard !isLocked else { return }
        for one in found {
            guard let (own, other) = one.told(to: identity.actor) else { continue }
            say(texts(.verdictBeside, one.headline, words(for: own), words(for: other), other.act.by), isError: true)
        }
    }

    private func words(for judged: Alert.Assessment) -> String {
        judged.verdict.map { texts.word(for: $0) } ?? texts.word(for: judged.disposition)
    }
}
