import ControlRoom
import Store
import TestSupport
import Testing

/// Texts that Swift holds for equal, and a log does not.
@Suite("Texts that are composed otherwise")
struct ExactTextTests {
    private static let composed = "caf\u{E9}"
    private static let apart = "cafe\u{301}"

    private static func story() -> [Event] {
        var make = EventMaker()
        let districts = [composed, apart].map { make.raised("at/\($0)", .high, "\"district\":\"\($0)\"") }
        let cyber = [composed, apart].flatMap { name in
            [make.raised(name, .low, tool: .cti), make.acknowledged("at/" + name, .high, by: name)]
        }
        return districts + [make.raised(composed, .critical), make.cleared(apart)] + cyber + [make.cleared(apart)]
    }

    @Test("are two names, whether their events are folded together or one by one")
    func names() throws {
        let folder = try TemporaryFolder()
        let (together, apart) = (folder.file("together"), folder.file("apart"))
        let story = ExactTextTests.story()
        let store = try Store(path: together) { "log" }
        _ = try store.ingest(story.map { try AdmittedEvent($0) }, now: EventMaker.noon)
        store.close()
        for event in story {
            let store = try Store(path: apart) { "log" }
            _ = try store.ingest([try AdmittedEvent(event)], now: EventMaker.noon)
            store.close()
        }
        #expect(try StoreDump.difference(together, apart) == [])
        let read = try Store(path: together) { "log" }
        #expect(try read.alert(subject: ExactTextTests.composed, realm: .actual)?.alert.active == true)
        #expect(try read.alert(subject: ExactTextTests.apart, realm: .actual)?.alert.active == false)
    }

    @Test("are told apart by their bytes")
    func bytes() {
        let (one, other) = (ExactText(ExactTextTests.composed), ExactText(ExactTextTests.apart))
        #expect(one != other && one.text == other.text && Set([one, other, one]).count == 2)
        #expect(!one.text.hasBytes(of: other.text) && one.text.hasBytes(of: ExactTextTests.composed))
    }
}
