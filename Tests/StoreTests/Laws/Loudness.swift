import ControlRoom

/// How much an alarm asks for a person.
struct Loudness: Equatable {
    /// An acknowledgement is wanted, whether or not something keeps it quiet.
    var waits = false
    /// The severity that is to be acknowledged; nil where none is.
    var severity: Severity?
    /// It goes on, or is latched.
    var isActive = false
    /// It stands in the lists.
    var isOpen = false
    /// Until when something keeps it quiet; nil where nothing does.
    var quietUntil: Timestamp?

    /// - Parameter alert: nil where there is none any more.
    init(of alert: Alert?, at now: Timestamp) {
        guard let alert else { return }
        var bare = alert
        (bare.shelving, bare.suppressors, bare.removal) = (nil, [], nil)
        waits = bare.state(at: now).needsAcknowledgement
        severity = waits ? alert.severity : nil
        isActive = alert.isActive(at: now) || alert.latched
        isOpen = alert.isOpen(at: now)
        let shelf = alert.isShelved(at: now) ? alert.shelvedUntil : nil
        let removal = alert.removal == nil ? nil : Timestamp.distantFuture
        quietUntil = [shelf, alert.designedUntil, removal].compactMap { $0 }.filter { $0 > now }.max()
    }

    func isQuieter(than before: Loudness) -> Bool {
        if before.waits, !waits { return true }
        if let asked = before.severity, severity.map({ $0 < asked }) ?? true { return true }
        if before.isActive && !isActive || before.isOpen && !isOpen { return true }
        guard let quietUntil else { return false }
        return before.quietUntil.map { quietUntil > $0 } ?? true
    }
}
