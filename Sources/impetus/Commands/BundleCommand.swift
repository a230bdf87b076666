import ArgumentParser
import ControlRoom
import Foundation
import Shell
import Store
import Sync

struct BundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "Carry log and acts by file, between machines that no network joins.",
        discussion: """
            Without a network: export FILE, carry it to a colleague's console that reaches the hub, import it there: your acts \
            go to the hub. There: export ANSWER --reply-to FILE, carry it back, import it: your store has what the hub has.
            """,
        subcommands: [Export.self, Import.self])

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write what this store has of the log, and the acts that wait, into a new signed file.")

        @Argument(help: "A file that is not there yet.") var file: String
        @Option(
            help: ArgumentHelp(
                "A bundle of whoever will get this one: it begins where their store ends.", valueName: "file"))
        var replyTo: String?
        @Option(help: "Begin behind this event; without it, with the first.") var after: Int64?
        @Flag(help: "Only the acts that wait: a small file for the way to the hub.") var acts = false
        @OptionGroup var options: StoreOptions
        @Option(name: .customLong("as"), help: ArgumentHelp("Which identity.", valueName: "name")) var identity: String?

        func run() throws {
            guard [replyTo != nil, after != nil, acts].count(where: { $0 }) <= 1 else {
                throw Usage.wrong("one of --reply-to, --after and --acts")
            }
            guard case .enrolled(let enrolled, _)? = try options.membership(identity) else { throw Bundles.nobody }
            let opened = try options.open(as: identity)
            defer { opened.store.close() }
            guard let session = opened.session, let key = session.keys[enrolled.identity.actor] else {
                throw Bundles.nobody
            }
            defer { session.end() }
            try Bundles.reporting(file) {
                let start = try start(opened.store, enrolled)
                let made = try LogBundle.export(
                    opened.store, after: start, to: file,
                    by: LogBundle.Maker(key: key, certificate: enrolled.certificate, now: session.surroundings.now()),
                    told: { place, end in
                        if Output.progressIsSeen { Output.progress("\(file): event \(place) of \(end)") }
                    })
                if Output.progressIsSeen { Output.endProgress() }
                Output.line("\(made.events) events up to \(made.last), \(made.acts) acts, in \(file)")
                if made.leftOut > 0 {
                    Output.note(
                        "the \(made.leftOut) behind them were left out: an event stands there a second time, which no file can prove"
                    )
                }
            }
        }

        /// Nil for acts alone.
        private func start(_ store: Store, _ enrolled: EnrolledIdentity) throws -> Int64? {
            if acts { return nil }
            guard let replyTo else { return after ?? 0 }
            try Bundles.mustBeThere(replyTo)
            return try Bundles.reporting(replyTo) {
                let head = try LogBundle.Opened(
                    replyTo, tenant: enrolled.identity.tenant, authority: enrolled.authority,
                    now: Surroundings.live.now()
                ).head
                guard try head.logID == store.cursor()?.logID else { throw BundleFailure("it is of another log") }
                return head.last
            }
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a bundle in: events that a hub vouches for, and acts, which go to the hub with one's own.")

        @Argument(help: "What export made.") var file: String
        @Flag(help: "The result as one JSON object.") var json = false
        @OptionGroup var options: StoreOptions
        @Option(name: .customLong("as"), help: ArgumentHelp("Which identity.", valueName: "name")) var identity: String?

        func run() throws {
            guard let membership = try options.membership(identity), let authority = membership.authority else {
                throw Bundles.nobody
            }
            guard case .enrolled(let enrolled, _) = membership else { throw Bundles.nobody }
            let (tenant, now) = (enrolled.identity.tenant, Surroundings.live.now())
            try Bundles.mustBeThere(file)
            // Looked at before a store is made for it.
            let bundle = try Bundles.reporting(file) {
                try LogBundle.Opened(file, tenant: tenant, authority: authority, now: now)
            }
            let store = try OpenedStore.openCopy(membership, path: options.store)
            defer { store.close() }
            let taken = try Bundles.reporting(file) { try LogBundle.take(bundle, into: store, now: now) }
            for refusal in taken.refusals {
                Output.note(
                    "\(taken.by) says that the hub refused \(refusal); it waits here until the hub says so itself")
            }
            for finding in taken.findings { Output.note("\(file): \(finding)") }
            json ? Output.json(Bundles.json(taken)) : Output.line(Bundles.words(taken))
            if !taken.findings.isEmpty { throw ExitCode.badData }
        }
    }
}

/// What both ways of a bundle share.
private enum Bundles {
    static var nobody: any Error {
        Usage.wrong("a bundle is of a member of a hub; impetus enrol makes one, and --as names one")
    }

    /// - Throws: an exit code, after the reason was said.
    static func mustBeThere(_ file: String) throws {
        guard !FileManager.default.fileExists(atPath: file) else { return }
        Output.note("\(file): there is no such file")
        throw ExitCode.noInput
    }

    static func reporting<Value>(_ file: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let failure as BundleFailure {
            Output.note("\(file): \(failure)")
            throw ExitCode.badData
        } catch let error as JSONError {
            Output.note("\(file): at byte \(error.offset) of a record: \(error.reason)")
            throw ExitCode.badData
        } catch let failure as WrittenFile.IsThere {
            throw Usage.wrong("\(failure)")
        } catch let failure as EnrolledIdentity.Failure {
            Output.note("\(failure)")
            throw ExitCode.cannotCreate
        } catch let error as StoreError {
            Output.note("\(error)")
            throw OpenedStore.exitCode(for: error)
        }
    }

    static func words(_ taken: LogBundle.Imported) -> String {
        var words = "of \(taken.by): \(taken.events) events, up to \(taken.last); \(taken.acts) acts go to the hub"
        if taken.leftOut > 0 { words += "; \(taken.leftOut) events left out, which no hub has vouched for yet" }
        return Output.printable(words)
    }

    static func json(_ taken: LogBundle.Imported) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("by", taken.by)
            writer.member("events", taken.events)
            writer.member("last", Int(taken.last))
            writer.member("left_out", taken.leftOut)
            writer.member("acts", taken.acts)
            writer.member("refusals", taken.refusals)
            writer.member("findings", taken.findings)
        }
        return writer.text
    }
}
