public import ControlRoom

/// What a machine beyond its rate was told to post again later.
public struct SentBack: Equatable, Sendable {
    public var tenant: String
    /// Its name, or the address of a sender of plain syslog; `others` beyond the bound of the counter.
    public var machine: String
    /// How many since the hub was started; one that comes again too early is counted again.
    public var events: Int
    /// When it last was.
    public var last: Timestamp

    public init(tenant: String, machine: String, events: Int, last: Timestamp) {
        self.tenant = tenant
        self.machine = machine
        self.events = events
        self.last = last
    }

    /// As a hub keeps it beside its logs, for `impetus-hub check`.
    public static func json(_ all: [SentBack]) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.array { writer in
                for one in all {
                    writer.object { writer in
                        writer.member("tenant", one.tenant)
                        writer.member("machine", one.machine)
                        writer.member("events", one.events)
                        writer.member("last", one.last.rfc3339)
                    }
                }
            }
        }
    }

    /// - Throws: `JSONError` where it is not what `json` writes.
    public static func read(json: [UInt8]) throws -> [SentBack] {
        var all: [SentBack] = []
        try JSONReader.read(json) { reader in
            try reader.array { reader in
                let start = reader
                var (tenant, machine, events, last) = ("", "", 0, nil as Timestamp?)
                try reader.object { key, reader in
                    switch key {
                    case "tenant": tenant = try reader.string()
                    case "machine": machine = try reader.string()
                    case "events": events = try reader.integer()
                    case "last": last = Timestamp(rfc3339: try reader.string())
                    default: try reader.skip()
                    }
                }
                guard let last else { throw start.failure("last is no time") }
                all.append(SentBack(tenant: tenant, machine: machine, events: events, last: last))
            }
        }
        return all
    }
}
