import ArgumentParser
import ControlRoom
import Foundation
import Shell
import Standards
import Store
import Sync
import Synchronization
import Trust

/// All that a process needs to work with a hub: who it is, how it talks, and the clock.
final class HubSession: Sendable {
    let membership: Membership
    private let line: Mutex<HubClient>
    private let renewals = Mutex(Renewals())

    private struct Renewals {
        /// Goes up when the certificate was renewed: whoever talks to a hub begins again with the new one.
        var count = 0
        /// When the certificate was looked at last, and when a hub was asked last.
        var looked = Timestamp(milliseconds: 0)
        var tried = Timestamp(milliseconds: 0)
    }

    let clock: HubClock
    let keys: [String: SigningKey]
    let identities: [Identity]
    private let hasEnded = Mutex(false)

    private static let offsetKey = "clock_offset"

    /// Unlocks the identity.
    ///
    /// - Throws: an exit code, after the reason was said.
    init(_ membership: Membership) throws {
        self.membership = membership
        clock = HubClock(.live, offset: 0)
        do {
            switch membership {
            case .trial:
                line = Mutex(try HubClient(security: nil))
                keys = [:]
                identities = Identity.embedded(tenant: "")
            case .enrolled(let enrolled, let name):
                let key = try HubSession.unlock(enrolled, name)
                line = Mutex(
                    try HubClient(
                        security: HubClient.Security(
                            key: key, certificate: enrolled.certificate, authority: enrolled.authority)))
                keys = [enrolled.identity.actor: key]
                identities = [enrolled.identity]
            }
        } catch let failure as SealedKey.Failure {
            Output.note("\(membership.name): \(failure)")
            throw ExitCode.notPermitted
        } catch let failure as EnrolledIdentity.Failure {
            Output.note("\(failure)")
            throw ExitCode.noInput
        }
    }

    private static let tries = 3

    /// A slip of the finger is asked again; what a script gives is tried once.
    private static func unlock(_ enrolled: EnrolledIdentity, _ name: String) throws -> SigningKey {
        for _ in 1..<tries {
            do {
                return try enrolled.unlock(passphrase: try IdentityPassphrase.ask(name))
            } catch let failure as SealedKey.Failure where IdentityPassphrase.isAsked {
                Output.note("\(name): \(failure)")
            }
        }
        return try enrolled.unlock(passphrase: try IdentityPassphrase.ask(name))
    }

    /// Whether somebody can open their key, for a console that was locked.
    func isPassphrase(_ text: String, of identity: Identity) -> Bool {
        guard case .enrolled(let enrolled, _) = membership, enrolled.identity == identity else { return false }
        return (try? enrolled.unlock(passphrase: text)) != nil
    }

    var surroundings: Surroundings { clock.surroundings }

    var client: HubClient { line.withLock { $0 } }

    var renewalCount: Int { renewals.withLock { $0.count } }

    /// The store's own memory of how wrong this machine's clock is counts until the hub is heard.
    func attach(to store: Store) throws {
        try membership.remember(in: store)
        if let kept = try store.recall(HubSession.offsetKey).flatMap({ Int64($0) }) { clock.set(kept) }
    }

    /// - Parameter isConsole: somebody looks at it: the hub does not escalate meanwhile.
    func feed(_ store: Store, isConsole: Bool = false, tell: @escaping @Sendable (SyncStatus) -> Void) -> HubFeed {
        let lastOffset = Mutex<Int64?>(nil)
        let lastNote = Mutex<SyncNote?>(nil)
        let lastStanding = Mutex<Bool?>(nil)
        let keyID = membership.keyID
        return HubFeed(
            HubFeed.Ground(
                store: store, client: client, hubs: membership.hubs, authority: membership.authority,
                isConsole: isConsole,
                // The machine is told the true time of this clock: it is what finds out how wrong it is.
                surroundings: .live, pause: { try await Task.sleep(for: .seconds($0)) },
                tell: { [clock, weak self] status in
                    clock.set(status.clockOffset)
                    let isNew = lastOffset.withLock { last in
                        defer { last = status.clockOffset }
                        return last != status.clockOffset
                    }
                    if isNew { try? store.remember(HubSession.offsetKey, String(status.clockOffset)) }
                    if let isWelcome = status.isWelcome, lastStanding.withLock({ $0 != isWelcome }) {
                        lastStanding.withLock { $0 = isWelcome }
                        self?.note(isWelcome: isWelcome, in: store)
                    }
                    if let note = SyncNote(status, shown: keyID), note.isNews(after: lastNote.withLock { $0 }) {
                        if (try? store.remember(note)) != nil { lastNote.withLock { $0 = note } }
                    }
                    tell(status)
                }))
    }

    /// That a hub takes nothing any more of the key that this session shows, for while it is away.
    private func note(isWelcome: Bool, in store: Store) {
        guard let keyID = membership.keyID else { return }
        try? store.note(isWelcome: isWelcome, keyID: keyID)
    }

    private static let hourSeconds = 3_600.0
    private static let minuteSeconds = 60.0

    /// Renews the certificate in the background when less than a third of its time is left, tried once an hour; one that ended
    /// not long ago, with which nothing can be done, once a minute.
    func renewIfDue() {
        let now = surroundings.now()
        let sinceLast = renewals.withLock { renewals -> Double? in
            guard abs(now.seconds(since: renewals.looked)) > HubSession.minuteSeconds else { return nil }
            renewals.looked = now
            return abs(now.seconds(since: renewals.tried))
        }
        guard let sinceLast, let certificate = kept, certificate.isDueForRenewal(at: now),
            certificate.ends < now || sinceLast > HubSession.hourSeconds
        else { return }
        renewals.withLock { $0.tried = now }
        Task { [weak self] in try? await self?.renew() }
    }

    /// For commands that end when they are done: a certificate that ended not long ago is renewed before anything else is asked.
    func renewIfEnded() {
        guard let certificate = kept, certificate.ends < surroundings.now() else { return }
        do {
            try Waiting.on { [self] in try await renew() }
            Output.note("the certificate had ended at \(certificate.ends.rfc3339), and was renewed")
        } catch {
            Output.note("the certificate ended at \(certificate.ends.rfc3339), and could not be renewed: \(error)")
        }
    }

    /// For commands, once they are done: renews the certificate when less than a third of its time is left. Where that fails, the next
    /// command tries again.
    func renewBeforeEnd() {
        guard let certificate = kept, certificate.isDueForRenewal(at: surroundings.now()) else { return }
        try? Waiting.on { [self] in try await renew() }
    }

    /// The certificate as it lies on the disk: another process may have renewed it.
    private var kept: MemberCertificate? {
        guard case .enrolled(let enrolled, _) = membership else { return nil }
        return (try? EnrolledIdentity(folder: enrolled.folder).certificate) ?? enrolled.certificate
    }

    private func renew() async throws {
        guard case .enrolled(let enrolled, _) = membership, let key = keys[enrolled.identity.actor] else { return }
        let made = try await Enrolment.renew(at: membership.hubs, client: client, key: key)
        try enrolled.renew(made)
        try take(made, key, enrolled.authority)
    }

    /// From now on the new certificate is shown.
    private func take(_ certificate: MemberCertificate, _ key: SigningKey, _ authority: AuthorityCertificate) throws {
        let fresh = try HubClient(
            security: HubClient.Security(key: key, certificate: certificate, authority: authority))
        let old = line.withLock { line in
            defer { line = fresh }
            return line
        }
        renewals.withLock { $0.count += 1 }
        Task { await old.shutdown() }
    }

    deinit { end() }

    func end() {
        let isFirst = hasEnded.withLock { ended in
            defer { ended = true }
            return !ended
        }
        guard isFirst else { return }
        let done = DispatchSemaphore(value: 0)
        let client = client
        Task {
            await client.shutdown()
            done.signal()
        }
        _ = done.wait(timeout: .now() + .seconds(3))
    }
}

/// Runs something asynchronous from a thread that may wait.
enum Waiting {
    static func on<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let done = DispatchSemaphore(value: 0)
        let result = Mutex<Result<Value, any Error>?>(nil)
        Task {
            let made: Result<Value, any Error>
            do { made = .success(try await body()) } catch { made = .failure(error) }
            result.withLock { $0 = made }
            done.signal()
        }
        done.wait()
        guard let made = result.withLock({ $0 }) else { throw CancellationError() }
        return try made.get()
    }
}
