import Foundation

/// wrk as the load generator: 64 connections, each request a new body.
struct Wrk {
    let rate: Double
    /// Milliseconds.
    let p99: Double

    /// - Parameter body: Lua that makes a body of `id(n)`, which is a new id for each `n`.
    init(_ workshop: Workshop, port: Int, path: String, type: String, body: String, seconds: Int) throws {
        let script = workshop.path + "/load.lua"
        try """
        local threads, n = 0, 0
        function setup(thread) thread:set("number", threads); threads = threads + 1 end
        function init(arguments) run = "\(UUID().uuidString)-" .. number .. "-" end
        local function id(k) return run .. k end
        request = function()
          n = n + 1
          local body = \(body)
          return wrk.format("POST", "\(path)", {["Content-Type"] = "\(type)"}, body)
        end

        """.write(toFile: script, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "wrk", "-t2", "-c64", "-d\(seconds)s", "--latency", "-s", script, "http://127.0.0.1:\(port)",
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        guard let rate = Wrk.value("Requests/sec:", text).flatMap(Double.init),
            let p99 = Wrk.value("99%", text).flatMap(Wrk.milliseconds)
        else { throw Screen.Failure(description: "wrk: \(text.suffix(400))") }
        if let failed = Wrk.value("Non-2xx or 3xx responses:", text) {
            throw Screen.Failure(description: "\(failed) requests were refused")
        }
        (self.rate, self.p99) = (rate, p99)
    }

    private static func value(_ name: String, _ text: String) -> String? {
        for line in text.split(separator: "\n") {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            if trimmed.hasPrefix(name) {
                return trimmed.dropFirst(name.count).trimmingCharacters(in: .whitespaces)
            }
        }
        return nil
    }

    private static func milliseconds(_ text: String) -> Double? {
        for (unit, factor) in [("us", 0.001), ("ms", 1), ("m", 60_000), ("s", 1_000)] where text.hasSuffix(unit) {
            return Double(text.dropLast(unit.count)).map { $0 * factor }
        }
        return nil
    }
}

enum Bodies {
    /// What `event` says once, as it stands in a log.
    static let oneEvent =
        #"{"specversion":"1.0","id":"1-12345","source":"urn:bench:sensor","type":"eu.impetus.alert.raised.v1","subject":"cam123/crowd","time":"2026-11-24T12:00:00Z","datacontenttype":"application/json","data":{"tool":"UAD","kind":"crowd","severity":"medium","headline":"Crowd above normal, Piazza dei Signori","confidence":0.9,"lat":45.407,"lon":11.873}}"#
    /// What `batch` says 500 times.
    static let oneObservation =
        #"{"specversion":"1.0","id":"1-12345-123","source":"urn:bench:sensor","type":"eu.impetus.observation.recorded.v1","subject":"crowd/piazza123","time":"2026-11-24T12:00:00Z","datacontenttype":"application/json","data":{"value":3.5,"unit":"persons/m2","lat":45.407,"lon":11.873}}"#
    static let event = #"""
        '{"specversion":"1.0","id":"' .. id(n) .. '","source":"urn:bench:sensor","type":"eu.impetus.alert.raised.v1","subject":"cam' .. (n % 1000) .. '/crowd","time":"2026-11-24T12:00:00Z","datacontenttype":"application/json","data":{"tool":"UAD","kind":"crowd","severity":"medium","headline":"Crowd above normal, Piazza dei Signori","confidence":0.9,"lat":45.407,"lon":11.873}}'
        """#
    static let alert = #"""
        '[{"labels":{"alertname":"crowd","instance":"cam' .. (n % 1000) .. '","id":"' .. id(n) .. '","severity":"medium"},"annotations":{"summary":"Crowd above normal, Piazza dei Signori"},"startsAt":"2026-11-24T12:00:00Z"}]'
        """#
    static let batch = #"""
        (function() local t = {} for i = 1, 500 do t[i] = '{"specversion":"1.0","id":"' .. id(n .. "-" .. i) .. '","source":"urn:bench:sensor","type":"eu.impetus.observation.recorded.v1","subject":"crowd/piazza' .. i .. '","time":"2026-11-24T12:00:00Z","datacontenttype":"application/json","data":{"value":3.5,"unit":"persons/m2","lat":45.407,"lon":11.873}}' end return "[" .. table.concat(t, ",") .. "]" end)()
        """#
}
