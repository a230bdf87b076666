import Appearance
import Console
import Foundation
import Settings
import Testing

@Suite("Looking up themes and layouts")
final class LibraryTests {
    private let root = NSTemporaryDirectory() + "appearance-" + UUID().uuidString

    deinit { try? FileManager.default.removeItem(atPath: root) }

    @discardableResult
    private func write(_ path: String, _ data: Data) throws -> String {
        let file = URL(fileURLWithPath: "\(root)/\(path)")
        let directory = file.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try data.write(to: file)
        return file.path
    }

    private func write(layout name: String, _ title: String, in directory: String) throws {
        let text = "title = \"\(title)\"\nroot = { pane = \"map\" }"
        try write("\(directory)/\(name).toml", Data(text.utf8))
    }

    private func library(_ explicit: String? = nil, _ environment: [String: String]? = nil) -> Library {
        let usual = ["XDG_CONFIG_HOME": "\(root)/user", "XDG_DATA_DIRS": "\(root)/one::\(root)/two"]
        let directory = explicit.map { "\(root)/\($0)" }
        return Library(
            environment: environment ?? usual, themesDirectory: directory, layoutsDirectory: directory)
    }

    @Test("the order is: command line, user, system in its order, shipped")
    func order() throws {
        let places = ["two/impetus/layouts", "one/impetus/layouts", "user/impetus/layouts", "mine"]
        #expect(library().layout(named: "wall").value?.title == "Wall: large map and alerts")
        for place in places {
            try write(layout: "wall", "from \(place)", in: place)
            #expect(library("mine").layout(named: "wall").value?.title == "from \(place)")
        }
        #expect(library().layout(named: "wall").value?.title == "from user/impetus/layouts")
    }

    @Test("names are those of all directories, each once")
    func names() throws {
        try write(layout: "wall", "Mine", in: "mine")
        try write(layout: "harbour", "Mine", in: "user/impetus/layouts")
        try write("mine/notes.txt", Data())
        try write("mine/.hidden.toml", Data())
        try write("mine/not a name.toml", Data())
        let names = library("mine").layoutNames()
        #expect(names == ["compact", "cyber", "harbour", "operator", "responder", "supervisor", "wall"])
    }

    @Test("without XDG_CONFIG_HOME, or with an empty one, ~/.config counts")
    func home() throws {
        try write(layout: "wall", "Home", in: "home/.config/impetus/layouts")
        for environment in [["HOME": "\(root)/home"], ["HOME": "\(root)/home", "XDG_CONFIG_HOME": ""]] {
            #expect(library(nil, environment).layout(named: "wall").value?.title == "Home")
        }
    }

    @Test("a relative XDG directory is ignored")
    func relative() {
        let here = FileManager.default.currentDirectoryPath
        let up = String(repeating: "../", count: here.split(separator: "/").count)
        let environment = ["XDG_CONFIG_HOME": up + root.dropFirst(), "XDG_DATA_DIRS": "/nonexistent"]
        #expect(throws: Never.self) { try self.write(layout: "wall", "Relative", in: "impetus/layouts") }
        #expect(library(nil, environment).layout(named: "wall").value?.title == "Wall: large map and alerts")
    }

    @Test(
        "a name cannot lead out of its directory",
        arguments: [
            "../secret", "..", ".", "", "a/b", "/etc/passwd", "a\\b", "a\0b", "name.toml", "è",
            String(repeating: "a", count: 65),
        ])
    func hostileName(name: String) throws {
        try write("secret.toml", Data("root = { pane = \"map\" }\n[styles]".utf8))
        let loaded = library("mine").layout(named: name)
        #expect(loaded.value == nil)
        #expect(loaded.warnings.contains { $0.reason.hasPrefix("a name is made of") })
        #expect(library("mine").theme(named: name).value == nil)
    }

    @Test("an unknown name gives a warning and no value")
    func unknown() {
        let loaded = library().theme(named: "plaid")
        #expect(loaded.value == nil)
        let names = "calm, colour-blind, high-contrast, light, mono"
        #expect(loaded.warnings.map(\.description) == ["plaid.toml: not found among the themes; there are \(names)"])
    }

    @Test("a broken file in front is reported, not passed over")
    func broken() throws {
        let file = try write("user/impetus/themes/calm.toml", Data("[styles]\ntext = = 3".utf8))
        let loaded = library().theme(named: "calm")
        #expect(loaded.value == nil)
        #expect(loaded.warnings.map(\.line) == [2])
        #expect(loaded.warnings.map(\.file) == [file])
    }

    @Test("what is not a small UTF-8 file is refused")
    func unreadable() throws {
        try write("mine/bytes.toml", Data([0x5B, 0xFF, 0xFE, 0x5D]))
        try write("mine/large.toml", Data(repeating: 0x23, count: 256 * 1024 + 1))
        try write("mine/folder.toml/x", Data())
        #expect(mkfifo("\(root)/mine/pipe.toml", 0o600) == 0)
        try FileManager.default.createSymbolicLink(atPath: "\(root)/mine/zero.toml", withDestinationPath: "/dev/zero")
        let expected = [
            "bytes": "not UTF-8", "large": "larger than 256 KiB", "folder": "not a regular file",
            "pipe": "not a regular file", "zero": "not a regular file",
        ]
        for (name, reason) in expected {
            let loaded = library("mine").theme(named: name)
            #expect(loaded.value == nil)
            #expect(loaded.warnings.map(\.reason) == [reason], "\(name)")
        }
    }

    @Test("a link to a file is followed")
    func link() throws {
        let target = try write("elsewhere/file", Data("root = { pane = \"log\" }".utf8))
        try write(layout: "other", "Other", in: "mine")
        try FileManager.default.createSymbolicLink(atPath: "\(root)/mine/wall.toml", withDestinationPath: target)
        #expect(library("mine").layout(named: "wall").value?.panes == [.log])
    }

    @Test("a directory of the command line that is not there is reported, and the search goes on")
    func missingDirectory() {
        let loaded = library("typo").theme(named: "calm")
        #expect(loaded.value != nil)
        #expect(loaded.warnings.map(\.reason) == ["no such directory of themes"])
        let unknown = library("typo").theme(named: "plaid")
        #expect(unknown.warnings.count == 2 && unknown.warnings[0].reason == "no such directory of themes")
        #expect(unknown.warnings[1].reason.hasPrefix("not found among the themes"))
    }
}
