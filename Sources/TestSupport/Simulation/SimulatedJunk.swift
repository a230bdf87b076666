import ControlRoom
import Feed
import HubCore

/// Somebody who writes into a tenant's log past all hubs: bytes that are no event.
final class SimulatedJunk {
    private(set) var count = 0

    func put(into log: any EventLog, _ chance: inout SeededChance, now: Timestamp) throws {
        count += 1
        let kinds = JunkBytes.all
        let body = kinds[Int(chance.unit() * Double(kinds.count))].body
        // The log below knows entries by their names.
        _ = try log.append(
            [NewEntry(source: "", id: "junk-\(count)", body: body, content: .ofDataAlone(body))], now: now)
    }
}
