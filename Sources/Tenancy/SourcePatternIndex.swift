import ControlRoom

/// Which machines were enrolled with a source, found by what patterns begin with.
///
/// To ask costs a look-up for each length that the beginning of a pattern has, of at most `SourcePattern.longest`, and a comparison for
/// each pattern with that beginning: not more because a tenant has more machines, unless their patterns begin alike and differ
/// behind. A pattern that begins with `*` is compared with every source.
struct SourcePatternIndex: Equatable, Sendable {
    /// By the bytes before the first `*`: patterns, and who was enrolled with each, once for each key, in the order of their names.
    private var actors: [[UInt8]: [SourcePattern: [String]]] = [:]
    /// How many beginnings have a length.
    private var lengths: [Int: Int] = [:]

    mutating func add(_ pattern: SourcePattern, of actor: String) {
        let beginning = pattern.beginning
        if actors[beginning] == nil { lengths[beginning.count, default: 0] += 1 }
        let place = actors[beginning]?[pattern]?.firstPlace { $0 >= actor } ?? 0
        actors[beginning, default: [:]][pattern, default: []].insert(actor, at: place)
    }

    mutating func remove(_ pattern: SourcePattern, of actor: String) {
        let beginning = pattern.beginning
        guard let place = actors[beginning]?[pattern]?.firstPlace(where: { $0 >= actor }),
            let known = actors[beginning]?[pattern], place < known.count, known[place] == actor
        else { return }
        actors[beginning]?[pattern]?.remove(at: place)
        if known.count == 1 { actors[beginning]?[pattern] = nil }
        guard actors[beginning]?.isEmpty == true else { return }
        actors[beginning] = nil
        lengths[beginning.count, default: 0] -= 1
        if lengths[beginning.count] == 0 { lengths[beginning.count] = nil }
    }

    /// The first by name who was enrolled with a pattern of a source.
    ///
    /// - Parameter other: is passed over.
    func first(matching source: String, but other: String?) -> String? {
        let name = Array(source.utf8)
        return lengths.keys.lazy.filter { $0 <= name.count }.compactMap { length in
            actors[Array(name[..<length])]?.lazy.filter { $0.key.matches(source) }
                .compactMap { $0.value.first { $0 != other } }.min()
        }.min()
    }
}

extension SourcePattern {
    /// The bytes of UTF-8 before the first `*`.
    fileprivate var beginning: [UInt8] { Array(text.utf8.prefix { $0 != UInt8(ascii: "*") }) }
}

extension Array {
    /// The first place whose element and all behind it fulfil a condition, in an array where those come last; the end where none does.
    fileprivate func firstPlace(where isBehind: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
