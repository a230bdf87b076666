import Nats
import TestSupport
import Testing

@Suite("Seeds of NATS users")
struct NatsUserSeedTests {
    @Test("the public key is the one that another program derived, however the file is laid out")
    func publicKey() throws {
        for text in [
            NatsUsers.seed, NatsUsers.seed + "\n", NatsUsers.credentials,
            "-----BEGIN USER NKEY SEED-----\r\n\(NatsUsers.seed)\r\n------END USER NKEY SEED------\r\n",
        ] {
            #expect(try NatsUserSeed(file: text).publicKey == NatsUsers.publicKey)
        }
    }

    @Test("no letter of a seed can be another")
    func altered() {
        let letters = Array(NatsUsers.seed)
        for place in letters.indices {
            for other in "AZ27SU" where other != letters[place] {
                var altered = letters
                altered[place] = other
                #expect(throws: NatsUserSeed.Fault.self) { try NatsUserSeed(file: String(altered)) }
            }
        }
    }

    @Test("what is no user's seed is told without a word of it")
    func others() {
        // A public key, half a seed, nothing, too little, and letters that are no seed.
        let half = String(NatsUsers.seed.dropLast(8))
        for text in [NatsUsers.publicKey, half, "", "SU", String(repeating: "S", count: 58)] {
            let fault = #expect(throws: NatsUserSeed.Fault.self) { try NatsUserSeed(file: text) }
            #expect(fault.map { !"\($0)".contains(half) } ?? false)
        }
    }
}
