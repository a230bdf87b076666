import Foundation
import Synchronization
import TestSupport

/// A hub on its own log, two members with a console each that follows it, cameras that post and members who acknowledge, all at
/// once and all the time.
final class LoadedCity: Sendable {
    /// Whoever is killed.
    enum Victim: Int, CaseIterable {
        case hub, firstConsole, secondConsole, acknowledging
    }

    /// What was said to be done. An act that was killed in the middle is none of it.
    struct Books {
        /// Subjects of alarms that the hub has taken.
        var taken: [String] = []
        /// Those whose acknowledgement a command has confirmed, or has said to be kept.
        var acknowledged: [Set<String>] = [[], []]
        /// Subjects that somebody has begun to acknowledge.
        var begun: Set<String> = []
        /// What no command should say.
        var odd: [String] = []
        var isOver = false
    }

    static let actors = ["op7", "op8"]
    private static let batchSize = 5
    /// From one batch of a camera to the next.
    private static let pauseSeconds = 0.1

    let host: HubHost
    private let desks: [SharedDesk]
    private let camera: String
    private let books = Mutex(Books())
    private let following: Mutex<[pid_t?]> = Mutex([nil, nil])
    private let lanes = DispatchGroup()

    /// A desk is its folder and its environment: commands run in it beside each other, as processes do.
    private struct SharedDesk: @unchecked Sendable {
        let desk: Desk
    }

    init() throws {
        host = try HubHost(["police"])
        try host.start()
        let host = host
        desks = try LoadedCity.actors.map { SharedDesk(desk: try host.person($0)) }
        camera = try host.machine("cam")
        for number in desks.indices { try follow(number) }
    }

    deinit { stopConsoles() }

    func desk(_ number: Int) -> Desk { desks[number].desk }

    var now: Books { books.withLock { $0 } }

    // MARK: - Load

    func begin() {
        for lane in 0..<2 {
            run { [self] in
                var number = 0
                while !now.isOver {
                    number += 1
                    Thread.sleep(forTimeInterval: LoadedCity.pauseSeconds)
                    try bring((0..<LoadedCity.batchSize).map { "lane\(lane)-\(number)-\($0)" })
                }
            }
        }
        for number in desks.indices { run { [self] in while !now.isOver { try acknowledgeNext(number) } } }
    }

    private func run(_ body: @escaping @Sendable () throws -> Void) {
        lanes.enter()
        Thread.detachNewThread { [self] in
            do { try body() } catch { books.withLock { $0.odd.append("\(error)") } }
            lanes.leave()
        }
    }

    /// As a camera does that is not answered in time: again, until the hub has all of it.
    private func bring(_ subjects: [String]) throws {
        let events = subjects.map { HubHost.alert($0, id: "id-" + $0) }
        let file = try desks[0].desk.file("batch-\(UUID().uuidString)", "[" + events.joined(separator: ",") + "]")
        defer { try? FileManager.default.removeItem(atPath: file) }
        var outcome: Outcome
        repeat {
            outcome = try host.curl(
                "/v1/events", as: camera, "-H", "Content-Type: application/cloudevents-batch+json", "--data-binary",
                "@" + file)
        } while outcome.code != 202
        if !outcome.output.contains(#""rejected":[]"#) { books.withLock { $0.odd.append("\(outcome)") } }
        books.withLock { $0.taken += subjects }
    }

    /// One of the alarms that nobody has begun to acknowledge.
    private func nextToAcknowledge() -> String? {
        books.withLock { books in
            let next = books.taken.last { !books.begun.contains($0) }
            next.map { _ = books.begun.insert($0) }
            return next
        }
    }

    private func acknowledgeNext(_ number: Int) throws {
        guard let subject = nextToAcknowledge() else { return Thread.sleep(forTimeInterval: 0.05) }
        while true {
            let outcome = try desks[number].desk.hubbed("ack", subject)
            // Its console does not have the alarm yet.
            if outcome.code == 65, outcome.complaints.contains("no alert is called") {
                if now.isOver { return }
                continue
            }
            let isDone = outcome.code == 0 || outcome.code == 75 && outcome.complaints.contains("kept")
            books.withLock { books in
                if isDone {
                    books.acknowledged[number].insert(subject)
                } else {
                    books.odd.append("ack \(subject): \(outcome)")
                }
            }
            return
        }
    }

    /// Cameras end when the hub has all that they began to bring.
    func end() -> Books {
        books.withLock { $0.isOver = true }
        lanes.wait()
        stopConsoles()
        return now
    }

    // MARK: - Kills

    /// Kills, and starts again what was killed.
    func kill(_ victim: Victim, after seconds: Double) throws {
        let act = victim == .acknowledging ? try startAcknowledging() : nil
        Thread.sleep(forTimeInterval: seconds)
        switch victim {
        case .hub:
            host.kill()
            try host.start()
        case .firstConsole: try killConsole(0)
        case .secondConsole: try killConsole(1)
        case .acknowledging: act.map(Programs.end)
        }
    }

    private func killConsole(_ number: Int) throws {
        stopConsole(number)
        try follow(number)
    }

    private func follow(_ number: Int) throws {
        let process = try desks[number].desk.start("sync")
        following.withLock { $0[number] = process }
    }

    private func stopConsole(_ number: Int) {
        let process = following.withLock { following in
            defer { following[number] = nil }
            return following[number]
        }
        process.map(Programs.end)
    }

    private func stopConsoles() { for number in desks.indices { stopConsole(number) } }

    private func startAcknowledging() throws -> pid_t? {
        guard let subject = nextToAcknowledge() else { return nil }
        return try desks[0].desk.start("ack", subject)
    }
}
