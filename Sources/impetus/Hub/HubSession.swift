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
    let client: HubClient
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
                client = try HubClient(security: nil)
                keys = [:]
                identities = Identity.embedded(tenant: "")
            case .enrolled(let enrolled, let name):
                let key = try enrolled.unlock(passphrase: try IdentityPassphrase.ask(name))
                client = try HubClient(
                    security: HubClient.Security(
                        key: key, certificate: enrolled.certificate, authority: enrolled.authority))
                keys = [enrolled.identity.actor: key]
                identities = [enrolled.identity]
            }
        } catch let failure as SealedKey.Failure {
            Output.note("\(failure)")
            throw ExitCode.notPermitted
        } catch let failure as EnrolledIdentity.Failure {
            Output.note("\(failure)")
            throw ExitCode.noInput
        }
    }

    var surroundings: Surroundings { clock.surroundings }

    /// The store's own memory of how wrong this machine's clock is counts until the hub is heard.
    func attach(to store: Store) throws {
        try membership.remember(in: store)
        if let kept = try store.recall(HubSession.offsetKey).flatMap({ Int64($0) }) { clock.set(kept) }
    }

    func feed(_ store: Store, tell: @escaping @Sendable (SyncStatus) -> Void) -> HubFeed {
        let lastOffset = Mutex<Int64?>(nil)
        return HubFeed(
            HubFeed.Ground(
                store: store, client: client, hubs: membership.hubs, authority: membership.authority,
                // The machine is told the true time of this clock: it is what finds out how wrong it is.
                surroundings: .live, pause: { try await Task.sleep(for: .seconds($0)) },
                tell: { [clock] status in
                    clock.set(status.clockOffset)
                    let isNew = lastOffset.withLock { last in
                        defer { last = status.clockOffset }
                        return last != status.clockOffset
                    }
                    if isNew { try? store.remember(HubSession.offsetKey, String(status.clockOffset)) }
                    tell(status)
                }))
    }

    /// Renews the certificate in the background when a third of its time is left. The new one counts from the next start.
    func renewIfDue() {
        guard case .enrolled(let enrolled, _) = membership, let key = keys[enrolled.identity.actor] else { return }
        let (begins, ends) = (enrolled.certificate.begins, enrolled.certificate.ends)
        let left = ends.seconds(since: surroundings.now())
        guard left > 0, left < ends.seconds(since: begins) / 3 else { return }
        let (client, hubs) = (client, membership.hubs)
        Task {
            for hub in hubs {
                if let made = try? await Enrolment.renew(at: hub, client: client, key: key) {
                    try? enrolled.renew(made)
                    return
                }
            }
        }
    }

    deinit { end() }

    func end() {
        let isFirst = hasEnded.withLock { ended in
            defer { ended = true }
            return !ended
        }
        guard isFirst else { return }
        let done = DispatchSemaphore(value: 0)
        Task { [client] in
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
