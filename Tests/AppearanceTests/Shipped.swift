import Appearance
import Foundation

@testable import struct Appearance.SearchPath

/// The files as they are shipped, found as the program finds them.
enum Shipped {
    static let themes = ["calm", "colour-blind", "high-contrast", "light", "mono"]
    static let layouts = ["compact", "cyber", "operator", "responder", "supervisor", "wall"]

    /// No directory of the machine may answer in place of the shipped one.
    static let environment = ["XDG_CONFIG_HOME": "/nonexistent", "XDG_DATA_DIRS": "/nonexistent"]

    static let library = Library(environment: environment, themesDirectory: nil, layoutsDirectory: nil)

    static func text(_ kind: String, _ name: String) throws -> String {
        let path = SearchPath(kind: kind, explicit: nil, environment: environment)
        let file = path.file(named: name) ?? "/nonexistent/\(name)"
        return try String(contentsOfFile: file, encoding: .utf8)
    }
}
