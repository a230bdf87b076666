/// The units by which systemd renews the certificate of a machine every day (systemd.service(5), systemd.timer(5)). Both go
/// into `/etc/systemd/system` under one name.
public struct RenewalUnits: Sendable {
    private let program: String
    private let folder: String
    private let user: String

    /// - Parameters:
    ///   - program: the absolute path of `impetus`.
    ///   - folder: the absolute path of the machine's files.
    ///   - user: whose files they are.
    public init(program: String, folder: String, user: String) {
        self.program = program
        self.folder = folder
        self.user = user
    }

    public var service: String {
        """
        [Unit]
        Description=Renew the certificate of the IMPETUS machine in \(RenewalUnits.plain(folder))
        Wants=network-online.target
        After=network-online.target

        [Service]
        Type=oneshot
        User=\(RenewalUnits.plain(user))
        ExecStart=\(RenewalUnits.quoted(program)) renew --machine \(RenewalUnits.quoted(folder))
        NoNewPrivileges=yes
        PrivateTmp=yes
        ProtectSystem=full

        """
    }

    /// Once a day, and after a day that the machine was off: a hub that is away for a while costs nothing.
    public var timer: String {
        """
        [Unit]
        Description=Look every day whether the certificate of the IMPETUS machine in \(RenewalUnits.plain(folder)) is to be renewed

        [Timer]
        OnCalendar=daily
        RandomizedDelaySec=3600
        Persistent=true

        [Install]
        WantedBy=timers.target

        """
    }

    /// A word of a command line, in which specifiers and variables mean nothing.
    private static func quoted(_ word: String) -> String {
        let escaped = word.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"" + plain(escaped.replacing("$", with: "$$")) + "\""
    }

    /// On one line, and without specifiers.
    private static func plain(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 }).replacing("%", with: "%%")
    }
}
