import Console
import ControlRoom
import Shell
import Store
import Sync
import Synchronization

/// Says how the feed goes, for as long as this process holds the lease: at once where it goes otherwise, and once a second.
final class FeedVoice: Sendable {
    private let lease: Lease
    private let last = Mutex<FeedWord?>(nil)

    init(_ lease: Lease) { self.lease = lease }

    func say(_ status: FeedStatus) {
        let word = FeedWord(status, said: Surroundings.live.now())
        last.withLock { last in
            guard word.isNews(after: last) else { return }
            last = word
            lease.say(word.text)
        }
    }

    /// Of a feed with a hub; nil where nothing has been heard of it yet.
    ///
    /// - Parameter now: the hub's time, as it is shown.
    func say(_ status: SyncStatus?, at now: Timestamp) {
        say(
            status.map { FeedStatus($0, now: now) }
                ?? FeedStatus(state: .starting, heard: now, outbox: 0, exercise: nil))
    }

    /// Of a feed without a hub that does its work.
    func sayLive(at now: Timestamp) {
        say(FeedStatus(state: .live, heard: now, outbox: 0, exercise: nil))
    }
}

/// Hears how the feed goes while another process holds the lease. Of one thread.
final class FeedEar {
    private let path: String
    /// When the holder was heard last, by the machine's clock; to begin with, when listening began.
    private var last: Timestamp

    init(storePath: String) {
        path = storePath
        last = Surroundings.live.now()
    }

    /// - Parameter now: as this process shows the time.
    /// - Returns: nil as long as there is nothing to tell yet: whoever has just taken the lease speaks soon.
    func heard(shownAs now: Timestamp) -> FeedStatus? {
        let time = Surroundings.live.now()
        if let word = Lease.word(storePath: path).flatMap({ FeedWord($0) }) {
            last = word.said
            return word.heard(at: time, shownAs: now)
        }
        let silence = abs(time.seconds(since: last))
        guard silence > FeedWord.lastsSeconds else { return nil }
        let since = now.adding(seconds: -silence)
        var status = FeedStatus(state: .silent(since: since), heard: since, outbox: 0, exercise: nil)
        status.isElsewhere = true
        return status
    }
}

extension FeedStatus {
    /// How it stands with a hub, but for what waits in the outbox.
    ///
    /// - Parameter now: the hub's time, as it is shown.
    init(_ status: SyncStatus, now: Timestamp) {
        let state: State =
            switch status.state {
            case .starting: .starting
            case .catchingUp(let at, let end): .catchingUp(at: at, of: end)
            case .live: .live
            case .offline(let since, _): .offline(since: since.adding(seconds: Double(status.clockOffset) / 1_000))
            case .refused(let reason): .refused(reason)
            }
        let heard = status.heard?.adding(seconds: Double(status.clockOffset) / 1_000) ?? now
        self.init(state: state, heard: heard, outbox: 0, exercise: nil)
        clockOffset = status.isClockWrong ? status.clockOffset : 0
        hubBehind = status.hubBehind
    }
}
