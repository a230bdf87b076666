import ControlRoom
import HubCore
import SQLiteLog
import Store
import Synchronization
import TestSupport
import Testing

@Suite("Into a log, and out to who follows")
struct FlowTests {
    private static func entries(_ count: Int, _ name: String = "e") -> [NewEntry] {
        (0..<count).map {
            NewEntry(
                source: "s", id: "\(name)\($0)", body: Array("{\"id\":\"\($0)\"}".utf8),
                content: EventLogContract.content(1))
        }
    }

    private final class Answers: Sendable {
        private let all = Mutex<[Result<[Appended], Appender.Failure>]>([])
        func add(_ result: Result<[Appended], Appender.Failure>) { all.withLock { $0.append(result) } }
        var taken: [Result<[Appended], Appender.Failure>] { all.withLock { $0 } }
    }

    @Test("many requests are one commit, each answered for its own")
    func grouped() throws {
        let folder = try TemporaryFolder()
        let log = try SQLiteLog(path: folder.file("log")) { "log" }
        let commits = Mutex(0)
        log.onAppend { commits.withLock { $0 += 1 } }
        let wakes = Mutex(0)
        let appender = Appender(log: log) { wakes.withLock { $0 += 1 } }
        let answers = Answers()
        for number in 0..<30 { appender.append(FlowTests.entries(3, "r\(number)-"), answers.add) }
        #expect(wakes.withLock { $0 } == 1 && appender.waiting == 90 && answers.taken.isEmpty)
        #expect(!appender.drain(now: EventMaker.noon))
        #expect(commits.withLock { $0 } == 1 && answers.taken.count == 30)
        for (number, answer) in answers.taken.enumerated() {
            #expect(try answer.get() == (1...3).map { .accepted(sequence: Int64(number * 3 + $0)) })
        }
    }

    @Test("whoever comes when the queue is full is told to come again, and nothing of theirs is kept")
    func bounded() throws {
        let folder = try TemporaryFolder()
        let log = try SQLiteLog(path: folder.file("log")) { "log" }
        let appender = Appender(log: log) {}
        let answers = Answers()
        for number in 0..<5 { appender.append(FlowTests.entries(10_000, "r\(number)-"), answers.add) }
        #expect(answers.taken.isEmpty)
        appender.append(FlowTests.entries(1, "late"), answers.add)
        guard case .failure(let failure)? = answers.taken.first else {
            Issue.record("taken")
            return
        }
        #expect(failure.isPassing)
        while appender.drain(now: EventMaker.noon) {}
        #expect(try log.lastSequence() == 50_000 && appender.waiting == 0)
    }

    private static func entry(_ sequence: Int64) -> LogEntry {
        LogEntry(sequence: sequence, recorded: EventMaker.noon, body: Array("{}".utf8))
    }

    @Test("who follows gets each stretch once, and who is behind is told so")
    func frames() {
        let frames = Frames<[Int64]>(last: 10) { $0.map(\.sequence) }
        if case .nothing = frames.next(after: 10) {} else { Issue.record("something") }
        frames.publish([FlowTests.entry(11), FlowTests.entry(12)])
        frames.publish([FlowTests.entry(13)])
        guard case .frame(let first) = frames.next(after: 10), case .frame(let second) = frames.next(after: 12) else {
            Issue.record("nothing")
            return
        }
        #expect(first.rendered == [11, 12] && first.last == 12 && second.rendered == [13])
        if case .behind = frames.next(after: 11) {} else { Issue.record("between two") }
        for number in 14...1_000 { frames.publish([FlowTests.entry(Int64(number))]) }
        if case .behind = frames.next(after: 12) {} else { Issue.record("kept for ever") }
        if case .frame = frames.next(after: 999) {} else { Issue.record("the last is gone") }
    }

    @Test(
        "whoever waits is woken by what comes, by a word, and by the end; nobody is forgotten", .timeLimit(.minutes(10))
    )
    func waits() async {
        let frames = Frames<Int>(last: 0) { $0.count }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { await frames.wait(after: 0) } }
            group.addTask { frames.publish([FlowTests.entry(1)]) }
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await frames.wait(after: 1) }
            group.addTask {
                // Whether the task waits already or not yet, it is woken in the end.
                frames.wakeAll()
                frames.close()
            }
        }
        await frames.wait(after: 1)
        let task = Task { await Frames<Int>(last: 0) { $0.count }.wait(after: 0) }
        task.cancel()
        await task.value
    }
}
