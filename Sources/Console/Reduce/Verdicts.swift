public import ControlRoom

/// A second verdict stands beside the first, and both authors hear of it: where they work, or when they come back.
extension State {
    private var knowsVerdicts: Bool { verdictsRealm == realm && verdictsActor == identity.actor }

    /// Asks for verdicts that came since the last answer; the first time for those that whoever works here was not told of yet.
    func askVerdicts() -> [Effect] {
        guard past == nil, !isLocked else { return [] }
        return [.fetch(.verdicts(realm, of: identity.actor, after: knowsVerdicts ? verdictsThrough : nil))]
    }

    mutating func take(_ found: [SecondVerdict], of actor: String, through: Int64) -> [Effect] {
        // Of what nobody sees nobody is told: it is asked for again.
        guard past == nil, !isLocked, actor == identity.actor else { return [] }
        let isFirst = !knowsVerdicts
        if !isFirst, let known = verdictsThrough, known > through { return [] }
        (verdictsRealm, verdictsActor, verdictsThrough) = (realm, actor, through)
        let words = texts.verdicts(found, besideThoseOf: actor)
        if let words { say(words, isError: true) }
        guard realm == .actual, isFirst || words != nil else { return [] }
        return [.toldVerdicts(of: actor, through: through)]
    }
}

extension Texts {
    /// Tells a person of the verdicts that stand beside theirs: the last in full, and how many there are; nil where none is theirs.
    public func verdicts(_ found: [SecondVerdict], besideThoseOf actor: String) -> String? {
        let told = found.compactMap { one in one.told(to: actor).map { (one.headline, $0.own, $0.other) } }
        guard let (headline, own, other) = told.last else { return nil }
        let parts = [headline, words(for: own), words(for: other), other.act.by]
        guard told.count > 1 else { return self(.verdictBeside, parts[0], parts[1], parts[2], parts[3]) }
        return self(.verdictsBeside, number(told.count), parts[0], parts[1], parts[2], parts[3])
    }

    private func words(for judged: Alert.Assessment) -> String {
        judged.verdict.map { word(for: $0) } ?? word(for: judged.disposition)
    }
}
