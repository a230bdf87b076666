import Foundation

/// A user's home of its own, with nothing in it: the program as somebody finds it who just installed it.
final class Desk {
    let folder: String
    let environment: [String: String]

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/impetus-desk-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        environment = [
            "HOME": folder, "XDG_DATA_HOME": folder + "/data", "XDG_CONFIG_HOME": folder + "/config",
            "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "xterm-256color", "TZ": "Europe/Rome",
        ]
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var store: String { folder + "/data/impetus/padova.sqlite" }

    @discardableResult
    func impetus(_ arguments: String..., with more: [String: String] = [:]) throws -> Outcome {
        try impetusWith(arguments, more)
    }

    func impetusWith(_ arguments: [String], _ more: [String: String] = [:]) throws -> Outcome {
        guard let path = Product.path else { throw Trouble(Product.missing) }
        return try Programs.run(
            path, arguments, environment: environment.merging(more) { $1 }, folder: folder)
    }

    /// Writes a file and returns its path.
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        let path = folder + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    func file(_ name: String, _ text: String) throws -> String { try file(name, Array(text.utf8)) }

    private var count = 0

    /// Imports one alert, as a sensor's CloudEvent.
    @discardableResult
    func raise(
        _ subject: String, _ severity: String, _ headline: String, more: [String: Any] = [:],
        source: String = "urn:test", type: String = "alert.raised"
    ) throws -> Outcome {
        count += 1
        var data: [String: Any] = ["tool": "FD", "kind": "weapon", "severity": severity, "headline": headline]
        data.merge(more) { $1 }
        let event: [String: Any] = [
            "specversion": "1.0", "id": "e\(count)", "source": source, "type": "eu.impetus.\(type).v1",
            "subject": subject, "time": ISO8601DateFormatter().string(from: Date()),
            "datacontenttype": "application/json",
            "data": data,
        ]
        let bytes = try JSONSerialization.data(withJSONObject: event)
        return try impetus("import", file("event-\(count).json", Array(bytes)))
    }

    /// Lines of JSON as objects.
    func objects(_ text: String) throws -> [[String: Any]] {
        try text.split(separator: "\n").map { line in
            guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
                throw Trouble("no object: " + line)
            }
            return object
        }
    }

    func alert(_ subject: String) throws -> [String: Any] {
        let all = try objects(impetus("alerts", "--json").output)
        guard let found = all.first(where: { $0["subject"] as? String == subject }) else {
            throw Trouble("no alert " + subject)
        }
        return found
    }
}

/// A CAP 1.2 alert as text.
func capAlert(id: String, headline: String, status: String = "Actual", encoding: String = "UTF-8") -> String {
    """
    <?xml version="1.0" encoding="\(encoding)"?>
    <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
      <identifier>\(id)</identifier><sender>test@example.org</sender><sent>2026-01-01T00:00:00+00:00</sent>
      <status>\(status)</status><msgType>Alert</msgType><scope>Public</scope>
      <info>
        <category>Met</category><event>Test</event><urgency>Immediate</urgency><severity>Extreme</severity>
        <certainty>Observed</certainty><expires>2036-01-01T00:00:00+00:00</expires><headline>\(headline)</headline>
        <area><areaDesc>Everywhere</areaDesc></area>
      </info>
    </alert>
    """
}
