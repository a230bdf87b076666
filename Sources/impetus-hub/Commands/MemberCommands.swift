import ArgumentParser
import Cities
import ControlRoom
import Shell
import Store
import Tenancy
import Trust

struct TenantCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant", abstract: "Add and list tenants.", subcommands: [Add.self, List.self],
        defaultSubcommand: List.self)

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a tenant, with a log of its own.")
        @OptionGroup var options: HubOptions
        @Argument(help: "1 to 40 lower-case letters, digits and hyphens.") var name: String
        @Option(help: "How people call it.") var title: String?
        @Option(
            help: ArgumentHelp(
                """
                The city pack its log begins with: padova, oslo, or a folder. Without it there is no map until a member of the \
                role admin imports a city and its districts.
                """, valueName: "name|dir"))
        var city: String?

        func run() throws {
            try reporting {
                guard TenantAdded.isName(name) else {
                    throw Usage.wrong("a tenant's name is 1 to 40 lower-case letters, digits and hyphens")
                }
                var system = try SystemLog(options)
                guard system.register.tenants[name] == nil else { throw Usage.wrong("\(name) is a tenant already") }
                if let city { _ = try CityPack.load(city) }
                let fact = TenantAdded(tenant: name, title: title ?? name, city: city)
                _ = try system.append(.tenantAdded, JSONWriter.bytes(fact.write))
                Output.line("added \(name)")
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the tenants.")
        @OptionGroup var options: HubOptions

        func run() throws {
            try reporting {
                let register = try SystemLog(options).register
                for tenant in register.tenants.values.sorted(by: { $0.tenant < $1.tenant }) {
                    Output.row([tenant.tenant, tenant.title])
                }
            }
        }
    }
}

struct AgreementCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agreement", abstract: "What tenants share with each other.",
        subcommands: [Add.self, End.self, List.self], defaultSubcommand: List.self)

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "One tenant shares alerts with another.")
        @OptionGroup var options: HubOptions
        @Argument(help: "Its name, which each shared alert carries.") var id: String
        @Option(help: "Whose alerts.") var from: String
        @Option(help: "Who sees them.") var to: String
        @Option(help: "What for.") var purpose: String
        @Option(help: "A kind of alert or a tool's code; * for all; may be given again.") var category: [String] = ["*"]
        @Option(
            help: ArgumentHelp(
                """
                An open field that is not passed on, such as description, site, lat, lon, confidence or cap.info.area; may \
                be given again. What is not declared open never is. tool and severity have to stay: a copy without them \
                raises nothing.
                """, valueName: "field"))
        var remove: [String] = []
        @Option(help: "When it ends, RFC 3339.") var until: String?

        func run() throws {
            try reporting {
                var system = try SystemLog(options)
                for tenant in [from, to] where system.register.tenants[tenant] == nil {
                    throw Usage.wrong("there is no tenant \(tenant)")
                }
                let end = until.map { Timestamp(rfc3339: $0) }
                guard end != .some(nil) else { throw Usage.wrong("--until is a time such as 2027-01-31T00:00:00Z") }
                let fact = Agreement(
                    id: id, from: from, to: to, categories: category, purpose: purpose, removed: remove,
                    until: end ?? nil)
                let tools = Store.knownTools(path: system.folder.view(of: from))
                if let fault = fact.fault(tools: tools, at: Surroundings.live.now()) { throw Usage.wrong(fault) }
                var wait = HubWait(system)
                let effect = try system.append(.agreementMade, JSONWriter.bytes(fact.write))
                guard effect != .none else {
                    throw Usage.wrong("\(id) was used before; terms do not change under a name")
                }
                let missing = try wait.missing {
                    if case .agreementMade(let made) = $0 { made.id == id } else { false }
                }
                Output.line("agreed \(id): \(from) shares with \(to)")
                try HubWait.tell(missing)
            }
        }
    }

    struct End: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End an agreement; what it shared, and no other agreement covers, is withdrawn.")
        @OptionGroup var options: HubOptions
        @Argument(help: "Its name.") var id: String
        @Option(help: "Why; those who saw the alerts are told.") var reason: String = "the agreement has ended"

        func run() throws {
            try reporting {
                var system = try SystemLog(options)
                let fact = AgreementEnded(id: id, reason: reason)
                var wait = HubWait(system)
                let effect = try system.append(.agreementEnded, JSONWriter.bytes(fact.write))
                guard effect != .none else { throw Usage.wrong("there is no agreement \(id) in force") }
                let missing = try wait.missing {
                    if case .agreementEnded(let ended) = $0 { ended.id == id } else { false }
                }
                Output.line("ended \(id)")
                try HubWait.tell(missing)
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the agreements.")
        @OptionGroup var options: HubOptions

        func run() throws {
            try reporting {
                let (register, now) = (try SystemLog(options).register, Surroundings.live.now())
                for agreement in register.agreements.values.sorted(by: { $0.id < $1.id }) {
                    let state = agreement.until?.rfc3339 ?? "in force"
                    list(agreement, agreement.isInForce(at: now) ? state : "ended: \(agreement.expiry)")
                }
                for ended in register.ended.values.sorted(by: { $0.terms.id < $1.terms.id }) {
                    list(ended.terms, "ended: \(ended.reason)")
                }
            }
        }

        private func list(_ agreement: Agreement, _ state: String) {
            let removed = agreement.removed.isEmpty ? "" : "without " + agreement.removed.joined(separator: ",")
            Output.row([
                agreement.id, "\(agreement.from) -> \(agreement.to)", agreement.categories.joined(separator: ","),
                agreement.purpose, state, removed,
            ])
        }
    }
}
