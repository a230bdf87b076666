import ArgumentParser
import Foundation

/// How many CAP alerts a second `impetus import` takes, from the file to the indexed store.
struct ImportCAP: MaterialBenchmark {
    static let configuration = CommandConfiguration(commandName: "import", abstract: "Import of CAP alerts.")

    @Option(help: "Alerts.") var alerts = 100_000

    func run(_ materials: Materials) throws {
        let file = try materials.cap(alerts)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try Programs.impetus())
        process.arguments = ["import", file, "--store", materials.workshop.path + "/import.sqlite"]
        let output = Pipe()
        process.standardOutput = output
        let start = Clock.seconds()
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let rate = Double(alerts) / (Clock.seconds() - start)
        guard text.hasPrefix("imported \(alerts),") else { throw Screen.Failure(description: "import said: \(text)") }
        Report.line(
            "import of CAP, search included", "\(alerts) alerts", "\(Int(rate)) alerts/s", goal: "10,000/s",
            met: rate >= 10_000)
    }
}
