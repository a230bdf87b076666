import ControlRoom
import Foundation
import Testing

@Suite("Texts as they are compared")
struct FoldingTests {
    @Test("without case and accents, like Foundation's folding for Latin letters")
    func latin() {
        for value in UInt32(0x20)...0x17F {
            guard let scalar = Unicode.Scalar(value), value != 0xB5, value != 0x130, value != 0x149, value != 0x17F
            else { continue }
            let text = String(Character(scalar))
            let expected = text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
            // Foundation takes strokes for accents; the index of words, which ours agrees with, does not.
            guard !"øØłŁđĐħĦŧŦıŁßĿŀ".contains(text) else { continue }
            #expect(Folding.fold(text) == Array(expected.utf8), "\(text)")
        }
        #expect(Folding.fold("CITTA\u{300} ÅLESUND Ωμέγα") == Array("citta alesund ωμέγα".utf8))
    }

    @Test("what is no UTF-8 stays as it is")
    func broken() {
        for bytes: [UInt8] in [[0xFF, 0x41], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0x80, 0x80]] {
            var folded: [UInt8] = []
            bytes.withUnsafeBufferPointer { Folding.append($0, to: &folded) }
            #expect(folded == bytes.map { $0 == 0x41 ? 0x61 : $0 })
        }
    }

    @Test("a part is found wherever it stands")
    func parts() {
        func contains(_ text: String, _ part: String) -> Bool {
            Folding.fold(text).withUnsafeBufferPointer { text in
                Folding.fold(part).withUnsafeBufferPointer { Folding.contains(text, $0) }
            }
        }
        #expect(contains("aaab", "aab") && contains("Perché no", "che n") && contains("x", "") && contains("", ""))
        #expect(!contains("aa", "aaa") && !contains("abc", "ac") && !contains("", "a"))
    }
}
