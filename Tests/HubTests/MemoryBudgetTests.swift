import NIOCore
import NIOHTTP1
import Testing

@testable import Hub

@Suite("The memory of all connections")
struct MemoryBudgetTests {
    @Test("machines leave people's share free, and nobody exceeds the whole")
    func share() throws {
        let budget = MemoryBudget(most: 1_000)
        let machine = try #require(budget.hold(750, for: .machines))
        #expect(budget.hold(1, for: .machines) == nil && !machine.grow(by: 1))
        let person = try #require(budget.hold(250, for: .people))
        #expect(budget.hold(1, for: .people) == nil && !person.grow(by: 1))
        withExtendedLifetime((machine, person)) {
            #expect(budget.used.all == 1_000 && budget.used.machines == 750)
        }
    }

    @Test("what nobody has any more, or was given back, is free again")
    func givenBack() throws {
        let budget = MemoryBudget(most: 1_000)
        do {
            let held = try #require(budget.hold(700, for: .machines))
            held.shrink(to: 100)
            #expect(budget.used.all == 100)
            held.shrink(to: 500)
            #expect(budget.used.all == 100)
            #expect(held.grow(by: 300) && budget.used.all == 400)
        }
        #expect(budget.used.all == 0 && budget.used.machines == 0)
        // What did not fit holds nothing either.
        #expect(budget.hold(2_000, for: .people) == nil && budget.used.all == 0)
    }

    @Test("the headers of a request that waits for its turn count, as its body does")
    func heads() {
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/v1/events")
        for number in 0..<28 { head.headers.add(name: "x-\(number)", value: String(repeating: "v", count: 2_000)) }
        #expect(HTTPServerRequestPart.head(head).bytesInMemory > 56_000)
        #expect(HTTPServerRequestPart.body(ByteBuffer(repeating: 0, count: 300)).bytesInMemory == 300)
        #expect(HTTPServerRequestPart.end(nil).bytesInMemory == 0)
    }

    @Test("lines of syslog take a part of what is machines', and no more")
    func syslog() throws {
        let budget = MemoryBudget(most: 1_000)
        let lines = try #require(budget.hold(250, for: .syslog))
        #expect(!lines.grow(by: 1))
        let machine = try #require(budget.hold(500, for: .machines))
        #expect(!machine.grow(by: 1) && budget.used.machines == 750)
        lines.shrink(to: 0)
        #expect(machine.grow(by: 250) && !lines.grow(by: 1))
        withExtendedLifetime((lines, machine)) { #expect(budget.used.all == 750) }
    }

    @Test("people may use what machines leave")
    func rest() throws {
        let budget = MemoryBudget(most: 1_000)
        let person = try #require(budget.hold(900, for: .people))
        #expect(budget.hold(101, for: .machines) == nil)
        let machine = try #require(budget.hold(100, for: .machines))
        withExtendedLifetime((person, machine)) { #expect(budget.used.all == 1_000) }
    }
}
