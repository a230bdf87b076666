import ControlRoom

extension Texts {
    /// Views that every console has, those of a role first.
    func shippedViews(for role: Role) -> [AlertView] {
        let own: [(Phrase, String, AlertOrder)] =
            switch role {
            case .supervisor:
                [
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
            (.viewWaiting, "state = waiting", .need), (.viewSevere, "severity >= high", .need),
            (.viewHour, "age < 1h", .newest), (.viewGoing, "state = acknowledged", .oldest),
        ]
        return (own + all).map { AlertView(name: self($0), filter: $1, order: $2) }
    }
}
