import ArgumentParser
import ControlRoom
import Foundation
import Shell
import Sync
import Trust

struct RenewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew", abstract: "Renew the certificate of a machine, when a third of its time is left.",
        discussion: """
            People's certificates are renewed while they work. A certificate can be renewed up to 30 days after its end, and \
            for the key it has. For systemd: impetus renew --machine DIR --print-service > /etc/systemd/system/NAME.service, \
            the same with --print-timer > NAME.timer, then systemctl enable --now NAME.timer.
            """)

    @Option(help: ArgumentHelp("The folder that impetus enrol --machine made.", valueName: "dir")) var machine: String
    @Option(help: ArgumentHelp("The hub; without it, those it was enrolled at.", valueName: "url")) var hub: [String] =
        []
    @Flag(help: "Also when it is not time yet.") var force = false
    @Flag(help: "Print the service unit for systemd that renews, and do nothing.") var printService = false
    @Flag(help: "Print the timer unit for systemd that starts it daily, and do nothing.") var printTimer = false

    func run() throws {
        if printService || printTimer { return try printUnits() }
        do {
            let identity = try MachineIdentity(folder: machine)
            let now = Surroundings.live.now()
            guard force || identity.certificate.isDueForRenewal(at: now) else {
                return Output.line("good until \(identity.certificate.ends.rfc3339): not renewed yet")
            }
            let hubs = try hub.isEmpty ? identity.hubs : hub.map { try HubAddress($0).url }
            guard !hubs.isEmpty else { throw Usage.wrong("\(machine) does not say which hub; --hub https://HOST:PORT") }
            let made = try renew(identity, at: hubs)
            try identity.renew(made)
            Output.line("renewed \(Output.printable(made.identity.actor)) until \(made.ends.rfc3339)")
        } catch let failure as HubClient.Failure {
            Output.note("not renewed: \(failure.description)")
            if case .unreachable = failure { throw ExitCode.tryLater }
            throw ExitCode.notPermitted
        } catch let failure as EnrolledIdentity.Failure {
            Output.note(failure.description)
            throw MachineIdentity.exists(in: machine) ? ExitCode.cannotCreate : ExitCode.noInput
        }
    }

    private func renew(_ identity: MachineIdentity, at hubs: [String]) throws -> MemberCertificate {
        let client = try HubClient(
            security: HubClient.Security(
                key: identity.key, certificate: identity.certificate, authority: identity.authority))
        return try Waiting.on {
            do {
                let made = try await Enrolment.renew(at: hubs, client: client, key: identity.key)
                await client.shutdown()
                return made
            } catch {
                await client.shutdown()
                throw error
            }
        }
    }

    private func printUnits() throws {
        guard printService != printTimer else {
            throw Usage.wrong("one at a time: --print-service into NAME.service, --print-timer into NAME.timer")
        }
        guard MachineIdentity.exists(in: machine) else {
            Output.note("no machine is enrolled in \(machine)")
            throw ExitCode.noInput
        }
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "impetus"
        let folder = URL(fileURLWithPath: machine).standardizedFileURL.path
        let units = RenewalUnits(program: program, folder: folder, user: NSUserName())
        Output.bytes(Array((printService ? units.service : units.timer).utf8))
    }
}
