public import ControlRoom

/// The words for the domain's terms.
extension Texts {
    public func word(for severity: Severity) -> String {
        switch severity {
        case .critical: self(.severityCritical)
        case .high: self(.severityHigh)
        case .medium: self(.severityMedium)
        case .low: self(.severityLow)
        case .info: self(.severityInfo)
        }
    }

    /// At most four letters.
    func short(_ severity: Severity) -> String {
        switch severity {
        case .critical: self(.shortCritical)
        case .high: self(.shortHigh)
        case .medium: self(.shortMedium)
        case .low: self(.shortLow)
        case .info: self(.shortInfo)
        }
    }

    func word(for state: AlertState) -> String {
        switch state {
        case .normal: self(.stateNormal)
        case .unacknowledged: self(.stateUnacknowledged)
        case .acknowledged: self(.stateAcknowledged)
        case .shelved: self(.stateShelvedWord)
        case .suppressed: self(.stateSuppressed)
        case .rtnUnacknowledged: self(.stateRtn)
        case .latchedUnacknowledged: self(.stateLatchedUnack)
        case .latchedAcknowledged: self(.stateLatchedAck)
        case .outOfService: self(.stateOutOfService)
        }
    }

    func word(for role: Role) -> String {
        switch role {
        case .operator: self(.roleOperator)
        case .supervisor: self(.roleSupervisor)
        case .responder: self(.roleResponder)
        case .analyst: self(.roleAnalyst)
        case .dpo: self(.roleDpo)
        case .admin: self(.roleAdmin)
        case .sensor: self(.roleSensor)
        case .hub: self(.roleHub)
        }
    }

    /// A role as a playbook writes it.
    func word(for role: String) -> String { Role(rawValue: role).map { word(for: $0) } ?? role }

    func word(for right: Right) -> String {
        switch right {
        case .acknowledge: self(.rightAcknowledge)
        case .assess: self(.rightAssess)
        case .close: self(.rightClose)
        case .shelve: self(.rightShelve)
        case .runChecklist: self(.rightRunChecklist)
        case .note: self(.rightNote)
        case .importData: self(.rightImportData)
        case .runExercise: self(.rightRunExercise)
        case .define: self(.rightDefine)
        case .defineAssets: self(.rightDefineAssets)
        case .definePlaybooks: self(.rightDefinePlaybooks)
        case .report: self(.rightReport)
        case .read: self(.rightRead)
        case .removeFromService: self(.rightRemove)
        case .approve: self(.rightApprove)
        case .assign: self(.rightAssign)
        case .setPolicy: self(.rightPolicy)
        case .defineTools: self(.rightTools)
        case .suppress: self(.rightSuppress)
        }
    }

    func word(for verdict: Verdict) -> String {
        switch verdict {
        case .confirmed: self(.verdictConfirmed)
        case .rejected: self(.verdictRejected)
        }
    }

    func mark(for verdict: Verdict) -> String {
        switch verdict {
        case .confirmed: self(.markConfirmed)
        case .rejected: self(.markRejected)
        }
    }

    func word(for disposition: Disposition) -> String {
        switch disposition {
        case .none: self(.dispositionNone)
        case .some: self(.dispositionSome)
        case .significant: self(.dispositionSignificant)
        case .duplicate: self(.dispositionDuplicate)
        case .falsePositive: self(.dispositionFalse)
        }
    }

    func word(for reason: SuppressionReason.Code) -> String {
        switch reason {
        case .maintenance: self(.reasonMaintenance)
        case .knownFault: self(.reasonKnownFault)
        case .test: self(.reasonTest)
        case .duplicate: self(.reasonDuplicate)
        case .other: self(.reasonOther)
        }
    }

    func word(for state: ChecklistRun.StepState) -> String {
        switch state {
        case .open: self(.stepOpen)
        case .done: self(.stepDone)
        case .blocked: self(.stepBlocked)
        case .notApplicable: self(.stepNotApplicable)
        }
    }

    func word(for show: AlertFilter.Show) -> String {
        switch show {
        case .open: self(.showOpen)
        case .unacknowledged: self(.showUnacknowledged)
        case .shelved: self(.showShelved)
        case .all: self(.showAll)
        }
    }

    func words(for shelf: Shelf) -> String {
        if shelf.isOnce { return self(.shelveOnce, String(shelf.seconds / 3_600)) }
        if shelf.seconds >= 86_400 { return self(.shelveDays, String(shelf.seconds / 86_400)) }
        return shelf.seconds < 3_600
            ? self(.shelveMinutes, String(shelf.seconds / 60)) : self(.shelveHours, String(shelf.seconds / 3_600))
    }

    func word(for order: AlertOrder) -> String {
        switch order {
        case .need: self(.orderNeed)
        case .newest: self(.orderNewest)
        case .oldest: self(.orderOldest)
        case .severity: self(.orderSeverity)
        case .columns: self(.orderColumns, order.name.replacing(",", with: ", "))
        }
    }

    func word(for column: AlertColumn) -> String {
        switch column {
        case .severity: self(.columnSeverity)
        case .age: self(.columnAge)
        case .state: self(.columnState)
        case .district: self(.columnDistrict)
        case .tool: self(.columnTool)
        case .headline: self(.columnHeadline)
        case .confidence: self(.columnConfidence)
        case .occurrence: self(.columnOccurrence)
        }
    }

    func words(for problem: AlertOrder.Problem) -> String {
        switch problem {
        case .unknown(let name):
            self(.sortUnknown, name, SortColumn.Field.allCases.map(\.rawValue).joined(separator: " "))
        case .twice(let name): self(.sortTwice, name)
        case .tooMany: self(.sortTooMany)
        case .empty: self(.sortEmpty)
        }
    }

    func word(for status: MessageStatus) -> String {
        switch status {
        case .actual: self(.statusActual)
        case .exercise: self(.statusExercise)
        case .system: self(.statusSystem)
        case .test: self(.statusTest)
        case .draft: self(.statusDraft)
        }
    }

    func name(of realm: Realm) -> String {
        switch realm {
        case .actual: self(.realmActual)
        case .technical: self(.realmTechnical)
        case .exercise(let run): self(.realmExercise, String(run.prefix { $0 != "/" }))
        }
    }

    public func title(of pane: PaneKind) -> String {
        switch pane {
        case .alerts: self(.paneAlerts)
        case .detail: self(.paneDetail)
        case .map: self(.paneMap)
        case .assets: self(.paneAssets)
        case .checklist: self(.paneChecklist)
        case .log: self(.paneLog)
        case .metrics: self(.paneMetrics)
        }
    }

    /// One of eight directions, 0 for north, clockwise.
    func compass(_ point: Int) -> String {
        let words: [Phrase] = [.compass0, .compass1, .compass2, .compass3, .compass4, .compass5, .compass6, .compass7]
        return self(words[max(0, min(7, point))])
    }

    public func title(of command: Command) -> String {
        guard let words = Texts.commands[command] else { return command.name }
        return language == .italian ? words.italian : words.english
    }

    /// One word for the last line.
    func hint(for command: Command) -> String {
        let words = Texts.commands[command]
        return (language == .italian ? words?.italianHint : words?.englishHint) ?? title(of: command)
    }
}
