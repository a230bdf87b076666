public import ControlRoom

extension Texts {
    /// What an event did, in one word: for timelines and logs. A type that is not known says its own name.
    func past(of type: EventType) -> String {
        Texts.past[type].map { self($0) } ?? type.shortName ?? type.rawValue
    }

    private static let past: [EventType: Phrase] = [
        .alertRaised: .pastRaised, .alertCleared: .pastCleared, .alertCancelled: .pastCancelled,
        .alertAcknowledged: .pastAcknowledged, .alertAssessed: .pastAssessed, .alertClosed: .pastClosed,
        .alertReset: .pastReset, .alertShelved: .pastShelved, .alertUnshelved: .pastUnshelved,
        .alertNoted: .pastNoted, .actUndone: .pastUndone, .observationRecorded: .pastObserved,
        .toolReported: .pastReported, .checklistStarted: .pastStarted, .checklistStepSet: .pastStep,
        .checklistNoted: .pastNoted, .cityDefined: .pastDefined, .districtDefined: .pastDefined,
        .siteDefined: .pastDefined, .streetsDefined: .pastDefined, .assetDefined: .pastDefined,
        .vulnerabilityListed: .pastListed, .playbookPublished: .pastPublished,
        .exerciseStarted: .pastExerciseStarted, .exerciseEnded: .pastExerciseEnded,
        .alertWithdrawn: .pastWithdrawn, .tenantAdded: .pastAdded, .agreementMade: .pastAgreed,
        .agreementEnded: .pastAgreementEnded, .hubFollowed: .pastFollowed, .enrolmentOffered: .pastOffered,
        .enrolmentWithdrawn: .pastCodeWithdrawn,
        .identityEnrolled: .pastEnrolled,
        .identityRevoked: .pastRevoked, .logCheckpointed: .pastCheckpointed,
        .logTrimmed: .pastTrimmed, .retentionSet: .pastRetention, .alertSuppressed: .pastSuppressed,
        .alertUnsuppressed: .pastUnsuppressed, .alertRemovedFromService: .pastRemoved,
        .alertReturnedToService: .pastReturned, .alertTaken: .pastTaken, .alertAssigned: .pastAssigned,
        .alertEscalated: .pastEscalated, .alertReminded: .pastReminded, .alertLinked: .pastLinked,
        .approvalRequested: .pastRequested,
        .approvalGranted: .pastGranted, .approvalRefused: .pastRefused, .alarmPolicySet: .pastPolicy,
        .suppressionStarted: .pastRuleStarted, .suppressionEnded: .pastRuleEnded,
        .toolRegistered: .pastToolRegistered, .toolRemoved: .pastToolRemoved,
    ]

    /// Why an act had no effect, to its author.
    public func words(for reason: Outcome.Reason, to actor: String) -> String {
        if case .alreadyAcknowledged(let by) = reason, by == actor { return self(.codeAlreadyYours) }
        return words(for: reason)
    }

    /// Why an act had no effect, to whoever asks.
    public func words(for reason: Outcome.Reason) -> String {
        switch reason {
        case .unknownSubject: self(.codeUnknownSubject)
        case .alreadyAcknowledged(let by): self(.codeAlready, by)
        case .newerOccurrence(let occurrence): self(.codeNewer, String(occurrence))
        case .forgottenAlarm: self(.codeForgottenAlarm)
        case .noSuchOccurrence(let occurrence): self(.codeNoSuchOccurrence, String(occurrence))
        case .severityRose(let severity): self(.codeRose, word(for: severity))
        case .notAcknowledged: self(.codeNotAcknowledged)
        case .notActive: self(.codeNotActive)
        case .alreadyClosed: self(.codeAlreadyClosed)
        case .notLatched: self(.codeNotLatched)
        case .stepAlready(let state, let by):
            self(.codeStep, ChecklistRun.StepState(rawValue: state).map { word(for: $0) } ?? state, by)
        case .unknownStep(let step): self(.codeUnknownStep, String(step))
        case .unknownPlaybook(let id): self(.codeUnknownPlaybook, id)
        case .nothingToUndo: self(.codeNothingToUndo)
        case .notYours(let by): self(.codeNotYours, by)
        case .needsApproval: self(.codeNeedsApproval)
        case .noSuchRequest: self(.codeNoRequest)
        case .alreadyRequested(let by): self(.codeRequested, by)
        case .fourEyes: self(.codeFourEyes)
        case .alreadySuppressed: self(.codeSuppressed)
        case .notSuppressed: self(.codeNotSuppressed)
        case .outOfService(let by): self(.codeOutOfService, by)
        case .alreadyOwned(let by): self(.codeOwned, by.isEmpty ? self(.nobody) : by)
        case .alreadyLinked: self(.codeLinked)
        case .ownCause: self(.codeOwnCause)
        case .restsOnIt(let by): self(.codeRestsOnIt, by)
        case .namesNothing: self(.codeNamesNothing)
        case .olderNews: self(.codeOlderNews)
        case .notItsSource: self(.codeNotItsSource)
        case .wouldSilence: self(.codeWouldSilence)
        case .tooManyTools(let count): self(.codeTooManyTools, number(count))
        }
    }

    /// One reason of an asset's risk; the due date is told from today.
    public func words(for reason: Risk.Reason, today: Int64) -> String {
        switch reason {
        case .exposed(let exposure): return words(for: exposure)
        case .criticality(let value): return self(.riskCriticality, String(value))
        case .openAlerts(let count, let worst): return self(.riskAlerts, number(count), word(for: worst))
        case .knownExploited(let count, let due, let ransomware):
            let days = due - today
            let text = self(days < 0 ? .riskExploitsOverdue : .riskExploits, number(count), number(Int(abs(days))))
            return ransomware ? text + ", " + self(.riskRansomware) : text
        }
    }

    private func words(for exposure: Asset.Exposure) -> String {
        switch exposure {
        case .internet: self(.riskInternet)
        case .partner: self(.riskPartner)
        case .internal: self(.riskInternal)
        case .isolated: self(.riskIsolated)
        }
    }
}
