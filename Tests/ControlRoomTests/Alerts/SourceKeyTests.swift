import ControlRoom
import Testing

@Suite("The key of a second source's alarm")
struct SourceKeyTests {
    @Test("ends in eight hexadecimal digits behind a tilde; nothing else looks like one")
    func form() {
        for digits in ["01234567", "89abcdef", "aaaaaaaa", "ffffffff", "00000000", "99999999"] {
            #expect(Alert.isMadeKey("door~" + digits) && Alert.isMadeKey("~" + digits), "\(digits)")
        }
        for other in ["0123456", "012345678", "0123456g", "0123456/", "0123456:", "0123456`", "0123456A", ""] {
            #expect(!Alert.isMadeKey("door~" + other), "\(other)")
        }
        #expect(!Alert.isMadeKey("01234567"))
    }

    @Test("is another one for each source and round, and never longer than a subject may be")
    func made() {
        let long = String(repeating: "s", count: 500)
        var keys: Set<String> = []
        for source in 0..<50 {
            for (subject, round) in [("a", 0), ("a", 1), ("b", 0), (long, 0), (long + "x", 0)] {
                let key = Alert.key(of: subject, from: "urn:test:\(source)", round: round)
                #expect(Alert.isMadeKey(key) && key.utf8.count <= 500)
                keys.insert(key)
            }
        }
        #expect(keys.count == 250)
        // What was folded yesterday is found today.
        #expect(Alert.key(of: "a", from: "urn:test:1", round: 0) == "a~e85cbf61")
    }

    @Test("is the subject's own as long as there is room for the mark")
    func room() {
        let most = String(repeating: "s", count: 491)
        #expect(Alert.key(of: most, from: "urn:test", round: 0).hasPrefix(most + "~"))
        #expect(!Alert.key(of: most + "s", from: "urn:test", round: 0).hasPrefix(most))
    }
}
