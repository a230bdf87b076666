import ControlRoom
import HubCore
import Synchronization

/// The bytes that all connections together may make the hub hold: bodies that are read, and answers that wait for a reader.
///
/// A part of it is for people alone: however much machines bring, an act is taken and a stream is opened. Lines of syslog have a part
/// of what is machines': a plain address takes them of anybody, also unfinished ones. What does not fit is refused before it is held.
final class MemoryBudget: Sendable {
    enum Use: Sendable { case machines, syslog, people }

    /// The part of the whole that machines leave free, and that syslog may take at most.
    static let peoplesShare = 4
    static let syslogShare = 4

    let most: Int
    private let mostOfMachines: Int
    private let mostOfSyslog: Int
    private let held = Mutex((all: 0, machines: 0, syslog: 0))

    /// - Parameter most: bytes.
    init(most: Int) {
        self.most = most
        mostOfMachines = most - most / MemoryBudget.peoplesShare
        mostOfSyslog = most / MemoryBudget.syslogShare
    }

    /// Bytes that are held, and those of them by machines, syslog among them.
    var used: (all: Int, machines: Int) { held.withLock { ($0.all, $0.machines) } }

    /// - Returns: what holds the bytes until nobody has it any more; nil where they do not fit.
    func hold(_ bytes: Int, for use: Use) -> Held? {
        let held = Held(self, use)
        return held.grow(by: bytes) ? held : nil
    }

    fileprivate func take(_ bytes: Int, _ use: Use) -> Bool {
        held.withLock { held in
            guard held.all + bytes <= most, use == .people || held.machines + bytes <= mostOfMachines,
                use != .syslog || held.syslog + bytes <= mostOfSyslog
            else { return false }
            held.all += bytes
            if use != .people { held.machines += bytes }
            if use == .syslog { held.syslog += bytes }
            return true
        }
    }

    fileprivate func giveBack(_ bytes: Int, _ use: Use) {
        held.withLock { held in
            held.all -= bytes
            if use != .people { held.machines -= bytes }
            if use == .syslog { held.syslog -= bytes }
            assert(held.all >= held.machines && held.machines >= held.syslog && held.syslog >= 0)
        }
    }
}

/// Bytes of a budget, given back when nobody has this any more.
final class Held: Sendable {
    private let budget: MemoryBudget
    private let use: MemoryBudget.Use
    private let bytes = Mutex(0)

    fileprivate init(_ budget: MemoryBudget, _ use: MemoryBudget.Use) {
        self.budget = budget
        self.use = use
    }

    deinit { budget.giveBack(bytes.withLock { $0 }, use) }

    /// False where so many more do not fit; those that are held stay.
    func grow(by more: Int) -> Bool {
        guard budget.take(more, use) else { return false }
        bytes.withLock { $0 += more }
        return true
    }

    /// Gives back all but so many.
    func shrink(to rest: Int) {
        let back = bytes.withLock { bytes in
            let back = max(0, bytes - rest)
            bytes -= back
            return back
        }
        budget.giveBack(back, use)
    }
}

extension MemoryBudget {
    /// Of a body there are three copies for a moment: as it came, as events, and as entries of the log.
    static let copiesOfBody = 3
    /// Of a follower that does not read: a page of the log, what is on its way to the event loop, and what waits in the channel.
    static let stream = (256 << 10) + PacedWriter.mostUnseen + PacedWriter.slice
    static let refusal = "the hub has no memory left for this now; send it again a little later"
}

extension Submitter {
    /// Whose share of the memory a post takes; on a trial, where everybody is one, that of machines.
    var bringsAs: MemoryBudget.Use { isTrial || identity.role == .sensor ? .machines : .people }
}
