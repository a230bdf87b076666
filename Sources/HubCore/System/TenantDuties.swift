import ControlRoom
import Store

/// What the system log asks of one tenant and is not carried out yet: a value. What fails is tried again after a pause, and what
/// came behind it waits for it; no other tenant does.
struct TenantDuties {
    enum Duty: Equatable, Sendable {
        /// Its log is opened and says what it has to; then the tenant is served.
        case serve
        case introduce(keyID: String)
        case revoke(keyID: String)
        case beginAgreement(String)
        case endAgreement(String)

        /// Whether somebody waits for it (`FollowWord.isAwaited`).
        fileprivate var isAwaited: Bool {
            switch self {
            case .beginAgreement, .endAgreement, .revoke: true
            case .serve, .introduce: false
            }
        }
    }

    private var waiting: [Duty]
    private var pause = RetryPause()
    /// Somebody carries them out, or is about to.
    private var isUnderWay = false
    /// Whether the first of them failed when it was tried last.
    private(set) var isFailing = false
    /// It failed for want of room on the disk.
    private(set) var lacksRoom = false

    init(_ duty: Duty) { waiting = [duty] }

    /// The one that is next.
    var first: Duty? { waiting.first }

    mutating func add(_ duty: Duty) { waiting.append(duty) }

    /// Whether somebody is to carry them out now; from then on somebody does.
    mutating func begin(at now: Timestamp) -> Bool {
        guard !isUnderWay, pause.isOver(at: now) else { return false }
        isUnderWay = true
        return true
    }

    mutating func done(_ duty: Duty) {
        guard waiting.first == duty else { return }
        waiting.removeFirst()
        (pause, isFailing, lacksRoom) = (RetryPause(), false, false)
    }

    mutating func failed(_ error: any Error, at now: Timestamp) {
        pause.failed(at: now)
        (isUnderWay, isFailing, lacksRoom) = (false, true, false)
        if case .full = error as? StoreError { lacksRoom = true }
    }

    /// Whether nobody may say that what is awaited is carried out. Where it fails, nobody of any other tenant waits for it: this hub goes
    /// by what was revoked and what is agreed as it is, and the tenant's log says so when it can.
    var owesAwaited: Bool { waiting.contains(where: \.isAwaited) && !isFailing }
}

/// What the system log asks of a tenant and could not be done: it is tried again.
public struct Unmet: Equatable, Sendable {
    public var tenant: String
    /// In words, for whoever runs the hub.
    public var reason: String
    /// False where the tenant is not served for it.
    public var isServed: Bool

    public init(tenant: String, reason: String, isServed: Bool) {
        self.tenant = tenant
        self.reason = reason
        self.isServed = isServed
    }
}
