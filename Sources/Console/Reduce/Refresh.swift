import ControlRoom

/// Asking for what is on the screen, and taking the answers.
extension State {
    /// Asks anew for everything that is on the screen. While an answer is on its way, a further wish waits for it.
    mutating func refresh() -> [Effect] {
        let geometry = Geometry(self)
        var effects: [Effect] = [.fetch(.totals(realm)), .fetch(.situation), .fetch(.handling(realm))] + askVerdicts()
        // No pane has a place: what they show waits for a larger screen, what sounds does not.
        guard !isTooSmall else { return effects }
        effects += refreshAlerts(geometry)
        if !alerts.query.filter.text.isEmpty { effects.append(.fetch(.count(alerts.query.each))) }
        effects.append(.fetch(.tools(realm)))
        let shown = Set(geometry.places.map(\.kind))
        if shown.contains(.map) { effects += askPlaces(geometry) }
        if shown.contains(.assets) || geometry.isCompact {
            effects.append(.fetch(.assets(realm, limit: AssetsState.limit)))
        }
        effects.append(.fetch(.runs(realm)))
        if let run = checklist.run?.id { effects.append(.fetch(.run(run))) }
        if shown.contains(.log) { effects.append(.fetch(.log(realm, limit: 400))) }
        effects += askMetrics()
        effects += askDetail(anew: true)
        return effects
    }

    private mutating func refreshAlerts(_ geometry: Geometry) -> [Effect] {
        guard !alerts.isRefreshing else {
            alerts.wantsRefresh = true
            return []
        }
        alerts.isRefreshing = true
        alerts.wantsRefresh = false
        let page = geometry.page(of: .alerts)
        if alerts.follows && alerts.top == 0 || alerts.lines.isEmpty {
            return [fetchAlerts(.start, limit: page * 4, .show)]
        }
        let anchor = alerts.lines[min(alerts.top, alerts.lines.count - 1)].key
        return [fetchAlerts(.from(anchor), limit: page * 3, before: page * 2, .show)]
    }

    func fetchAlerts(
        _ anchor: AlertAnchor, limit: Int, before: Int = 0, _ purpose: AlertRequest.Purpose
    ) -> Effect {
        .fetch(
            .alerts(
                AlertRequest(
                    query: alerts.query, anchor: anchor, limit: limit, before: before, purpose: purpose,
                    generation: alerts.generation)))
    }

    /// Another query: what was read of the old one goes.
    mutating func requery(_ change: (inout AlertQuery) -> Void) -> [Effect] {
        let before = alerts
        change(&alerts.query)
        // Whoever looks for something else does not look for it in the group that is open.
        if alerts.query.filter != before.query.filter { alerts.query.grouping?.inside = nil }
        let query = alerts.query
        let generation = alerts.generation + 1
        let (follows, countWhenHeld) = (alerts.follows, alerts.countWhenHeld)
        alerts = AlertsState(query: query)
        alerts.generation = generation
        alerts.follows = follows
        alerts.countWhenHeld = countWhenHeld
        (alerts.pickedCause, alerts.picked) = (before.pickedCause, before.picked)
        if query.filter == before.query.filter {
            (alerts.marks, alerts.lastMark) = (before.marks, before.lastMark)
        } else if !before.marks.isEmpty {
            say(texts(.marksGone))
        }
        let page = Geometry(self).page(of: .alerts)
        alerts.isRefreshing = true
        var effects = [fetchAlerts(.start, limit: page * 4, .show)]
        if !query.filter.text.isEmpty { effects.append(.fetch(.count(query.each))) }
        return effects
    }

    /// Another query, and the list that shows it: whoever searches from another pane sees what was found.
    mutating func narrow(_ change: (inout AlertQuery) -> Void) -> [Effect] {
        let effects = requery(change)
        return focus == .alerts ? effects : focus(on: .alerts) + effects
    }

    /// Asks for the lines beyond the window when the reader comes near its edge.
    mutating func extendAlerts() -> [Effect] {
        let page = Geometry(self).page(of: .alerts)
        guard !alerts.isExtending, let first = alerts.lines.first, let last = alerts.lines.last else { return [] }
        if !alerts.reachesEnd, alerts.lines.count - alerts.top < page * 3 {
            alerts.isExtending = true
            return [fetchAlerts(.after(last.key), limit: page * 4, .extend)]
        }
        if !alerts.reachesStart, alerts.top < page * 2 {
            alerts.isExtending = true
            return [fetchAlerts(.before(first.key), limit: page * 4, .extend)]
        }
        return []
    }

    /// The detail of the alert under the cursor, if it is to be seen and is not there.
    mutating func askDetail(anew: Bool = false) -> [Effect] {
        let shown = Geometry(self).places.contains { $0.kind == .detail || $0.kind == .checklist }
        guard shown, let row = alerts.current?.row else { return [] }
        if anew { detail.neighbours = [:] }
        if !anew, detail.asked == row || detail.detail?.line.row == row { return [] }
        if detail.detail?.line.row != row { detail.scroll = 0 }
        if let known = detail.neighbours[row] {
            detail.asked = nil
            detail.detail = known
            return askNeighbours()
        }
        detail.asked = row
        return [.fetch(.detail(row: row))]
    }

    /// Where the next key may lead: a line or a page up or down, or to an end. With the details at hand, it needs no second
    /// frame.
    private func askNeighbours() -> [Effect] {
        let missing = nearRows.filter { detail.neighbours[$0] == nil }
        return missing.isEmpty ? [] : [.fetch(.neighbours(missing))]
    }

    private var nearRows: [Int64] {
        let page = Geometry(self).page(of: .alerts)
        let beside = [1, -1, 2, page, -page].map { alerts.cursor + $0 }.filter(alerts.lines.indices.contains)
        let ends = [alerts.head?.lines.first?.row, alerts.tail?.lines.last?.row].compactMap { $0 }
        return beside.map { alerts.lines[$0].row } + ends
    }

    /// The open places around what the map shows; a margin, so that a short way to the side needs no answer.
    mutating func askPlaces(_ geometry: Geometry) -> [Effect] {
        guard let inside = geometry.inside(of: .map, width: width) else { return [] }
        applyFit(columns: inside.columns, rows: inside.rows)
        let box = MapProjection(map, columns: inside.columns, rows: inside.rows).box.grown(by: 0.5)
        map.asked = box
        return [.fetch(.places(realm, box))]
    }

    mutating func applyFit(columns: Int, rows: Int) {
        guard let box = map.wantsFit else { return }
        let fit = MapProjection.fitting(box, columns: columns, rows: rows)
        map.centre = fit.centre
        map.dotsPerDegree = fit.dotsPerDegree
        map.lastFit = box
        map.isUntouched = true
        map.wantsFit = nil
        map.version += 1
    }

    // MARK: - Answers

    mutating func take(_ answer: Answer) -> [Effect] {
        switch answer {
        case .alerts(let request, let page): return take(request, page)
        case .totals(let realm, let totals): return take(totals, of: realm)
        case .count(let query, let count, let waiting):
            if query == alerts.query.each { (alerts.found, alerts.foundWaiting) = (count, waiting) }
        case .draft(let query, let found): take(draft: query, found: found)
        case .detail(let detail): return take(detail)
        case .neighbours(let details):
            for known in details { detail.neighbours[known.line.row] = known }
            if detail.neighbours.count > DetailState.mostNeighbours {
                let near = Set(nearRows)
                detail.neighbours = detail.neighbours.filter { near.contains($0.key) }
            }
        case .places(let realm, let places):
            if realm == self.realm { map.places = places }
        case .openBox(let box): return fit(toOpen: box)
        case .tools(let realm, let reports, let register):
            toolRegister = register
            if realm == self.realm { tools = reports }
        case .assets(let realm, let lines, let total, let vulnerabilities):
            if realm == self.realm { take(lines, total: total, vulnerabilities: vulnerabilities) }
        case .runs(let realm, let runs):
            if realm == self.realm { return take(runs) }
        case .run(let run): take(run)
        case .log(let realm, let lines):
            if realm == self.realm { take(lines) }
        case .playbooks(let playbooks): checklist.playbooks = playbooks
        case .city(let view): take(view)
        case .situation(let situation): return take(situation)
        case .handling(let realm, let handling): return take(handling, of: realm)
        case .team(let realm, let team): if realm == self.realm { show(team: team) }
        case .metrics(let realm, let report, let isWhole):
            if realm == self.realm { take(report, isWhole: isWhole) }
        case .flood(let realm, let report): if realm == self.realm { show(report) }
        case .pastReady(let number, let problem): return takeReady(number, problem)
        case .past(let number, let view): return take(past: view, number)
        case .undoable(let events): askUndo(events)
        case .verdicts(let realm, let actor, let found, let through):
            if realm == self.realm { return take(found, of: actor, through: through) }
        case .selection(let query, let lines, let total): return take(selection: lines, total: total, of: query)
        }
        return []
    }

    private mutating func take(_ request: AlertRequest, _ page: AlertPage) -> [Effect] {
        guard request.generation == alerts.generation else { return [] }
        let height = Geometry(self).page(of: .alerts)
        switch request.purpose {
        case .show:
            alerts.isRefreshing = false
            if let effects = holdBeyond(page, of: request) { return effects }
            if request.anchor == .end { alerts.cursor = Int.max / 2 }
            if alerts.isLoaded && request.anchor != .end {
                let followed = alerts.follows
                let (before, isActed) = (alerts.current, alerts.staysInPlace)
                alerts.refresh(with: page, height: height)
                if !isActed, let before, alerts.current?.row != before.row {
                    alerts.jumped = now
                    alerts.hasStayedOnGroup = alerts.current?.isOfGroup(before) ?? false
                }
                if followed, !alerts.follows { alerts.countWhenHeld = totals.today }
            } else {
                alerts.replace(with: page)
                alerts.reveal(page: height)
            }
            return afterShow(height)
        case .extend:
            alerts.isExtending = false
            alerts.extend(with: page, anchor: request.anchor, height: height)
            alerts.settleOwed(page: height)
            return askDetail() + extendAlerts()
        case .head:
            alerts.head = page
            return askNeighbours()
        case .tail:
            alerts.tail = page
            return askNeighbours()
        }
    }

    /// So many came at once that the alert under the cursor lies beyond the new start of the list: the reader stays there.
    private mutating func holdBeyond(_ page: AlertPage, of request: AlertRequest) -> [Effect]? {
        guard request.anchor == .start, alerts.isPlaced, alerts.follows, !page.reachesEnd, let current = alerts.current,
            let last = page.lines.last, last.key < current.key, !page.lines.contains(where: { $0.row == current.row })
        else { return nil }
        alerts.follows = false
        alerts.countWhenHeld = totals.today
        return refreshAlerts(Geometry(self))
    }

    private mutating func afterShow(_ height: Int) -> [Effect] {
        // Now or never: a cursor that moves long after the key would take the next one with it.
        if let wanted = alerts.wanted.take(),
            let index = alerts.lines.firstIndex(where: { $0.row == wanted || $0.group?.holds(wanted) ?? false })
        {
            alerts.cursor = index
            alerts.owed = AlertsState.Owed()
            alerts.reveal(page: height)
        }
        var effects = askDetail()
        if alerts.wantsRefresh { effects += refreshAlerts(Geometry(self)) }
        // Both ends are kept ready, so that a jump paints at once.
        if !alerts.reachesStart { effects.append(fetchAlerts(.start, limit: height * 2, .head)) }
        if !alerts.reachesEnd { effects.append(fetchAlerts(.end, limit: height * 2, .tail)) }
        return effects + extendAlerts()
    }

    private mutating func take(_ totals: AlertTotals, of realm: Realm) -> [Effect] {
        guard realm == self.realm else { return [] }
        let before = self.totals
        self.totals = totals
        sayFlood(before: before.flood)
        if bell.known != nil {
            sayRisen(since: before)
            noteFresh(since: before)
        }
        // More than before: the bell does not wait for its ten seconds, nor for the end of a silence.
        let waiting = waitingForBell
        if let known = bell.known, waiting > known {
            bell.lastRang = nil
            bell.silencedUntil = nil
        }
        bell.known = waiting
        return ring() + tellFresh()
    }

    /// Whoever works in another pane is told of what is critical or high, for there is no list to see it in.
    private mutating func sayRisen(since before: AlertTotals) {
        let isInSight = past == nil && Geometry(self).places.contains { $0.kind == .alerts }
        guard !isInSight else { return }
        let risen = [Severity.critical, .high].first {
            totals.unacknowledged(from: $0) > before.unacknowledged(from: $0)
        }
        guard let risen else { return }
        let count = totals.unacknowledged(from: risen)
        let key = past == nil ? keyName(.pane1) : keyName(.clearFilter, in: .alerts)
        say(texts(.newWaiting, texts.short(risen), texts.number(count), key), isError: true)
    }

    private mutating func take(_ new: AlertDetail?) -> [Effect] {
        guard let new else {
            detail.asked = nil
            return []
        }
        guard new.line.row == alerts.current?.row else { return [] }
        detail.asked = nil
        detail.detail = new
        detail.neighbours[new.line.row] = new
        guard detail.offersChecklist == new.line.row, modal == nil, !isLocked else { return askNeighbours() }
        status = nil
        return chooseChecklist()
    }

    private mutating func take(_ lines: [AssetLine], total: Int, vulnerabilities: Int) {
        let old = assets.current?.asset.id
        assets.lines = lines
        assets.total = total
        assets.vulnerabilities = vulnerabilities
        assets.isLoaded = true
        if let old, let index = lines.firstIndex(where: { $0.asset.id == old }) { assets.cursor = index }
        let page = Geometry(self).page(of: .assets)
        ListMotion.move(&assets.cursor, &assets.top, by: 0, count: lines.count, page: page)
    }

    private mutating func take(_ runs: [RunLine]) -> [Effect] {
        checklist.runs = runs
        if let shown = checklist.run, !runs.contains(where: { $0.id == shown.id }) { checklist.run = nil }
        let wanted = checklist.chosen ?? runs.first?.id
        guard let wanted, checklist.run?.id != wanted else { return [] }
        return [.fetch(.run(wanted))]
    }

    private mutating func take(_ run: ChecklistRun?) {
        // An answer that was asked for in another realm must not stand in this one.
        guard let run, checklist.runs.contains(where: { $0.id == run.id }) else { return }
        let isNew = checklist.run?.id != run.id
        checklist.run = run
        if isNew, let next = run.nextStep, let index = run.playbook.steps.firstIndex(of: next) {
            checklist.cursor = index
        }
        checklist.cursor = max(0, min(checklist.cursor, run.playbook.steps.count - 1))
    }

    private mutating func take(_ lines: [LogLine]) {
        let old = log.lines.indices.contains(log.cursor) && log.cursor > 0 ? log.lines[log.cursor].sequence : nil
        log.lines = lines
        if let old, let index = lines.firstIndex(where: { $0.sequence == old }) { log.cursor = index }
        ListMotion.move(&log.cursor, &log.top, by: 0, count: lines.count, page: Geometry(self).page(of: .log))
    }

    private mutating func take(_ view: CityView) {
        let changed = view.districts.map(\.id) != city.districts.map(\.id) || view.city != city.city
        city = view
        if isEmbedded {
            identities = Identity.embedded(tenant: view.city.tenant)
            identity.tenant = view.city.tenant
        }
        if changed { map.fit(view.districts) }
    }

    private mutating func take(_ new: Situation) -> [Effect] {
        let before = situation
        situation = new
        // What is shown from the start was read then; a city that came since, by the feed or by a colleague, is asked for.
        let map: [Effect] =
            before.map { $0.mapMark != new.mapMark } ?? false ? [.fetch(.city), .fetch(.playbooks)] : []
        return map + announce(new, before: before)
    }

    private mutating func announce(_ new: Situation, before: Situation?) -> [Effect] {
        // A console that opens beside one that plays an exercise shows it, as long as there is nothing Actual to show.
        if before == nil, realm == .actual, new.actualTotal == 0, let run = new.exercise, run.ended == nil {
            return show(.exercise(run.name))
        }
        guard realm != .actual else { return [] }
        // Something Actual came while an exercise is on the screen: it breaks through, with a sound of its own.
        let isMore = new.actualUnacknowledged > (before?.actualUnacknowledged ?? 0)
        let isNewer =
            new.actualUnacknowledged > 0
            && (new.actualLast?.milliseconds ?? 0) > (before?.actualLast?.milliseconds ?? 0)
        guard isMore || isNewer else { return [] }
        bell.lastRang = nil
        bell.silencedUntil = nil
        let severity = new.actualWorst.map { texts.word(for: $0) } ?? ""
        say(texts(.actualBroke, severity), isError: true)
        return [.bell, .notify(texts(.actualBroke, severity))]
    }

    private mutating func fit(toOpen box: GeoBox?) -> [Effect] {
        guard let box else {
            say(texts(.nothingOpenToFit))
            return []
        }
        map.wantsFit = box.grown(by: 0.15)
        return askPlaces(Geometry(self))
    }
}
