import ControlRoom
import Testing
import Trust

@Suite("A hub's word on an entry")
struct LogSecretTests {
    private let secret = LogSecret()
    private let event = Array("{\"id\":\"a\",\"text\":\"for everybody\"}".utf8)

    @Test("is known by whoever has the secret, in the log that it was said for and in those restored from it")
    func said() {
        let entry = secret.word(of: "police").said(of: event)
        #expect(entry.count == event.count + LogWord.length && LogWord.event(of: entry) == event)
        #expect(secret.word(of: "police").isSaid(of: entry))
        #expect(secret.word(of: "police.restored").isSaid(of: entry))
        #expect(!secret.word(of: "fire").isSaid(of: entry))
        #expect(!LogSecret().word(of: "police").isSaid(of: entry))
    }

    @Test("does not fit where one bit of the entry is another, or a byte is missing")
    func altered() {
        let word = secret.word(of: "police")
        let entry = word.said(of: event)
        for index in entry.indices {
            for bit in 0..<8 {
                var other = entry
                other[index] ^= 1 << UInt8(bit)
                #expect(!word.isSaid(of: other), "bit \(bit) of byte \(index)")
            }
            #expect(!word.isSaid(of: Array(entry[..<index])) && !word.isSaid(of: Array(entry[index...].dropFirst())))
        }
        #expect(!word.isSaid(of: event) && !word.isSaid(of: []))
    }

    @Test("an event without one is what it was")
    func without() {
        #expect(!LogWord.isBorne(by: event) && LogWord.event(of: event) == event && LogWord.event(of: []) == [])
    }

    @Test("every copy of a folder derives the same secret of the hub's key, and another key another")
    func derived() {
        let key = SigningKey()
        let entry = LogSecret(derivedFrom: key).word(of: "police").said(of: event)
        #expect(LogSecret(derivedFrom: key).word(of: "police").isSaid(of: entry))
        #expect(!LogSecret(derivedFrom: SigningKey()).word(of: "police").isSaid(of: entry))
    }

    @Test("one that counts in the place of another keeps it, and those before it, for reading")
    func after() throws {
        let second = LogSecret(after: secret)
        let third = LogSecret(after: second)
        #expect(Set([secret, second, third].map(\.check)).count == 3)
        #expect(third.older.map(\.check) == [second.check, secret.check])
        let read = try #require(LogSecret(third.text))
        #expect(read.text == third.text && read.check == third.check)
        #expect(read.older.map(\.check) == third.older.map(\.check))
        let entry = secret.word(of: "police").said(of: event)
        #expect(!read.word(of: "police").isSaid(of: entry))
        #expect(read.named(secret.check)?.word(of: "police").isSaid(of: entry) == true)
        #expect(read.named(third.check)?.check == third.check && read.named("0000000000000000") == nil)
        #expect(LogSecret(third.text + "impetus-log-key 1 AAAA\n") == nil)
    }

    @Test("a secret is read as it was written, and named without being told")
    func text() throws {
        let read = try #require(LogSecret(secret.text))
        #expect(read.text == secret.text && read.check == secret.check && secret.check.utf8.count == 16)
        #expect(LogSecret().check != secret.check && !secret.text.contains(secret.check))
        let words = secret.text.split(separator: " ")
        for text in [
            "", "impetus-log-key", "impetus-log-key 1 AAAA", "impetus-log-key 2 \(words[2])",
            "impetus-key 1 \(words[2])",
            secret.text + "more",
        ] { #expect(LogSecret(text) == nil, "\(text)") }
    }
}
