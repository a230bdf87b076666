public import ControlRoom

/// Keys while a filter is being written.
extension State {
    mutating func press(_ key: Key, in prompt: FilterPrompt) -> [Effect] {
        var prompt = prompt
        let offered = offered(for: prompt)
        switch (key.code, key.control) {
        case (.enter, _): return submit(prompt)
        case (.tab, _):
            if let offer = offered.dropFirst(prompt.cursor).first {
                prompt.input.replace(offer.range, with: offer.text)
                prompt.cursor = 0
            }
        case (.down, _), (.character("n"), true): prompt.cursor = min(max(0, offered.count - 1), prompt.cursor + 1)
        case (.up, _), (.character("p"), true): prompt.cursor = max(0, prompt.cursor - 1)
        default: if prompt.input.edit(key) { prompt.cursor = 0 }
        }
        return write(prompt)
    }

    /// Shows what is written so far, and asks how many it would find.
    mutating func write(_ prompt: FilterPrompt) -> [Effect] {
        var prompt = prompt
        var query = alerts.query
        do throws(FilterError) { try query.filter.read(prompt.input.text, filterVocabulary) } catch {
            prompt.draft = nil
            modal = .filter(prompt)
            return []
        }
        let isNew = prompt.draft != query
        if isNew { prompt.found = nil }
        prompt.draft = query
        modal = .filter(prompt)
        return isNew ? [.fetch(.draft(query))] : []
    }

    mutating func take(draft query: AlertQuery, found: Int?) {
        guard case .filter(var prompt) = modal, prompt.draft == query else { return }
        prompt.found = found
        modal = .filter(prompt)
    }

    /// What cannot be read stays as it is, with the reason beside it.
    private mutating func submit(_ prompt: FilterPrompt) -> [Effect] {
        var filter = alerts.query.filter
        let text = prompt.input.text.trimmed
        do throws(FilterError) { try filter.read(text, filterVocabulary) } catch { return [] }
        modal = nil
        if filter.match != nil {
            recentFilters = Array(([text] + recentFilters.filter { $0 != text }).prefix(State.mostRecentFilters))
        }
        return narrow { $0.filter = filter }
    }

    private static let mostRecentFilters = 20

    // MARK: - What is offered

    struct FilterOffer: Equatable {
        var text: String
        /// The characters that it takes the place of.
        var range: Range<Int>
        var isRecent = false
    }

    /// How the text can go on; where there is none yet, what was asked before.
    func offered(for prompt: FilterPrompt) -> [FilterOffer] {
        let text = prompt.input.text
        if text.isEmpty {
            return recentFilters.prefix(FilterPrompt.mostOffered).map {
                FilterOffer(text: $0, range: 0..<0, isRecent: true)
            }
        }
        guard let completion = FilterCompletion.at(text, cursor: prompt.input.cursor, filterVocabulary) else {
            return []
        }
        return completion.candidates.prefix(FilterPrompt.mostOffered).map { candidate in
            // What something must follow goes on with a blank, so that the next Tab offers it.
            FilterOffer(text: candidate.hasSuffix("(") ? candidate : candidate + " ", range: completion.range)
        }
    }

    /// The names of the city, and where and when the filter is written.
    public var filterVocabulary: FilterVocabulary {
        FilterVocabulary(
            districts: city.districts.map { FilterVocabulary.Name(id: $0.id, name: $0.name) },
            places: city.sites.map { FilterVocabulary.Place(name: $0.name, place: $0.place) },
            here: alerts.current?.alert.place, now: now, zone: zone)
    }
}
