import Testing

@testable import Terminal

let esc = "\u{1B}"
func make(_ e: [(String, KeyPress.Code)] = [("\u{1B}[[A", .function(1)), ("\u{1B}OA", .up)]) -> InputDecoder {
    InputDecoder(encoding: .utf8, sequences: KeySequences(e.map { (Array($0.0.utf8), $0.1) }))
}
func b(_ s: String) -> ArraySlice<UInt8> { Array(s.utf8)[...] }

@Test func keys() {
    var d = make()
    #expect(d.feed(b("a"), now: 0) == [.key(KeyPress(.character("a")))])
    #expect(
        d.feed(b("\u{3}\r\n\t\u{8}\u{7f}\u{0}"), now: 0) == [
            .key(KeyPress(.character("c"), control: true)), .key(KeyPress(.enter)), .key(KeyPress(.enter)),
            .key(KeyPress(.tab)), .key(KeyPress(.backspace)), .key(KeyPress(.backspace)),
            .key(KeyPress(.character(" "), control: true)),
        ])
    #expect(
        d.feed(
            b("\(esc)[A\(esc)OA\(esc)OB\(esc)[[A\(esc)[5~\(esc)[1;5C\(esc)[3;3~\(esc)[Z\(esc)[15~\(esc)OP\(esc)[24~"),
            now: 0) == [
                .key(KeyPress(.up)), .key(KeyPress(.up)), .key(KeyPress(.down)), .key(KeyPress(.function(1))),
                .key(KeyPress(.pageUp)), .key(KeyPress(.right, control: true)), .key(KeyPress(.delete, alt: true)),
                .key(KeyPress(.backTab)), .key(KeyPress(.function(5))), .key(KeyPress(.function(1))),
                .key(KeyPress(.function(12))),
            ])
    #expect(
        d.feed(b("\(esc)x\(esc)é\(esc)\r"), now: 0) == [
            .key(KeyPress(.character("x"), alt: true)), .key(KeyPress(.character("é"), alt: true)),
            .key(KeyPress(.enter, alt: true)),
        ])
    #expect(
        d.feed(b("e\u{301}日👩‍💻"), now: 0) == [
            .key(KeyPress(.character("e\u{301}"))), .key(KeyPress(.character("日"))), .key(KeyPress(.character("👩‍💻"))),
        ])
    #expect(d.feed([0xFF, 0xC3], now: 0) == [])
    #expect(d.feed([0xA9], now: 0) == [.key(KeyPress(.character("é")))])
    #expect(d.feed(b("\(esc)]11;rgb:0/0/0\(esc)\\z"), now: 0) == [.key(KeyPress(.character("z")))])
}
@Test func escape() {
    var d = make()
    #expect(d.feed(b(esc), now: 100) == [])
    #expect(d.isInDoubtOfEscape && d.deadline == 125)
    #expect(d.expire(now: 124) == [])
    #expect(d.expire(now: 125) == [.key(KeyPress(.escape))])
    #expect(d.deadline == nil)
    // torn by a slow line: the ESC is out, the paste is still no keys
    #expect(d.feed(b("[20"), now: 180) == [])
    #expect(d.feed(b("0~hello\(esc)[201~x"), now: 300) == [.paste("hello"), .key(KeyPress(.character("x")))])
    #expect(d.feed(b(esc), now: 1000) == []); _ = d.expire(now: 1025)
    #expect(d.feed(b("["), now: 1100) == [])
    #expect(d.expire(now: 1600) == [.key(KeyPress(.character("[")))])
    #expect(d.feed(b("\(esc)["), now: 2000) == [])
    #expect(d.expire(now: 2500) == [.key(KeyPress(.character("["), alt: true))])
    #expect(d.feed(b(esc + esc), now: 3000) == [.key(KeyPress(.escape))])
}
@Test func pastes() {
    let whole = Array("a\(esc)[200~x\(esc)[A\(esc)[20\(esc)[201z\r\n\r é\(esc)\(esc)[201~b".utf8)
    for cut in 1..<whole.count {
        for second in cut...whole.count {
            var d = make()
            var got = d.feed(whole[..<cut], now: 0) + d.feed(whole[cut..<second], now: 400)
            got += d.feed(whole[second...], now: 800)
            #expect(
                got == [
                    .key(KeyPress(.character("a"))), .paste("x\(esc)[A\(esc)[20\(esc)[201z\n\n é\(esc)"),
                    .key(KeyPress(.character("b"))),
                ])
        }
    }
    var d = make()
    _ = d.feed(b("\(esc)[200~abc"), now: 0)
    #expect(d.expire(now: 1999) == [])
    #expect(d.expire(now: 2000) == [.paste("abc")])
    _ = d.feed(b("\(esc)[200~a" + String(repeating: "é", count: 50000)), now: 0)
    #expect(d.feed(b("\(esc)[201~"), now: 0) == [.paste("a" + String(repeating: "é", count: 32767))])
}
@Test func mouse() {
    var d = make()
    #expect(
        d.feed(
            b("\(esc)[<0;300;5M\(esc)[<0;300;5m\(esc)[<64;1;1M\(esc)[<65;1;1M\(esc)[<35;1;1M\(esc)[<18;2;2M"), now: 0)
            == [
                .mouse(Mouse(x: 299, y: 4, button: 1, action: .press)),
                .mouse(Mouse(x: 299, y: 4, button: 1, action: .release)),
                .mouse(Mouse(x: 0, y: 0, button: 0, action: .wheelUp)),
                .mouse(Mouse(x: 0, y: 0, button: 0, action: .wheelDown)),
                .mouse(Mouse(x: 1, y: 1, button: 3, action: .press)),
            ])
    #expect(
        d.feed(b("\(esc)[M !!\(esc)[M#!\"q"), now: 0) == [
            .mouse(Mouse(x: 0, y: 0, button: 1, action: .press)),
            .mouse(Mouse(x: 0, y: 1, button: 0, action: .release)), .key(KeyPress(.character("q"))),
        ])
}
@Test func fuzz() {
    var g = SystemRandomNumberGenerator()
    let alphabet: [UInt8] = [
        0x1B, 0x5B, 0x4F, 0x5D, 0x32, 0x30, 0x31, 0x7E, 0x3B, 0x4D, 0x3C, 0xC3, 0xA9, 0xF0, 0x07, 0x41, 0xCC, 0x81,
    ]
    for _ in 0..<20000 {
        var d = make()
        var now = 0
        for _ in 0..<6 {
            let n = Int.random(in: 0...8, using: &g)
            let bytes = (0..<n).map { _ in alphabet.randomElement(using: &g)! }
            let got = d.feed(bytes[...], now: now)
            #expect(got.count <= n + 8)
            now += Int.random(in: 0...3000, using: &g)
            _ = d.expire(now: now)
        }
        now += 5000
        _ = d.expire(now: now)
        #expect(d.deadline == nil)
    }
}
