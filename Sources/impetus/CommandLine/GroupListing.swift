import ArgumentParser
import ControlRoom
import Shell
import Store

/// What belongs together, one line a group, realm by realm; what needs attention most comes first.
struct GroupListing {
    let store: Store
    let argument: FilterArgument
    let printer: AlertPrinter

    /// - Throws: an exit code where there are too many alerts to be grouped.
    func list(countOnly: Bool) throws {
        // Groups are found from what is in memory.
        while try store.readColumns(for: argument.filter.match) {}
        let grouping = AlertGrouping(rules: try store.alarmPolicy().groups)
        var count = 0
        for realm in try store.realms() {
            var query = AlertQuery(realm: realm, filter: argument.filter).at(argument.vocabulary.now)
            query.grouping = grouping
            try store.each(query) { page in
                guard page.isGrouped || page.lines.isEmpty else {
                    Output.note("they cannot be grouped: the filter asks too many alerts for what is not in memory")
                    throw ExitCode.badData
                }
                count += page.lines.count
                if countOnly { return }
                for line in page.lines { try printer.print(line, realm, members: members(of: line, query)) }
            }
        }
        if countOnly { Output.line(String(count)) }
    }

    private func members(of line: AlertLine, _ query: AlertQuery) throws -> [String] {
        guard printer.json, let group = line.group else { return [] }
        return try store.subjects(of: group.rows)
    }
}
