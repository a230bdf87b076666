import ControlRoom
import Store

/// Messages under way. Requests and answers are lost, doubled, delayed and overtaken.
struct SimulatedNetwork {
    enum Request {
        case stream
        case post
        case fill
    }

    enum Message {
        case open(console: Int, life: Int, hub: Int, log: String?, after: Int64)
        case post(console: Int, life: Int, hub: Int, [Store.Waiting], upTo: Int64)
        case answer(console: Int, life: Int, [Store.Waiting], rejected: [String: String], upTo: Int64)
        case fill(console: Int, life: Int, hub: Int, after: Int64)
        case older(console: Int, life: Int, [AdmittedEvent])
        /// Whoever asked has waited long enough.
        case lost(console: Int, life: Int, Request)
        case ended(console: Int, stream: Int)
        case report(Event, sensor: Int, hub: Int)
        /// What became of a report.
        case told(String, sensor: Int, isTaken: Bool)

        /// What its sender sees when it is lost.
        var loss: Message? {
            switch self {
            case .open(let console, let life, _, _, _): .lost(console: console, life: life, .stream)
            case .post(let console, let life, _, _, _), .answer(let console, let life, _, _, _):
                .lost(console: console, life: life, .post)
            case .fill(let console, let life, _, _), .older(let console, let life, _):
                .lost(console: console, life: life, .fill)
            default: nil
            }
        }

        var isDoubled: Bool {
            switch self {
            case .post, .report: true
            default: false
            }
        }
    }

    private var underWay: [(at: Timestamp, message: Message)] = []

    mutating func send(_ message: Message, at time: Timestamp) { underWay.append((time, message)) }

    mutating func send(_ message: Message, at now: Timestamp, _ chance: inout SeededChance, isHealing: Bool) {
        if isHealing { return underWay.append((now, message)) }
        if chance.unit() < 0.12 {
            if let loss = message.loss { underWay.append((now.adding(seconds: 1 + chance.unit() * 4), loss)) }
            return
        }
        underWay.append((now.adding(seconds: chance.unit() * 2), message))
        if message.isDoubled, chance.unit() < 0.15 {
            // The second one's answer is nobody's: only the hub sees it.
            underWay.append((now.adding(seconds: chance.unit() * 5), message))
        }
    }

    mutating func due(_ now: Timestamp, _ chance: inout SeededChance, isHealing: Bool) -> [Message] {
        let due = underWay.filter { $0.at <= now }
        underWay.removeAll { $0.at <= now }
        return isHealing ? due.map(\.message) : due.map(\.message).shuffled(using: &chance)
    }

    /// What is under way comes at once.
    mutating func heal() { underWay = underWay.map { (Timestamp(milliseconds: 0), $0.message) } }
}
