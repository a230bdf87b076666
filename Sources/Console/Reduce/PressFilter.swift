public import ControlRoom

/// Keys while a filter is being written.
extension State {
    mutating func press(_ key: Key, in prompt: FilterPrompt) -> [Effect] {
        var prompt = prompt
        let offered = offered(for: prompt)
        switch (key.code, key.control) {
        case (.enter, _):
            guard prompt.hasChosen, let offer = offered.dropFirst(prompt.cursor).first else { return submit(prompt) }
            prompt.take(offer)
            if offer.isRecent { return submit(prompt) }
        case (.tab, _): if let offer = offered.dropFirst(prompt.cursor).first { prompt.take(offer) }
        case (.down, _), (.character("n"), true): prompt.choose(prompt.cursor + 1, of: offered.count)
        case (.up, _), (.character("p"), true): prompt.choose(prompt.cursor - 1, of: offered.count)
        default: if prompt.input.edit(key) { (prompt.cursor, prompt.hasChosen) = (0, false) }
        }
        return write(prompt)
    }

    /// Shows what is written so far, and asks how many it would find.
    mutating func write(_ prompt: FilterPrompt) -> [Effect] {
        var prompt = prompt
        var query = alerts.query
        do throws(FilterError) {
            try query.filter.read(prompt.input.text, vocabulary(for: prompt))
        } catch {
            (prompt.draft, prompt.error) = (nil, error)
            modal = .filter(prompt)
            return []
        }
        prompt.error = nil
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
        let vocabulary = vocabulary(for: prompt)
        do throws(FilterError) { try filter.read(text, vocabulary) } catch { return [] }
        // Here is here only now: the title and the next reading name the place.
        if let match = filter.match, match.isWithin, text.lowercased().contains("here") {
            filter.name(by: vocabulary)
        }
        modal = nil
        if filter.match != nil {
            let text = filter.text
            recentFilters = Array(([text] + recentFilters.filter { $0 != text }).prefix(State.mostRecentFilters))
        }
        return narrow { $0.filter = filter }
    }

    private static let mostRecentFilters = 20

    // MARK: - What is offered

    /// How the text can go on; where there is none yet, what was asked before.
    func offered(for prompt: FilterPrompt) -> [FilterOffer] {
        let text = prompt.input.text
        if text.isEmpty {
            return recentFilters.prefix(FilterPrompt.mostOffered).map {
                FilterOffer(text: $0, range: 0..<0, isRecent: true)
            }
        }
        guard let completion = FilterCompletion.at(text, cursor: prompt.input.cursor, vocabulary(for: prompt)) else {
            return []
        }
        return completion.candidates.prefix(FilterPrompt.mostOffered).map { candidate in
            // What something must follow goes on with a blank, so that the next Tab offers it.
            FilterOffer(text: candidate.hasSuffix("(") ? candidate : candidate + " ", range: completion.range)
        }
    }

    func vocabulary(for prompt: FilterPrompt) -> FilterVocabulary {
        var vocabulary = filterVocabulary
        vocabulary.here = prompt.here
        return vocabulary
    }

    /// The names of the city, and where and when the filter is written.
    public var filterVocabulary: FilterVocabulary {
        FilterVocabulary(
            districts: city.districts, sites: city.sites, tools: toolRegister, here: alerts.current?.alert.place,
            now: now, zone: zone)
    }
}

/// What a filter that is being written could go on with.
struct FilterOffer: Equatable {
    var text: String
    /// The characters that it takes the place of.
    var range: Range<Int>
    var isRecent = false
}

extension FilterPrompt {
    fileprivate mutating func take(_ offer: FilterOffer) {
        input.replace(offer.range, with: offer.text)
        (cursor, hasChosen) = (0, false)
    }

    fileprivate mutating func choose(_ index: Int, of count: Int) {
        hasChosen = count > 0
        cursor = max(0, min(count - 1, index))
    }
}
