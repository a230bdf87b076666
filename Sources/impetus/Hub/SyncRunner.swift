import Console
import ControlRoom
import Feed
import Foundation
import Store
import Sync
import Synchronization
import Trust

/// What a console's store is fed by: its own feed, or a hub.
protocol FeedDriver: Sendable {
    func start()
    /// Returns when the last round is kept.
    func stop()
    func give(_ order: ExerciseOrder)
    /// Something waits in the outbox.
    func poke()
    /// Gives the lease back, so that a console that is stopped keeps nobody waiting; whether it is free.
    func rest() -> Bool
    func wake()
}

extension FeedRunner: FeedDriver {}

/// Keeps the store in step with its hub, as long as this process holds the lease; otherwise waits to take over.
final class SyncRunner: FeedDriver {
    private struct Wishes {
        var rests = false
        var stops = false
    }

    private let wishes = Mutex(Wishes())
    private let arrived = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    private let rested = DispatchSemaphore(value: 0)
    private let session: HubSession
    private let store: Store
    private let inbox: Inbox
    private let known = Mutex<(status: SyncStatus?, findings: Int)>((nil, 0))
    private let feed = Mutex<HubFeed?>(nil)
    /// As long as this process holds the lease.
    private let voice = Mutex<FeedVoice?>(nil)
    /// When certificates that end soon were told last.
    private let warned = Mutex<Timestamp?>(nil)
    /// What a hub warned of, and when that was told last.
    private let hubWarned = Mutex<(words: String, at: Timestamp?)>(("", nil))

    init(_ session: HubSession, store: Store, inbox: Inbox) {
        self.session = session
        self.store = store
        self.inbox = inbox
    }

    func start() {
        let thread = Thread { [self] in
            run()
            ended.signal()
        }
        thread.name = "sync"
        thread.start()
    }

    func stop() {
        wishes.withLock { $0.stops = true }
        arrived.signal()
        _ = ended.wait(timeout: .now() + .seconds(5))
    }

    func give(_ order: ExerciseOrder) { inbox.post(.say("the exercise is run by the hub")) }

    func poke() {
        feed.withLock { $0 }?.poke()
        arrived.signal()
    }

    func rest() -> Bool {
        while rested.wait(timeout: .now()) == .success {}
        wishes.withLock { $0.rests = true }
        arrived.signal()
        return rested.wait(timeout: .now() + .seconds(2)) == .success
    }

    func wake() {
        wishes.withLock { $0.rests = false }
        arrived.signal()
    }

    private var isWanted: Bool { wishes.withLock { !$0.rests && !$0.stops } }

    private func run() {
        var ear: FeedEar?
        while !wishes.withLock({ $0.stops }) {
            if wishes.withLock({ $0.rests }) {
                rested.signal()
                while wishes.withLock({ $0.rests && !$0.stops }) { arrived.wait() }
                continue
            }
            if let lease = try? Lease.take(storePath: store.path) {
                ear = nil
                voice.withLock { $0 = FeedVoice(lease) }
                serve()
                voice.withLock { $0 = nil }
            } else {
                let listening = ear ?? FeedEar(storePath: store.path)
                ear = listening
                if let heard = listening.heard(shownAs: session.surroundings.now()) { tell(heard) }
                // Whoever serves the store renews their own certificate, and no other.
                session.renewIfDue()
                _ = arrived.wait(timeout: .now() + .milliseconds(300))
            }
        }
    }

    private func serve() {
        let made = session.feed(store, isConsole: true) { [weak self] in self?.take($0) }
        feed.withLock { $0 = made }
        made.start()
        let renewals = session.renewalCount
        let refold = RefoldWork(store, authority: session.membership.authority)
        while isWanted, session.renewalCount == renewals {
            speak()
            session.renewIfDue()
            // With or without a network.
            _ = try? store.settle(at: session.surroundings.now())
            warnOfCertificates()
            // What may lag behind is done here, in portions, between what must not, and not while a long log comes in.
            if !isCatchingUp {
                if (try? store.backgroundStep()) ?? false { continue }
                if refold.step(now: session.surroundings.now()) { continue }
            }
            _ = arrived.wait(timeout: .now() + .seconds(1))
            report()
        }
        made.stop()
        feed.withLock { $0 = nil }
    }

    private var isCatchingUp: Bool {
        if case .catchingUp? = known.withLock({ $0.status })?.state { return true }
        return false
    }

    private static let warningSeconds = 86_400.0

    /// Once a day an administrator is told which certificates of hubs end soon, as the log has them.
    private func warnOfCertificates() {
        let now = session.surroundings.now()
        guard session.identities.contains(where: { $0.role == .admin }),
            case .live? = known.withLock({ $0.status })?.state
        else { return }
        let isDue = warned.withLock { warned in
            if let warned, abs(now.seconds(since: warned)) < SyncRunner.warningSeconds { return false }
            warned = now
            return true
        }
        guard isDue, let identities = try? store.identities() else { return }
        let hubs = identities.filter { $0.role == Role.hub.rawValue && $0.revoked == nil }
            .compactMap { try? MemberCertificate(pem: $0.certificate) }
        let ending = EndingCertificate.found(hubs: hubs, authority: session.membership.authority, at: now)
        for certificate in ending { inbox.post(.say("CERTIFICATE: " + certificate.words(at: now))) }
    }

    /// What a hub warns of is said once a day, however often it is heard.
    private func isDue(_ words: String) -> Bool {
        let now = session.surroundings.now()
        return hubWarned.withLock { warned in
            if warned.words == words, let at = warned.at, abs(now.seconds(since: at)) < SyncRunner.warningSeconds {
                return false
            }
            warned = (words, now)
            return true
        }
    }

    private var waiting: Int { (try? store.waitingCount()) ?? 0 }

    private func take(_ status: SyncStatus) {
        let told = known.withLock { $0.status?.offlineReason }
        let reason = status.offlineReason
        let news = known.withLock { known in
            known.status = status
            defer { known.findings = status.findings.count }
            return status.findings.dropFirst(known.findings)
        }
        if let words = status.warning, isDue(words) { inbox.post(.say("HUB: " + words)) }
        for finding in news { inbox.post(.say("THE LOG: " + finding)) }
        if let reason, told == nil { inbox.post(.say("OFFLINE: " + reason)) }
        report()
    }

    private var status: FeedStatus? {
        known.withLock { $0.status }.map { FeedStatus($0, now: session.surroundings.now()) }
    }

    /// To the others on the store.
    private func speak() {
        voice.withLock { $0 }?.say(known.withLock { $0.status }, at: session.surroundings.now())
    }

    private func report() {
        guard let status else { return }
        speak()
        tell(status)
    }

    private func tell(_ status: FeedStatus) {
        var told = status
        told.outbox = waiting
        inbox.post(told)
    }
}

extension SyncStatus {
    fileprivate var offlineReason: String? {
        if case .offline(_, let reason) = state { reason } else { nil }
    }
}
