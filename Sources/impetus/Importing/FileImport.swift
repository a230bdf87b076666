import ControlRoom
import Foundation
import Shell
import Standards
import Store

/// One file on its way into the store.
struct FileImport {
    let path: String
    let format: ImportFormat?
    let intake: Intake
    private var outcome = ImportOutcome()
    private var districtSet: String?
    /// Districts in a row, which are kept together or not at all.
    private var districts: [(event: Event, line: Int)] = []
    private var count = 0
    private let started = Surroundings.live.now()

    init(path: String, format: ImportFormat?, intake: Intake) {
        self.path = path
        self.format = format
        self.intake = intake
    }

    private var name: String {
        let last = (path as NSString).lastPathComponent
        return (last as NSString).deletingPathExtension
    }

    mutating func run() -> ImportOutcome {
        do {
            var source = try FileSource(path: path == "-" ? "/dev/stdin" : path)
            let importer = Importer(
                name: name, format: format, languages: ImportLanguages.preferred,
                receivedAt: Surroundings.live.now())
            var failure: (any Error)?
            do {
                try importer.run(&source) { try take($0) }
            } catch {
                failure = error
            }
            // What was handed over stands, however the file ends.
            try takeDistricts()
            if let failure { throw failure }
            try selectDistricts()
        } catch let fault as FileFault {
            outcome.unreadable += 1
            complain(nil, fault.description.replacing(fault.path + ": ", with: ""))
        } catch let failure as ImportFailure {
            complain(failure.line, failure.reason)
        } catch {
            complain(nil, "\(error)")
        }
        if Output.progressIsSeen { Output.endProgress() }
        return outcome
    }

    private mutating func take(_ item: ImportItem) throws {
        switch item {
        case .event(let event, let line) where event.type == .districtDefined:
            districts.append((event, line))
            progress()
        case .event(let event, let line):
            try takeDistricts()
            try take([(event, line)])
            progress()
        case .rejected(let rejection): complain(rejection.line, rejection.reason)
        case .note(let line, let text):
            if Output.progressIsSeen { Output.endProgress() }
            Output.complain("\(path):\(line): note: \(text)")
        }
    }

    /// All of a set, or none: half of one would leave holes in the map. It goes on the map when all of it is kept.
    private mutating func takeDistricts() throws {
        guard let last = districts.last else { return }
        let all = districts
        districts = []
        try intake.settle()
        let refused = intake.counts.rejected
        guard try take(all, allOrNone: true) else {
            return complain(last.line, "none of these \(all.count) districts was taken")
        }
        do {
            try intake.settle()
        } catch let stuck as Intake.Stuck {
            sayUnchosen(last.event, count: all.count)
            throw stuck
        }
        guard intake.counts.rejected == refused else {
            return complain(last.line, "not all of these districts were taken; the map stays as it is")
        }
        districtSet = set(of: last.event) ?? districtSet
    }

    /// Events that are kept in one transaction.
    ///
    /// - Returns: whether all are admitted.
    @discardableResult
    private mutating func take(_ events: [(event: Event, line: Int)], allOrNone: Bool = false) throws -> Bool {
        let path = path
        let reasons = try intake.take(
            events.map { item in
                let line = item.line
                return (item.event, { note in Output.complain("\(path):\(line): \(note)") })
            }, allOrNone: allOrNone)
        for (item, reason) in zip(events, reasons) {
            if let reason { complain(item.line, reason) }
        }
        return reasons.allSatisfy { $0 == nil }
    }

    /// Districts that were imported go on the map; the ones before stay in the store and can be chosen again.
    private func selectDistricts() throws {
        guard let districtSet, var city = try intake.store.city() else { return }
        guard city.districtSet != districtSet else { return }
        city.districtSet = districtSet
        let surroundings = Surroundings.live
        let event = Event(
            id: surroundings.makeID(), source: "urn:impetus:import", type: .cityDefined, subject: "city/" + city.id,
            time: surroundings.now(), data: .json(JSONWriter.bytes(city.write)))
        try intake.takeUncounted(try AdmittedEvent(event))
        Output.note("\(path): the map shows these districts now (\(districtSet)); D on the map leads back to others")
    }

    /// Districts that wait to be taken are not chosen: what they show is not there yet.
    private func sayUnchosen(_ event: Event, count: Int) {
        guard let set = set(of: event), let city = try? intake.store.city(), city.districtSet != set else { return }
        if Output.progressIsSeen { Output.endProgress() }
        Output.note(
            "\(path): the districts of \(set) (\(count)) are not on the map yet; when they have been taken, choose them with D on "
                + "the map, or import the file once more")
    }

    private func set(of event: Event) -> String? {
        let parts = event.subject?.split(separator: "/", omittingEmptySubsequences: false) ?? []
        return parts.count >= 3 ? parts[1..<parts.count - 1].joined(separator: "/") : nil
    }

    private mutating func complain(_ line: Int?, _ reason: String) {
        outcome.rejected += 1
        if Output.progressIsSeen { Output.endProgress() }
        Output.complain(path + (line.map { ":\($0)" } ?? "") + ": " + reason)
    }

    /// On a terminal, and only when it takes long enough to wonder.
    private mutating func progress() {
        count += 1
        guard count % 2_000 == 0, Output.progressIsSeen else { return }
        let seconds = Surroundings.live.now().seconds(since: started)
        guard seconds > 0.5 else { return }
        Output.progress("\(path): \(count) read, \(Int(Double(count) / seconds)) a second")
    }
}

/// The languages a person wants CAP texts in: the environment's, then English.
enum ImportLanguages {
    static let preferred: [String] = {
        let environment = ProcessInfo.processInfo.environment
        let asked = ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let language = String(asked.prefix(2)).lowercased()
        return language.allSatisfy(\.isLetter) && language.count == 2 && language != "en" ? [language, "en"] : ["en"]
    }()
}
