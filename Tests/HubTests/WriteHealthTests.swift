import ControlRoom
import Foundation
import Store
import TestSupport
import Testing

@testable import Hub

@Suite("Whether a hub can write")
struct WriteHealthTests {
    private let start = Timestamp(milliseconds: 1_000_000)

    private struct Election: Error {}

    @Test("a full disk is told at once, by what was posted and by what was folded, until there is room")
    func full() {
        for isLog in [true, false] {
            var health = WriteHealth()
            let full = StoreError.full(path: "x")
            if isLog { health.appended(full, at: start) } else { health.folded(full, at: start) }
            #expect(health.isFull && health.trouble(at: start)?.contains("no space is left") == true)
            // What is posted may still be kept where only the view's disk is full.
            #expect((health.postTrouble(at: start) != nil) == isLog)
            // A small entry that still fits is no room.
            if isLog { health.appended(nil, at: start) } else { health.folded(nil, at: start) }
            #expect(health.trouble(at: start.adding(seconds: 1_000)) != nil)
            health.foundRoom()
            #expect(!health.isFull && health.trouble(at: start) == nil)
        }
    }

    @Test(
        "an election of some seconds is told to nobody; what lasts is, until a post is taken or nobody has tried for a while"
    )
    func election() {
        var health = WriteHealth()
        health.appended(Election(), at: start)
        health.appended(Election(), at: start.adding(seconds: 5))
        #expect(health.trouble(at: start.adding(seconds: 5)) == nil)
        health.appended(Election(), at: start.adding(seconds: 7))
        #expect(health.trouble(at: start.adding(seconds: 7)) != nil)
        #expect(health.trouble(at: start.adding(seconds: 30)) == nil)
        health.appended(Election(), at: start.adding(seconds: 31))
        #expect(health.trouble(at: start.adding(seconds: 31)) != nil)
        health.appended(nil, at: start.adding(seconds: 32))
        #expect(health.trouble(at: start.adding(seconds: 32)) == nil)
    }

    @Test("a fold that fails for another reason says nothing of the disk")
    func otherFold() {
        var health = WriteHealth()
        health.folded(StoreError.full(path: "x"), at: start)
        health.folded(Election(), at: start)
        #expect(health.isFull)
        health.foundRoom()
        health.folded(Election(), at: start)
        #expect(!health.isFull && health.trouble(at: start) == nil)
    }

    @Test("room is found where it is, and leaves nothing behind")
    func room() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("view")
        #expect(!WriteHealth.hasRoom(beside: folder.file("missing/view")))
        try Data("x".utf8).write(to: URL(fileURLWithPath: file))
        #expect(WriteHealth.hasRoom(beside: file))
        #expect(folder.names == ["view"])
    }
}
