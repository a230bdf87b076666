/// A place in the sources where a rule of the house is broken.
struct Fault: Equatable, CustomStringConvertible {
    let path: String
    let line: Int
    let what: String

    var description: String { "\(path):\(line): \(what)" }
}
