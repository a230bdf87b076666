import Cells
import Console
import ControlRoom
import Glibc
import Testing

/// The words in which stories are told.
extension Session {
    @discardableResult
    func raise(
        _ subject: String, _ severity: Severity, _ headline: String, tool: Tool = .fd, kind: String = "weapon",
        in exercise: String? = nil, _ more: (inout JSONWriter) -> Void = { _ in }
    ) throws -> Session {
        let event = house.event(.alertRaised, subject, exercise: exercise) { writer in
            writer.member("tool", tool.code)
            writer.member("kind", kind)
            writer.member("severity", severity.name)
            writer.member("headline", headline)
            more(&writer)
        }
        try house.ingest([event])
        return self
    }

    @discardableResult
    func clear(_ subject: String) throws -> Session {
        try house.ingest([house.event(.alertCleared, subject) { $0.member("reason", "normal") }])
        return self
    }

    /// Many alerts at once, a millisecond apart: `stream-17/crowding`, "Crowd 17".
    @discardableResult
    func raiseMany(_ numbers: Range<Int>, _ severity: Severity = .low) throws -> Session {
        let events = numbers.map { number in
            house.event(.alertRaised, "stream-\(number)/crowding", millisecondsLater: number) { writer in
                writer.member("tool", "UAD")
                writer.member("kind", "crowding")
                writer.member("severity", severity.name)
                writer.member("headline", "Crowd \(number)")
            }
        }
        try house.ingest(events)
        return self
    }

    @discardableResult
    func wait(_ seconds: Int) throws -> Session {
        try house.wait(seconds)
        return self
    }

    @discardableResult
    func see(_ texts: String..., at place: SourceLocation = #_sourceLocation) -> Session {
        let screen = screen
        for text in texts {
            #expect(screen.contains(text), "\"\(text)\" is not on the screen:\n\(screen)", sourceLocation: place)
        }
        return self
    }

    @discardableResult
    func seeNot(_ texts: String..., at place: SourceLocation = #_sourceLocation) -> Session {
        let screen = screen
        for text in texts {
            #expect(!screen.contains(text), "\"\(text)\" is on the screen:\n\(screen)", sourceLocation: place)
        }
        return self
    }

    @discardableResult
    func beOn(_ headline: String?, at place: SourceLocation = #_sourceLocation) -> Session {
        #expect(current == headline, "the cursor is elsewhere:\n\(screen)", sourceLocation: place)
        return self
    }

    @discardableResult
    func sayLast(_ text: String, at place: SourceLocation = #_sourceLocation) -> Session {
        let said = state.status?.text ?? ""
        #expect(said.contains(text), "the last line says \"\(said)\"", sourceLocation: place)
        return self
    }
}

/// Widths as the console has them: the C library's, in a UTF-8 locale.
func libraryWidths(unicode: Bool) -> GlyphWidths {
    setlocale(LC_CTYPE, "C.UTF-8")
    // Swift's Glibc module leaves `wcwidth` out.
    typealias Measure = @convention(c) (Int32) -> Int32
    let wcwidth = unsafeBitCast(dlsym(nil, "wcwidth"), to: Measure.self)
    return GlyphWidths(unicode: unicode) { scalar in Int(wcwidth(Int32(bitPattern: scalar))) }
}
