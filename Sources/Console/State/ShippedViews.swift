import ControlRoom

extension Texts {
    /// Views that every console has, those of a role first.
    func shippedViews(for identity: Identity) -> [AlertView] {
        let own: [(Phrase, String, AlertOrder)] =
            switch identity.role {
            case .supervisor:
                [
                    (.viewAsked, "requested = yes", .oldest), (.viewEscalated, "escalated = yes", .oldest),
                    (.viewReview, "shelved-for > 8h or state = out-of-service", .oldest),
                    (.viewLate, "state = waiting and age > 10m", .oldest), (.viewShelved, "state = shelved", .need),
                    (.viewLong, "state = open and age > 1d", .oldest),
                    (.viewFalse, "verdict = rejected and raised > today", .newest),
                ]
            case .responder:
                [
                    (.viewConfirmed, "verdict = confirmed and state = open", .need),
                    (.viewNear, "within 500m of here", .need),
                ]
            case .analyst: [(.viewCyber, "tool in (CTI CTDR)", .need)]
            case .dpo, .admin: [(.viewToday, "raised > today and (active = yes or active = no)", .newest)]
            case .operator, .sensor, .hub: []
            }
        let all: [(Phrase, String, AlertOrder)] = [
            (.viewMine, "owner = \(FilterWriter.quoted(identity.actor)) and state = open", .need),
            (.viewWaiting, "state = waiting", .need), (.viewSevere, "severity >= high", .need),
            (.viewHour, "age < 1h", .newest), (.viewGoing, "state = acknowledged", .oldest),
            (.viewNuisance, "chattering = yes or fleeting = yes", .newest),
        ]
        return (own + all).map { AlertView(name: self($0), filter: $1, order: $2) }
    }
}
