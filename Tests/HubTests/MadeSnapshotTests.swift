import Testing

@testable import Hub

@Suite("How long a snapshot serves")
struct MadeSnapshotTests {
    @Test("a minute at least, ten at most, and in between so long that copying takes a twentieth of the time")
    func age() {
        #expect(MadeSnapshot.age(seconds: 0.01) == 60)
        #expect(MadeSnapshot.age(seconds: 10) == 200)
        #expect(MadeSnapshot.age(seconds: 1_000) == 600)
    }
}
