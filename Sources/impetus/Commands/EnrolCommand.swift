import ArgumentParser
import Console
import ControlRoom
import Foundation
import Shell
import Standards
import Store
import Sync
import Synchronization
import Trust

struct EnrolCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enrol", abstract: "Become a member of a hub, with a code that its administrator gave you.")

    @Option(help: ArgumentHelp("The hub; may be given again, the preferred one first.", valueName: "url")) var hub:
        [String]
    @Argument(help: "The code: eight groups of four.") var code: String
    @Option(name: .customLong("as"), help: ArgumentHelp("How the identity is called here.", valueName: "name"))
    var name: String?
    @Option(
        help: ArgumentHelp(
            "For a machine that posts by itself: key.pem, certificate.pem and authority.pem, without a passphrase.",
            valueName: "dir"))
    var machine: String?

    func run() throws {
        guard let code = EnrolmentCode(code) else {
            throw Usage.wrong("a code has eight groups of four letters and digits")
        }
        let addresses = try hub.map { try HubAddress($0) }
        guard let first = addresses.first else { throw Usage.wrong("--hub https://HOST:PORT") }
        guard addresses.allSatisfy(\.isSecure) else { throw Usage.wrong("one enrols over https alone") }
        if let name {
            // Before the code is used up.
            guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else {
                throw Usage.wrong("a name is no path")
            }
            guard free(name) == name else {
                throw Usage.wrong("\(name) is enrolled here already; choose another name with --as")
            }
        }
        if let machine, MachineIdentity.exists(in: machine) {
            throw Usage.wrong("a machine is enrolled in \(machine) already; choose another folder")
        }
        let pending = PendingKey(of: code, in: machine ?? Membership.folder)
        do {
            let key = try key(pending)
            let authority = try Waiting.on { try await Enrolment.authority(of: first.url, code: code) }
            let applicant: Applicant = machine == nil ? .person : .machine
            let made = try Waiting.on {
                try await Enrolment.enrol(at: first.url, code: code, key: key.key, authority: authority, as: applicant)
            }
            let urls = addresses.map(\.url)
            if let machine {
                try MachineIdentity.keep(key.key, made, authority, hubs: urls, in: machine)
                tellMachine(made, machine)
            } else {
                let name = free(name ?? made.identity.actor + "@" + made.identity.tenant)
                try EnrolledIdentity.keep(
                    in: Membership.folder(of: name), key: key.key, passphrase: key.passphrase, certificate: made,
                    authority: authority, hubs: urls)
                tell(made, name)
            }
            pending.forget()
        } catch let failure as HubClient.Failure {
            Output.note("\(first.url): \(failure.description)")
            if case .unreachable = failure {
                Output.note("the same command goes on where this one stopped, as long as the code is good")
                throw ExitCode.tryLater
            }
            pending.forget()
            throw ExitCode.notPermitted
        } catch is SealedKey.Failure {
            Output.note("an enrolment with this code was begun here with another passphrase; give that one")
            throw ExitCode.notPermitted
        } catch let failure as EnrolledIdentity.Failure {
            Output.note(failure.description)
            throw ExitCode.cannotCreate
        }
    }

    /// The key is on the disk before the hub is asked: an answer that is lost can be asked for again.
    private func key(_ pending: PendingKey) throws -> (key: SigningKey, passphrase: String) {
        guard machine == nil else { return (try pending.plain(), "") }
        let passphrase = try IdentityPassphrase.ask(name ?? "the new identity", isNew: true)
        return (try pending.sealed(passphrase: passphrase), passphrase)
    }

    /// A code is good once: where the name is taken, the identity gets another.
    private func free(_ name: String) -> String {
        let names = Membership.names
        let plain = String(name.map { $0 == "/" ? "-" : $0 })
        guard names.contains(plain) else { return plain }
        return (2...).lazy.map { "\(plain)-\($0)" }.first { !names.contains($0) } ?? plain
    }

    private func tell(_ made: MemberCertificate, _ name: String) {
        Output.line(
            Output.printable(
                "enrolled \(made.identity.actor), \(made.identity.role.rawValue) of \(made.identity.tenant), as \(name)"
            ))
        Output.line(
            "the certificate is good until \(made.ends.rfc3339), and renews itself; impetus opens the console")
        if Membership.names.count > 1 { Output.note("several are enrolled here: impetus --as \(name)") }
    }

    private func tellMachine(_ made: MemberCertificate, _ folder: String) {
        Output.line(
            Output.printable(
                "enrolled \(made.identity.actor), \(made.identity.role.rawValue) of \(made.identity.tenant), in \(folder)"
            ))
        Output.line(
            "curl --cacert \(folder)/authority.pem --cert \(folder)/certificate.pem --key \(folder)/key.pem ... posts as it"
        )
        Output.line(
            "the certificate is good until \(made.ends.rfc3339); impetus renew --machine \(folder) renews it, --print-timer lets systemd do so"
        )
    }
}

struct SyncCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Keep the store in step with its hub, without a screen.")

    @Flag(help: "Until both have what the other has, and no longer.") var once = false
    @Option(help: "Seconds after which --once gives up.") var timeout: Double = 30
    @OptionGroup var options: StoreOptions
    @Option(name: .customLong("as"), help: ArgumentHelp("Which identity.", valueName: "name")) var identity: String?
    @Option(help: ArgumentHelp("The hub; without it, that of the store or identity.", valueName: "url"))
    var hub: String?

    func run() throws {
        guard
            let membership = try Membership.chosen(
                hub: hub, identity: try identity ?? newStoresIdentity(), store: options.store, city: options.city)
        else { throw Usage.wrong("nobody here is enrolled at a hub; impetus enrol --hub URL CODE") }
        let session = try HubSession(membership)
        defer { session.end() }
        let opened = try OpenedStore.open(session, path: options.store, writeCacheKiB: 64_000)
        try HubRun(session, opened.store).run(once: once, timeout: timeout)
        opened.store.close()
    }

    /// Whose a store becomes that is not there yet.
    private func newStoresIdentity() throws -> String? {
        guard hub == nil, let store = options.store, !FileManager.default.fileExists(atPath: store) else { return nil }
        return try Membership.whoever()
    }
}

/// A hub's feed on a store, for commands: until something is true, or for ever.
struct HubRun {
    private let session: HubSession
    private let store: Store
    private let pace = 0.02
    private let mostRefused = 1_000

    init(_ session: HubSession, _ store: Store) {
        self.session = session
        self.store = store
    }

    func run(once: Bool, timeout: Double) throws {
        guard let lease = try Lease.take(storePath: store.path) else {
            Output.note("process \(Lease.holder(storePath: store.path) ?? 0) does that for this store already")
            if once { throw ExitCode.tryLater }
            return
        }
        let voice = FeedVoice(lease)
        // The lease is held until the feed has stopped.
        defer { withExtendedLifetime(voice) {} }
        session.renewIfEnded()
        let last = StatusBox()
        let feed = session.feed(store) { status in
            if last.set(status, now: Surroundings.live.now()) { Output.note("\(Words.of(status))") }
        }
        feed.start()
        let start = Surroundings.live.now()
        let refused = try Set(store.refusedActs(limit: mostRefused).map(\.event))
        var version = 0
        while true {
            Surroundings.live.sleep(pace)
            repeat { HubRun.speak(voice, last, session) } while try !last.isCatchingUp && store.backgroundStep()
            session.renewIfDue()
            // Another process may have put something into the outbox.
            let seen = try store.dataVersion()
            if seen != version { feed.poke() }
            version = seen
            guard once else { continue }
            if case .refused = last.value?.state {
                feed.stop()
                return try tell(last.value, false, refused)
            }
            let isDone = try last.value?.state == .live && store.waitingCount() == 0
            let isWhole = last.value?.backFill == nil
            if isDone && isWhole || Surroundings.live.now().seconds(since: start) > timeout {
                feed.stop()
                try tell(last.value, isDone, refused)
                return
            }
        }
    }

    /// - Parameter known: acts that had been refused before.
    private func tell(_ status: SyncStatus?, _ isDone: Bool, _ known: Set<[UInt8]>) throws {
        for act in try store.refusedActs(limit: mostRefused) where !known.contains(act.event) {
            let event = try? CloudEventReader.kept(act.event)
            let what = [event?.type.rawValue, event?.subject, event?.actor.map { "of " + $0 }].compactMap { $0 }
            Output.note("refused: \(what.joined(separator: " ")): \(act.reason)")
        }
        let waiting = try store.waitingCount()
        let older = try store.backFill().map { ", \($0.left) older events to come" } ?? ""
        Output.line("at event \(try store.cursor()?.sequence ?? 0), \(waiting) acts wait\(older)")
        if case .refused = status?.state { throw ExitCode.notPermitted }
        if !isDone { throw ExitCode.tryLater }
    }

    /// Settles what waits in the outbox if nobody else does; returns when `isDone`, or after so many seconds.
    ///
    /// - Parameter awaySeconds: after so many seconds without a hub there is nothing to wait for.
    static func settle(
        _ session: HubSession, _ store: Store, seconds: Double, awaySeconds: Double? = nil,
        until isDone: () throws -> Bool
    ) throws {
        let voice = try Lease.take(storePath: store.path).map { FeedVoice($0) }
        session.renewIfEnded()
        let last = StatusBox()
        let feed = voice == nil ? nil : session.feed(store) { _ = last.set($0, now: Surroundings.live.now()) }
        feed?.start()
        let start = Surroundings.live.now()
        var heard = start
        while try !isDone() {
            let now = Surroundings.live.now()
            if !last.isAway { heard = now }
            if let voice { speak(voice, last, session) }
            guard now.seconds(since: start) < seconds, now.seconds(since: heard) <= awaySeconds ?? seconds else {
                break
            }
            Surroundings.live.sleep(0.01)
        }
        feed?.stop()
        // Whoever works with single commands alone keeps their certificate by them. The hub has just been heard.
        if try isDone() { session.renewBeforeEnd() }
        withExtendedLifetime(voice) {}
    }

    /// How it goes, to the consoles on the store.
    private static func speak(_ voice: FeedVoice, _ last: StatusBox, _ session: HubSession) {
        voice.say(last.value, at: session.surroundings.now())
    }
}

/// The states of synchronisation in words.
enum Words {
    static func of(_ status: SyncStatus) -> String {
        let state =
            switch status.state {
            case .starting: "starting"
            case .catchingUp(let at, let end): "catching up: \(at) of \(end)"
            case .live: "live"
            case .offline(let since, let reason): "offline since \(since.rfc3339): \(reason)"
            case .refused(let reason): "refused: \(reason)"
            }
        let clock =
            status.isClockWrong
            ? "; this clock is \(abs(status.clockOffset) / 1_000) s \(status.clockOffset > 0 ? "behind" : "ahead")" : ""
        let older = status.backFill.map { "; \($0.left) older events to come" } ?? ""
        let unsent = status.unsent.map { "; acts wait: " + $0 } ?? ""
        let behind = status.hubBehind > 0 ? "; the hub is \(status.hubBehind) s behind with what it says by rules" : ""
        return status.hub + " " + state + older + clock + behind + unsent + status.findings.map { "; " + $0 }.joined()
    }
}

/// The last status, across threads.
final class StatusBox: Sendable {
    private let box = Mutex<(status: SyncStatus?, told: Timestamp)>((nil, Timestamp(milliseconds: 0)))
    private let progressSeconds = 1.0

    var value: SyncStatus? { box.withLock { $0.status } }

    /// Full text comes behind the events then, and does not hold them up.
    var isCatchingUp: Bool {
        if case .catchingUp = value?.state { return true }
        return false
    }

    /// The hub cannot be reached, or will not have us.
    var isAway: Bool {
        switch value?.state {
        case .offline, .refused: true
        case .starting, .catchingUp, .live, nil: false
        }
    }

    /// Whether it says something else than the one before; of progress, once a second.
    func set(_ status: SyncStatus, now: Timestamp) -> Bool {
        box.withLock { box in
            let known = box.status
            box.status = status
            guard known.map({ Words.of($0) != Words.of(status) }) ?? true else { return false }
            if known?.isProgress(to: status) == true, abs(now.seconds(since: box.told)) < progressSeconds {
                return false
            }
            box.told = now
            return true
        }
    }
}

extension SyncStatus {
    /// Whether another status says no more than that it goes on.
    fileprivate func isProgress(to next: SyncStatus) -> Bool {
        if case .catchingUp = state, case .catchingUp = next.state { return true }
        return state == next.state && backFill != nil && next.backFill != nil
    }
}
