public import Console
public import ControlRoom
public import Store

/// Answers a console's questions from a store. The console knows no store and the store no console; whoever runs both,
/// the program on a thread of its own or a test in its step, has the answers from here.
public struct Answering {
    private let store: Store
    private let zone: ZoneTable
    private let now: Timestamp
    private let past: PastStore?

    /// - Parameter past: what lists, maps and details are answered from, where another time is looked at.
    public init(store: Store, zone: ZoneTable, now: Timestamp, past: PastStore? = nil) {
        self.store = store
        self.zone = zone
        self.now = now
        self.past = past
    }

    /// The answer to one question, of now or of the past that is looked at. Reads the store, some questions for
    /// milliseconds: not for the console's own loop.
    ///
    /// - Throws: `StoreError`.
    public func answer(_ fetch: Fetch) throws -> Answer {
        if let past, let answer = try answer(fetch, asOf: past) { return answer }
        return switch fetch {
        case .alerts(let request): .alerts(request, try page(request))
        case .totals(let realm):
            .totals(realm, try store.totals(realm, now: now, midnight: zone.midnight(before: now)))
        case .count(let query): try count(query)
        case .draft(let query): .draft(query, try store.quickCount(query.at(now)))
        case .detail(let row): .detail(try store.detail(row: row))
        case .neighbours(let rows): .neighbours(try rows.compactMap { try store.detail(row: $0) })
        case .places(let realm, let box): .places(realm, try store.places(realm, in: box, limit: 4_000))
        case .openBox(let realm): .openBox(try store.openBox(realm))
        case .tools(let realm): .tools(realm, try store.toolReports(realm), try store.toolRegister())
        case .assets(let realm, let limit): try assets(realm, limit)
        case .runs(let realm): .runs(realm, try store.runs(realm))
        case .run(let id): .run(try store.run(id))
        case .log(let realm, let limit): .log(realm, try store.recentLog(realm, limit: limit))
        case .playbooks: .playbooks(try store.playbooks())
        case .city: .city(try cityView())
        case .situation: .situation(try situation())
        case .handling(let realm): .handling(realm, try store.handling(realm))
        case .team(let realm): .team(realm, try store.team(realm, now: now))
        case .metrics(let realm, let shift, let isWhole):
            .metrics(
                realm,
                try store.metricsReport(realm, shift: shift, now: now, isWhole: isWhole), isWhole: isWhole)
        case .flood(let realm): .flood(realm, try store.floodReport(realm, now: now))
        case .verdicts(let realm, let actor, let after): try verdicts(realm, of: actor, after)
        case .undoable(let actor, let realm): .undoable(try store.lastUndoable(by: actor, realm: realm))
        case .selection(let query, let limit): try selection(query, limit)
        case .travel(let number, _), .enterPast(let number, _), .returnToNow(let number): .past(number, nil)
        }
    }

    /// In an exercise nobody is told later of what came while they were away.
    private func verdicts(_ realm: Realm, of actor: String, _ after: Int64?) throws -> Answer {
        if after == nil, realm == .actual {
            let (found, through, _) = try store.verdicts(beside: actor)
            return .verdicts(realm, of: actor, found, through: through)
        }
        let (found, through) = try store.secondVerdicts(realm, after: after)
        return .verdicts(realm, of: actor, found, through: through)
    }

    /// What was another then; nil for what only now has, as counts for the bell, and for what does not change.
    private func answer(_ fetch: Fetch, asOf past: PastStore) throws -> Answer? {
        let then = Answering(store: past.store, zone: zone, now: past.time)
        switch fetch {
        case .alerts, .count, .draft, .places, .openBox, .tools, .selection, .runs: return try then.answer(fetch)
        case .detail(let row): return .detail(try past.detail(row: row, of: store))
        case .neighbours(let rows): return .neighbours(try rows.compactMap { try past.detail(row: $0, of: store) })
        case .log(let realm, let limit): return .log(realm, try past.log(realm, limit: limit, of: store))
        case .metrics(let realm, let shift, _):
            // Sums by the hour: those that were over by then.
            let hour = Timestamp(milliseconds: past.time.minute / 60 * 3_600_000 - 1)
            var report = try store.metricsReport(realm, shift: shift, now: hour)
            report.standing = try past.store.standing(realm, now: past.time)
            return .metrics(realm, report, isWhole: true)
        default: return nil
        }
    }

    /// To the end where that costs nothing; and how many of them wait.
    private func count(_ query: AlertQuery) throws -> Answer {
        var waiting = query.at(now)
        waiting.filter.show = .unacknowledged
        let most = AlertsState.mostCounted + 1
        let found = try store.quickCount(query.at(now)) ?? store.count(query.at(now), limit: most)
        return .count(query, found, waiting: try store.quickCount(waiting) ?? store.count(waiting, limit: most))
    }

    private func selection(_ query: AlertQuery, _ limit: Int) throws -> Answer {
        let page = try store.alerts(query.at(now), at: .start, limit: limit)
        let total = page.reachesEnd ? page.lines.count : try store.count(query.at(now), limit: .max)
        return .selection(query, page.lines, total: total)
    }

    private func page(_ request: AlertRequest) throws -> AlertPage {
        if case .from(let key) = request.anchor, request.before > 0 {
            return try store.alerts(request.query.at(now), around: key, before: request.before, after: request.limit)
        }
        return try store.alerts(request.query.at(now), at: request.anchor, limit: request.limit)
    }

    private func assets(_ realm: Realm, _ limit: Int) throws -> Answer {
        let counts = try store.assetCounts()
        return .assets(
            realm, try store.assets(realm, limit: limit), total: counts.assets, vulnerabilities: counts.vulnerabilities)
    }

    /// The city as the map needs it; an empty one where none is defined.
    ///
    /// - Throws: `StoreError`.
    public func cityView() throws -> CityView {
        let city =
            try store.city() ?? City(id: "", title: "", timeZone: "UTC", tenant: "", districtSet: "", note: "")
        return CityView(
            city: city, districts: try store.districts(set: city.districtSet), sites: try store.sites(),
            streets: try store.streets(), sets: try store.districtSets())
    }

    private func situation() throws -> Situation {
        let actual = try store.totals(.actual, now: now, midnight: now)
        let exercise = try store.latestExercise()
        let waiting = try store.attention(.actual, endedSince: exercise?.started ?? now.adding(seconds: -3_600))
        return Situation(
            exercise: exercise, actualUnacknowledged: waiting.count, actualWorst: waiting.worst,
            actualTotal: actual.total, actualLast: actual.last,
            textLag: try store.textLag(), olderLag: try store.backFill()?.left ?? 0,
            refoldLag: try store.refoldProgress().map { max(1, $0.of - $0.at) } ?? 0, mapMark: try store.mapMark())
    }
}
