import ControlRoom

/// Who has a place at a hub, and who has to go for another: a value without sockets or clock.
///
/// Before its TLS handshake is finished a connection costs whoever opens it nothing, so these have few places, and a new one
/// takes that of the oldest. Afterwards the oldest that has shown no certificate in force goes first. An address from which a
/// member was served within the hour keeps places of its own in both, whatever other addresses do.
struct ConnectionPlaces {
    struct Limits: Sendable {
        /// Connections with a finished handshake, in all and of one address.
        var most = 4_000
        var mostOfOne = 1_000
        /// Connections without one, in all and of one address.
        var mostHandshakes = 256
        var handshakesOfOne = 16
        /// What an address that served a member keeps for itself, of each kind.
        var own = 16
        var ownSeconds = 3_600.0
        /// Addresses that are remembered; beyond, the one that was served longest ago is forgotten.
        var addresses = 4_096
    }

    private enum Stage { case handshaking, open }

    private struct Place {
        let address: String
        var stage: Stage
        /// Does not count among the places that all share.
        var isOwn: Bool
        /// When it was opened, among the others that showed no certificate; nil for who has shown one.
        var turn: Int?
    }

    private let limits: Limits
    private var places: [Int: Place] = [:]
    private var lastNumber = 0
    private var lastTurn = 0
    /// Oldest first.
    private var sharedHandshakes: [Int] = []
    private var handshakes: [String: [Int]] = [:]
    private var open: [String: Int] = [:]
    private var ownOpen: [String: Int] = [:]
    private var sharedOpen = 0
    /// By turn, so that the oldest comes first.
    private var strangers: [(turn: Int, number: Int)] = []
    private var served: [String: Timestamp] = [:]

    init(_ limits: Limits) { self.limits = limits }

    var count: Int { places.count }

    private func isKnown(_ address: String, _ now: Timestamp) -> Bool {
        served[address].map { abs(now.seconds(since: $0)) < limits.ownSeconds } ?? false
    }

    // MARK: - Coming

    /// A connection whose handshake begins.
    ///
    /// - Returns: its number, and who goes for it.
    mutating func arrive(_ address: String, now: Timestamp) -> (number: Int, goes: [Int]) {
        var goes: [Int] = []
        let mine = handshakes[address] ?? []
        let shared = mine.filter { places[$0]?.isOwn == false }
        let isOwn = isKnown(address, now) && mine.count - shared.count < limits.own
        if !isOwn, shared.count >= limits.handshakesOfOne {
            leave(shared[0])
            goes.append(shared[0])
        }
        let number = next()
        places[number] = Place(address: address, stage: .handshaking, isOwn: isOwn, turn: nil)
        handshakes[address, default: []].append(number)
        guard !isOwn else { return (number, goes) }
        sharedHandshakes.append(number)
        if sharedHandshakes.count > limits.mostHandshakes {
            let oldest = sharedHandshakes[0]
            leave(oldest)
            goes.append(oldest)
        }
        return (number, goes)
    }

    /// A connection without a handshake of its own: plain HTTP on loopback.
    mutating func arriveOpen(_ address: String, now: Timestamp) -> (number: Int, hasPlace: Bool, goes: [Int]) {
        let number = next()
        places[number] = Place(address: address, stage: .handshaking, isOwn: false, turn: nil)
        let (hasPlace, goes) = finish(number, now: now)
        return (number, hasPlace, goes)
    }

    private mutating func next() -> Int {
        lastNumber += 1
        return lastNumber
    }

    /// The handshake is finished.
    ///
    /// - Returns: whether there is a place for it, and who goes for it. Without a place it has left already.
    mutating func finish(_ number: Int, now: Timestamp) -> (hasPlace: Bool, goes: [Int]) {
        guard let place = places[number], place.stage == .handshaking else { return (places[number] != nil, []) }
        leave(number)
        let address = place.address
        guard open[address, default: 0] < limits.mostOfOne else { return (false, []) }
        let isOwn = isKnown(address, now) && ownOpen[address, default: 0] < limits.own
        var goes: [Int] = []
        if !isOwn, sharedOpen >= limits.most {
            guard let oldest = strangers.first(where: { places[$0.number]?.isOwn == false }) else { return (false, []) }
            leave(oldest.number)
            goes.append(oldest.number)
        }
        lastTurn += 1
        places[number] = Place(address: address, stage: .open, isOwn: isOwn, turn: lastTurn)
        strangers.append((lastTurn, number))
        open[address, default: 0] += 1
        if isOwn { ownOpen[address, default: 0] += 1 } else { sharedOpen += 1 }
        return (true, goes)
    }

    // MARK: - Staying, and leaving

    /// It showed a certificate in force, or one that can be renewed: it stays, and its address keeps places of its own.
    mutating func serve(_ number: Int, now: Timestamp) {
        guard let place = places[number], place.stage == .open else { return }
        remember(place.address, now)
        if let turn = place.turn {
            forgetStranger(turn)
            places[number]?.turn = nil
        }
        guard !place.isOwn, ownOpen[place.address, default: 0] < limits.own else { return }
        places[number]?.isOwn = true
        sharedOpen -= 1
        ownOpen[place.address, default: 0] += 1
    }

    private mutating func remember(_ address: String, _ now: Timestamp) {
        if served[address] == nil, served.count >= limits.addresses,
            let oldest = served.min(by: { $0.value < $1.value })
        {
            served[oldest.key] = nil
        }
        served[address] = now
    }

    /// It is closed, or has to go; a number that has left already is none.
    mutating func leave(_ number: Int) {
        guard let place = places.removeValue(forKey: number) else { return }
        switch place.stage {
        case .handshaking:
            handshakes[place.address]?.removeAll { $0 == number }
            if handshakes[place.address]?.isEmpty == true { handshakes[place.address] = nil }
            if !place.isOwn, let index = sharedHandshakes.firstIndex(of: number) { sharedHandshakes.remove(at: index) }
        case .open:
            take(1, from: &open, place.address)
            if place.isOwn { take(1, from: &ownOpen, place.address) } else { sharedOpen -= 1 }
            if let turn = place.turn { forgetStranger(turn) }
        }
        assert(sharedOpen >= 0 && sharedOpen <= limits.most && sharedHandshakes.count <= limits.mostHandshakes)
    }

    private func take(_ count: Int, from counts: inout [String: Int], _ address: String) {
        let left = (counts[address] ?? count) - count
        counts[address] = left > 0 ? left : nil
    }

    private mutating func forgetStranger(_ turn: Int) {
        var (low, high) = (0, strangers.count)
        while low < high {
            let middle = (low + high) / 2
            if strangers[middle].turn < turn { low = middle + 1 } else { high = middle }
        }
        if low < strangers.count, strangers[low].turn == turn { strangers.remove(at: low) }
    }
}
