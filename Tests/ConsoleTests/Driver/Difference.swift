/// What differs between two texts, line by line, for people to read.
struct Difference: CustomStringConvertible {
    let description: String

    var isNone: Bool { description.isEmpty }

    init(_ expected: String, _ found: String) {
        let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let new = found.split(separator: "\n", omittingEmptySubsequences: false)
        var lines: [String] = []
        for index in 0..<max(old.count, new.count) {
            let (before, after) = (index < old.count ? old[index] : nil, index < new.count ? new[index] : nil)
            guard before != after else { continue }
            if let before { lines.append("\(index + 1) - \(before)") }
            if let after { lines.append("\(index + 1) + \(after)") }
        }
        description = lines.joined(separator: "\n")
    }
}
