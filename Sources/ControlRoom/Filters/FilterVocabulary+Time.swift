extension FilterVocabulary {
    /// The same; a clock that has not come yet today is that of yesterday.
    public func pastTime(_ text: String) -> Timestamp? {
        guard let time = time(text) else { return nil }
        guard time > now, text.contains(":") else { return time }
        return self.time("yesterday " + text) ?? time
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
