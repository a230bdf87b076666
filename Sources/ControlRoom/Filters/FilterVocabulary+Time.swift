extension FilterVocabulary {
    /// The same; a clock that has not come yet today is that of yesterday.
    public func pastTime(_ text: String) -> Timestamp? {
        guard let time = time(text), time > now else { return time(text) }
        guard text.contains(":"), let before = self.time("yesterday " + text) else { return time }
        return before
    }

    /// A time as filters are told one, or how long ago it was: `14:05`, `yesterday 14:05`, `2h`. Nil where it is none.
    public func time(_ text: String) -> Timestamp? {
        if case .test(.time(.raised, _, let time)) = try? FilterParser.parse("raised > " + text, self) { return time }
        if case .test(.age(.raised, _, let age)) = try? FilterParser.parse("age < " + text, self) {
            return Timestamp(milliseconds: now.milliseconds - age)
        }
        return nil
    }
}
