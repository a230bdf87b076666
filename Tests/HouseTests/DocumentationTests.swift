import Foundation
import Testing

@Suite("What other modules can see")
struct DocumentationTests {
    private func what(_ text: String) -> [String] {
        DocumentationRules.faults(of: [("Store/A.swift", text)]).map(\.what)
    }

    @Test("is described: each type, and of each function that throws, what")
    func sourcesAreDescribed() throws {
        let files = try ProjectFiles.swift(in: "Sources")
        let declarations = files.flatMap { DeclarationScan.declarations(of: $0.text) }
        #expect(declarations.count { $0.isType } > 400 && declarations.count { $0.errors != .none } > 200)
        let faults = DocumentationRules.faults(of: files)
        #expect(faults.isEmpty, "\(faults.map(\.description).joined(separator: "\n"))")
    }

    @Test(
        "a type without a comment is found",
        arguments: [
            "public struct A {}", "package enum A: Error { case b }", "@frozen public indirect enum A {}",
            "public final class A {}", "public protocol A {}", "public actor A {}", "public typealias A = Int",
            "// A\npublic struct A {}", "/* A */ public struct A {}", "/// A\n\npublic struct A {}",
            "@Sendable\npublic struct A {}", "struct B {\n    public struct A {}\n}",
            "extension B: P {\n    public struct A {}\n}", "let a = \"\"\"\n    /// A\n    \"\"\"\npublic struct A {}",
        ])
    func types(_ text: String) {
        let found = what(text)
        #expect(found == ["A has no comment"] || found == ["B.A has no comment"], "\(found)")
    }

    @Test(
        "a type with a comment is well, and so is one that nobody else sees",
        arguments: [
            "/// A\npublic struct A {}", "/// A\n@frozen public enum A {}",
            "/// A\n@available(*, deprecated)\npublic enum A {}",
            "struct A {}", "private class A {}", "extension A {}", "public var a: Int { 1 }",
            "public class func a() {}",
            "let a = \"public struct A {}\"", "extension B: P {\n    public typealias A = Int\n}",
        ])
    func typesThatAreWell(_ text: String) { #expect(what(text).isEmpty) }

    static let throwers = [
        "public func a() throws {}", "package static func a(\n    b: Int\n)\n    async throws -> Int { 1 }",
        "public mutating func a<T>(_ b: (T) throws -> T) throws -> T {}", "@inlinable\npublic func a() async throws {}",
        "public func a() throws -> () -> Void {}",
    ]

    @Test("a function that throws needs a comment, and in it what it throws", arguments: throwers)
    func throwing(_ text: String) {
        #expect(what(text) == ["a throws and has no comment"])
        #expect(what("/// A.\n" + text) == ["a does not say what it throws"])
        #expect(what("/// A.\n/// - Throws:\n" + text) == ["a does not say what it throws"])
        #expect(what("/// A.\n///\n/// - Throws: `Failure.late`.\n" + text).isEmpty)
        #expect(what("/// - Throws: `Failure.late`.\nlet b = 1\n" + text) == ["a throws and has no comment"])
    }

    @Test(
        "so does a value whose getter throws",
        arguments: [
            "public var a: Int { get throws { 1 } }", "package static var a: Int {\n\n    get async throws { 1 }\n}",
            "public final override var a: Int {\n    get throws { 1 }\n    set {}\n}",
        ])
    func getters(_ text: String) {
        #expect(what(text) == ["a throws and has no comment"])
        #expect(what("/// A.\n" + text) == ["a does not say what it throws"])
        #expect(what("/// A.\n///\n/// - Throws: `Failure.late`.\n" + text).isEmpty)
    }

    @Test(
        "what is computed and throws nothing, or for nobody else, needs none",
        arguments: [
            "public var a: Int { get { 1 } }", "public var a = 1", "public var a: () throws -> Int = { 1 }",
            "public var a: Int { b() }", "var a: Int { get throws { 1 } }",
            "private var a: Int { get throws { 1 } }",
            "public var a: Int { 1 }\nvar b: Int { get throws { 1 } }",
            "/// A\npublic var a: Int { get throws(Failure) { 1 } }",
            "public private(set) var a: Int {\n    didSet { b() }\n}",
        ])
    func gettersThatAreWell(_ text: String) { #expect(what(text).isEmpty) }

    @Test("so do initializers, what a protocol asks for, and open extensions")
    func everyKind() {
        let forms = [
            "/// A\npublic struct A {\n    public init?(_ b: Int) throws {}\n}",
            "/// A\npublic protocol A {\n    func init1() throws\n    var b: Int { get }\n}",
            "public extension A {\n    func b() throws {}\n}",
            "/// A\npublic struct A {\n    func c() { if d { e() } }\n    public subscript(b: Int) -> Int { 1 }\n"
                + "    public init(_ b: [Int: Int] = [:]) throws {}\n}",
            "/// A\npublic struct A {\n    public subscript(b: Int) -> Int {\n        get throws { 1 }\n    }\n}",
            "/// A\npublic protocol A {\n    var b: Int { get throws }\n    var c: Int { get }\n}",
        ]
        for form in forms {
            let found = what(form)
            #expect(
                found.count == 1 && found.first?.hasSuffix("throws and has no comment") == true, "\(found): \(form)")
        }
    }

    @Test(
        "a signature that names the errors says them, the comment stays wanted",
        arguments: [
            "public func a() throws(Failure) {}", "public func a(_ b: () throws -> Void) rethrows {}",
            "/// C\npublic struct C {\n    public init(reading reader: inout JSONReader) throws {}\n}",
        ])
    func named(_ text: String) {
        let found = what(text)
        #expect(found.count == 1 && found.first?.hasSuffix(" throws and has no comment") == true, "\(found)")
        #expect(
            what(
                text.replacing("public func", with: "/// A\npublic func")
                    .replacing("    public init", with: "    /// A\n    public init")
            ).isEmpty)
    }

    @Test(
        "what throws for nobody else, or because a protocol says so, needs none",
        arguments: [
            "func a() throws {}", "private func a() throws {}", "public func a(_ b: () throws -> Void) {}",
            "public func a() -> (Int) throws -> Int {}", "extension A: P {\n    public func a() throws {}\n}",
            "extension A {\n    public func encode(to encoder: any Encoder) throws {}\n"
                + "    public init(from decoder: any Decoder) throws {}\n}",
            "/// A\npublic protocol A {\n    func a()\n}\nfunc b() throws {}",
            "/// A\npublic struct A {\n    func b() { if c { d() } }\n    func e() throws {}\n}",
        ])
    func withoutNeed(_ text: String) { #expect(what(text).isEmpty) }

    @Test(
        "a type's comment speaks for its functions, in its extensions and in other files of its room, and for no other")
    func spoken() {
        let type = "/// A\n///\n/// - Throws: `Failure`, from all functions.\npublic struct A {\n"
        let function = "    /// B\n    public func b() throws {}\n}"
        let other = "extension A {\n" + function
        let nested = "extension A.C {\n" + function
        let faults = DocumentationRules.faults(of: [
            ("Store/A.swift", type + function), ("Store/Log/B.swift", other), ("Feed/B.swift", other),
            ("Store/C.swift", nested), ("TestSupport/B.swift", other),
        ])
        #expect(
            faults == [
                Fault(path: "Feed/B.swift", line: 3, what: "A.b does not say what it throws"),
                Fault(path: "Store/C.swift", line: 3, what: "A.C.b does not say what it throws"),
            ])
        #expect(what(type + "    public func b() throws {}\n}") == ["A.b throws and has no comment"])
    }
}
