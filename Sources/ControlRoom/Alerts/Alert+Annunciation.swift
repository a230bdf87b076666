/// How an alarm is annunciated: it occurs, repeats, comes again, or becomes worse.
extension Alert {
    /// The alert that a first annunciation makes. A message that is stale when it is recorded has ended before it came.
    public init(subject: String, raised fact: AlertRaised, _ word: Word) {
        let time = word.counted
        self.init(
            subject: subject, tool: fact.tool, kind: fact.kind, severity: fact.severity, headline: fact.headline,
            since: time)
        source = word.source
        wanted = word.now
        entered = word.now
        (occurrence, alarms, alarmed) = (1, 1, word.now)
        take(fact, at: time, now: word.now)
        clock = word.isAhead ? .ahead : nil
    }

    /// Counts its occurrences from behind a number. For an alert that an event has just made.
    public mutating func begin(behind number: Int) {
        firstOccurrence += number
        occurrence += number
        annunciated += number
    }

    /// Occurs, repeats, re-alarms, or rises in severity.
    ///
    /// News that is older than the raise that stands makes it louder, never quieter: it counts if it asks for more, and is
    /// history otherwise.
    public mutating func raise(_ fact: AlertRaised, _ word: Word) -> Outcome {
        let (wasShelved, wasRemoved) = (shelving != nil, removal != nil)
        defer { assert((wasShelved || shelving == nil) && (wasRemoved || removal == nil), "kept quiet by no act") }
        return followed { $0.raiseAlone(fact, word) }
    }

    private mutating func raiseAlone(_ fact: AlertRaised, _ word: Word) -> Outcome {
        let (time, isActive) = (word.counted, isActive(at: word.now))
        let isLate = time < raised
        if isLate, isActive {
            guard fact.severity > latchedSeverity else { return .unchanged(.olderNews) }
            riseLate(fact, now: word.now)
            return .applied
        }
        let end = lastEnd(at: word.now)
        let (wasLatched, wasLatching) = (latched, latching)
        annunciate(fact, at: time, now: word.now)
        source = word.source
        clock = word.isAhead ? .ahead : isLate ? .late : nil
        if !isActive, let end, end.time > time { endAtOnce(end, now: word.now) }
        // What waits for a reset goes on waiting for it.
        if isLate {
            latching = latching || wasLatching
            latched = !active && (latched || wasLatched)
        }
        return .applied
    }

    private mutating func annunciate(_ fact: AlertRaised, at time: Timestamp, now: Timestamp) {
        let wasActive = isActive(at: now)
        let wasQuiet = isSuppressed
        let rises = fact.severity > currentSeverity
        if !wasActive { enter(at: time, now: now) }
        if !wasActive || rises { wantAcknowledgement(fact.severity, restart: !wasActive, now: now) }
        latchedSeverity = acknowledged ? fact.severity : max(latchedSeverity, fact.severity)
        // One that had gone stale was over: a one-shot shelf ended with it.
        if !wasActive { endOneShot(at: now) }
        unshelve(ifAbove: fact.severity, at: now)
        if wasQuiet { waitAnew(at: now) }
        occurrence += 1
        take(fact, at: time, now: now)
        countAlarm(!wasActive || rises, now: now)
    }

    private mutating func enter(at time: Timestamp, now: Timestamp) {
        since = time
        if chatters(annunciatedAt: now) { chattered = now }
        (entered, enteredBefore) = (now, entered)
    }

    private mutating func countAlarm(_ isAlarm: Bool, now: Timestamp) {
        if isAlarm, !isSuppressed { (alarms, alarmed) = (alarms + 1, now) }
    }

    /// What was worse, and is only heard of now: the newest word of the source on severity, time and end stays as it is.
    private mutating func riseLate(_ fact: AlertRaised, now: Timestamp) {
        let wasQuiet = isSuppressed
        wantAcknowledgement(fact.severity, restart: false, now: now)
        latchedSeverity = fact.severity
        unshelve(ifAbove: fact.severity, at: now)
        if wasQuiet { waitAnew(at: now) }
        occurrence += 1
        describe(fact)
        clock = .late
        countAlarm(true, now: now)
    }

    /// All that a raise says of the alarm.
    private mutating func take(_ fact: AlertRaised, at time: Timestamp, now: Timestamp) {
        raised = time
        // An end from before it began says nothing.
        stale = fact.stale.flatMap { $0 < time ? nil : $0 }
        active = stale.map { $0 > now } ?? true
        latched = !active && fact.latching
        ended = active ? nil : stale
        if !active, let stale { sourceEnd = SourceEnd(time: stale, recorded: now) }
        closing = nil
        replacedBy = nil
        currentSeverity = fact.severity
        latching = fact.latching
        describe(fact)
    }

    private mutating func describe(_ fact: AlertRaised) {
        tool = fact.tool
        kind = fact.kind
        status = fact.status
        headline = fact.headline
        confidence = fact.confidence
        place = fact.place ?? fact.area?.centroid?.wrapped
        district = fact.district
        areaName = fact.areaName
        site = fact.site
        externalID = fact.externalID
    }

    private mutating func wantAcknowledgement(_ severity: Severity, restart: Bool, now: Timestamp) {
        if acknowledged && restart { latchedSeverity = severity }
        if acknowledged || restart { wanted = now }
        // What is worse may be for somebody else.
        escalation = nil
        acknowledged = false
        acknowledgement = nil
        if restart {
            assessment = nil
            dissents = []
            assignment = nil
            link = nil
            request = nil
        }
        annunciated = occurrence + 1
    }

    // MARK: - News in the wrong order

    /// For so long, in seconds, an end that came before its raise is believed.
    public static let endCountsSeconds = 3_600.0

    /// When its source last said that it is over, a stale time included; nil where that is too long ago to say anything of a
    /// raise that comes now.
    private func lastEnd(at now: Timestamp) -> SourceEnd? {
        var end = sourceEnd
        if active, let stale, stale <= now { end = SourceEnd(time: stale, recorded: stale) }
        return end.flatMap { now.seconds(since: $0.recorded) <= Alert.endCountsSeconds ? $0 : nil }
    }

    /// Its source has said since that it is over. Whoever had not seen it still gets to.
    mutating func endAtOnce(_ end: SourceEnd, now: Timestamp) {
        sourceEnd = end
        guard active else { return }
        active = false
        latched = latching
        ended = now
        endOneShot(at: now)
    }

    /// What its source says of it, and how often it has: the same whoever did what about it.
    public mutating func takeDescription(of other: Alert) {
        subject = other.subject
        source = other.source
        (tool, kind, status, headline) = (other.tool, other.kind, other.status, other.headline)
        (confidence, place, district, areaName) = (other.confidence, other.place, other.district, other.areaName)
        (site, externalID, latching) = (other.site, other.externalID, other.latching)
        (occurrence, firstOccurrence) = (other.occurrence, other.firstOccurrence)
    }
}
