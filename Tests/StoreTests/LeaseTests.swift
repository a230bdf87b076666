import Foundation
import Store
import TestSupport
import Testing

@Suite("The lease")
struct LeaseTests {
    @Test("is taken once, and given back by its holder")
    func once() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("s")
        do {
            let lease = try #require(try Lease.take(storePath: path))
            #expect(try Lease.take(storePath: path) == nil)
            #expect(Lease.holder(storePath: path) == Int(getpid()))
            withExtendedLifetime(lease) {}
        }
        #expect(Lease.holder(storePath: path) == nil)
        #expect(try Lease.take(storePath: path) != nil)
        #expect(throws: StoreError.self) { try Lease.take(storePath: folder.file("no/such/folder")) }
    }

    @Test("says what its holder says, whole, until another takes it")
    func word() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("s")
        #expect(Lease.word(storePath: path) == nil)
        do {
            let lease = try #require(try Lease.take(storePath: path))
            #expect(Lease.word(storePath: path) == nil)
            for word in ["{\"said\":12,\"state\":\"offline\"}", "short", String(repeating: "é", count: 300)] {
                lease.say(word)
                #expect(Lease.word(storePath: path) == word && Lease.holder(storePath: path) == Int(getpid()))
            }
            let last = Lease.word(storePath: path)
            for word in ["two\nlines", String(repeating: "x", count: Lease.longestWord + 1)] { lease.say(word) }
            #expect(Lease.word(storePath: path) == last)
            let longest = String(repeating: "x", count: Lease.longestWord)
            lease.say(longest)
            #expect(Lease.word(storePath: path) == longest)
        }
        let next = try #require(try Lease.take(storePath: path))
        #expect(Lease.word(storePath: path) == nil)
        withExtendedLifetime(next) {}
    }

    @Test("is free again when its holder is killed")
    func killed() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("s")
        let holder = Process()
        holder.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
        holder.arguments = ["--no-fork", path + ".lease", "sleep", "60"]
        try holder.run()
        defer { if holder.isRunning { kill(holder.processIdentifier, SIGKILL) } }
        #expect(try eventually { try Lease.take(storePath: path) == nil })
        kill(holder.processIdentifier, SIGKILL)
        holder.waitUntilExit()
        #expect(try Lease.take(storePath: path) != nil)
    }
}
