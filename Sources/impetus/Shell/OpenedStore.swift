import ArgumentParser
import Cities
import ControlRoom
import Feed
import Foundation
import Shell
import Standards
import Store

/// A store as a command finds it: opened, rebuilt where it was damaged, and knowing its city.
struct OpenedStore {
    let store: Store
    let pack: CityPack
    let report: Recovery.Report?
    /// Of a store that follows a hub, where this process acts or synchronises.
    var session: HubSession?

    /// Whether a person with a certificate works on it.
    var isEnrolled: Bool {
        if case .enrolled = session?.membership { return true }
        return false
    }

    /// - Parameters:
    ///   - path: nil for the default store of the city.
    ///   - mustExist: a store that was named and is not there is not made.
    ///   - city: the name or folder of a pack; nil for the store's own city, or padova.
    static func open(
        path: String?, city: String?, mustExist: Bool = false, writeCacheKiB: Int = 12_000,
        surroundings: Surroundings = .live
    ) throws -> OpenedStore {
        let pack: CityPack
        do {
            pack = try CityPack.load(city ?? "padova")
        } catch {
            Output.note("\(error)")
            throw ExitCode.noInput
        }
        let file = resolved(path ?? Paths.live.store(city: pack.city.id))
        // A rebuild that was cut off has left only its marker.
        let isThere = [file, file + ".damaged"].contains { FileManager.default.fileExists(atPath: $0) }
        if mustExist, path != nil, !isThere {
            Output.note("\(file): there is no such store; impetus and impetus import make one")
            throw ExitCode.noInput
        }
        do {
            try makeFolder(of: file)
            let follows = isThere && Store.followsHub(path: file)
            let opened = try Recovery.open(
                path: file, writeCacheKiB: writeCacheKiB, mirror: follows ? mirror : nil, now: surroundings.now(),
                believes: EventForm.mayBeSaid, makeLogID: surroundings.makeID)
            if let report = opened.report { tell(report, file) }
            settle(opened.store, surroundings)
            if follows { return OpenedStore(store: opened.store, pack: pack, report: opened.report) }
            let found = OpenedStore(store: opened.store, pack: pack, report: opened.report)
            try found.define(isAsked: city != nil, surroundings: surroundings)
            return found
        } catch let error as StoreError {
            Output.note("\(error)")
            throw exitCode(for: error)
        }
    }

    /// What has ended by time is over for a command as well, whether or not a console runs. A store that cannot be written now is
    /// shown as it is.
    private static func settle(_ store: Store, _ surroundings: Surroundings) {
        while (try? store.settle(at: surroundings.now())) == true {}
    }

    /// The copy of a hub's log; a new one begins with the hub's snapshot. Its city comes from the log.
    static func open(_ session: HubSession, path: String?, writeCacheKiB: Int = 12_000) throws -> OpenedStore {
        let file = resolved(path ?? session.membership.storePath)
        do {
            try makeFolder(of: file)
            if FileManager.default.fileExists(atPath: file), !Store.followsHub(path: file) {
                Output.note("\(file) is a store of its own and follows no hub; name another with --store")
                throw ExitCode.badData
            }
            if let said = FirstStart.fetch(into: file, session) { Output.note(said) }
            let opened = try Recovery.open(
                path: file, writeCacheKiB: writeCacheKiB, mirror: mirror, now: session.surroundings.now(),
                makeLogID: session.surroundings.makeID)
            if let report = opened.report {
                tell(report, file)
                Output.note("what is missing comes again from the hub")
            }
            settle(opened.store, session.surroundings)
            try session.attach(to: opened.store)
            return OpenedStore(
                store: opened.store, pack: try CityPack.load("padova"), report: opened.report, session: session)
        } catch let error as StoreError {
            Output.note("\(error)")
            throw exitCode(for: error)
        }
    }

    /// The copy of a hub's log, for a command that needs no hub; an empty one where there is none.
    static func openCopy(_ membership: Membership, path: String?) throws -> Store {
        let file = resolved(path ?? membership.storePath)
        do {
            try makeFolder(of: file)
            if FileManager.default.fileExists(atPath: file), !Store.followsHub(path: file) {
                Output.note("\(file) is a store of its own and follows no hub; name another with --store")
                throw ExitCode.badData
            }
            let opened = try Recovery.open(
                path: file, writeCacheKiB: 64_000, mirror: mirror, now: Surroundings.live.now(),
                makeLogID: Surroundings.live.makeID)
            if let report = opened.report { tell(report, file) }
            try membership.remember(in: opened.store)
            return opened.store
        } catch let error as StoreError {
            Output.note("\(error)")
            throw exitCode(for: error)
        }
    }

    /// Acts in the outbox are CloudEvents.
    static let mirror = Store.Mirror(decode: { try CloudEventReader.kept($0) })

    static func exitCode(for error: StoreError) -> ExitCode {
        switch error {
        case .newerSchema: .software
        case .notAStore, .otherLog: .badData
        case .damaged: .diskFailure
        case .full: .cannotCreate
        case .notPermitted: .notPermitted
        case .locked, .inUse, .rebuilding: .tryLater
        case .other: .diskFailure
        }
    }

    /// One file has one name, whatever links lead to it: the locks stand beside it.
    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func makeFolder(of file: String) throws {
        let folder = (file as NSString).deletingLastPathComponent
        guard !folder.isEmpty, !FileManager.default.fileExists(atPath: folder) else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StoreError.notPermitted(path: folder)
        }
    }

    private static func tell(_ report: Recovery.Report, _ file: String) {
        Output.note("\(file) was damaged; it was set aside as \(report.setAside)")
        let gaps = report.gaps == 0 ? "" : ", \(report.gaps) places could not be read"
        Output.note("rebuilt from \(report.events) events and \(report.waiting) waiting acts\(gaps)")
        if report.alarms > 0 {
            Output.note("alarms that wait to be acknowledged or reset, taken over as they were: \(report.alarms)")
        }
    }

    /// Tells a new store of its city. A store that knows one keeps it, unless another is asked for.
    private func define(isAsked: Bool, surroundings: Surroundings) throws {
        let known = try store.city()
        guard known == nil || isAsked else { return }
        let now = surroundings.now()
        var events = pack.definitions
        if known != nil, known != pack.city, var last = events.popLast() {
            // Chosen again after another one: a new event, because the old one is in the log already.
            last.id += "/" + surroundings.makeID()
            events.append(last)
        }
        _ = try store.ingest(try events.map { try AdmittedEvent($0) }, now: now)
    }
}
