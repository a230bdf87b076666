import ArgumentParser
import ControlRoom
import Shell
import Tenancy
import Trust

struct MembersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "members", abstract: "List who is enrolled, and this hub.")

    @OptionGroup var options: HubOptions

    func run() throws {
        try reporting {
            let system = try SystemLog(options)
            let register = system.register
            for (keyID, member) in register.members.sorted(by: { $0.value.identity.actor < $1.value.identity.actor }) {
                let ends = try? MemberCertificate(pem: member.certificate).ends
                tell(member.identity, keyID, member.isRevoked, ends, member.sources)
            }
            let own = try system.folder.hubCertificate()
            tell(own.identity, own.keyID, register.revokedKeys.contains(own.keyID), own.ends)
        }
    }

    private func tell(
        _ identity: Identity, _ keyID: String, _ isRevoked: Bool, _ ends: Timestamp?, _ sources: [SourcePattern] = []
    ) {
        let state = isRevoked ? "revoked" : "until \(ends?.rfc3339 ?? "-")"
        Output.row([identity.actor, identity.tenant, identity.role.rawValue, keyID, state] + SourceWords.row(sources))
    }
}

struct RevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Take back the certificates of somebody, or of one key.",
        discussion: """
            The key of a hub is one as well: whatever it signs from then on is believed by nobody, and hubs that have it stop. \
            This waits until the hubs that run know it, and names after five seconds those that do not. \
            A machine that is revoked owns no source any more: the next to use them does. To replace a hub's key: impetus-hub renew --new-key, then impetus-hub revoke OLDKEY --hub-key, then start the hub again.
            """)

    @OptionGroup var options: HubOptions
    @Argument(help: "The pseudonym, or the key as members shows it.") var who: String
    @Option(help: "The tenant, for a pseudonym.") var tenant: String?
    @Option(help: "Why.") var reason: String = ""
    @Flag(help: "The key is that of a hub, and not the one of this folder.") var hubKey = false

    func run() throws {
        try reporting {
            var system = try SystemLog(options)
            var wait = HubWait(system)
            var last: String?
            for key in try keys(system) {
                let fact = IdentityRevoked(keyID: key, reason: reason)
                let effect = try system.append(.identityRevoked, JSONWriter.bytes(fact.write))
                if effect != .none { last = key }
                Output.line(effect == .none ? "\(key) was revoked before" : "revoked \(key)")
            }
            // A hub whose own key it is stops, and says nothing any more.
            guard let last, try last != system.folder.hubCertificate().keyID else { return }
            let missing = try wait.missing {
                if case .identityRevoked(let fact) = $0 { fact.keyID == last } else { false }
            }
            try HubWait.tell(missing)
        }
    }

    private func keys(_ system: SystemLog) throws -> [String] {
        var keys = system.register.members[who] == nil ? [] : [who]
        if let tenant { keys += system.register.keys(ofActor: who, tenant: tenant) }
        if keys.isEmpty, isHubKey(try system.folder.hubCertificate().keyID) { keys = [who] }
        guard !keys.isEmpty else {
            throw Usage.wrong(
                "nobody is called so; a pseudonym needs --tenant, members lists the keys, and another hub's key needs --hub-key"
            )
        }
        return keys
    }

    /// A key is named by 32 hexadecimal digits.
    private func isHubKey(_ own: String) -> Bool {
        who == own || hubKey && who.utf8.count == 32 && who.allSatisfy { $0.isHexDigit && !$0.isUppercase }
    }
}
