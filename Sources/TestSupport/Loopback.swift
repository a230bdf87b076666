import Foundation

/// Plain sockets of this machine.
public enum Loopback {
    static func address(_ port: Int, of host: String = "127.0.0.1") -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr(host)
        address.sin_port = in_port_t(port).bigEndian
        return address
    }

    /// A connection, which the caller closes; nil where nobody listens.
    ///
    /// - Parameter source: the address of loopback that it comes from.
    public static func connect(to port: Int, from source: String = "127.0.0.1") -> Int32? {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let isConnected =
            with(address(0, of: source)) { bind(socket, $0, $1) == 0 }
            && with(address(port)) { Foundation.connect(socket, $0, $1) == 0 }
        guard isConnected else {
            close(socket)
            return nil
        }
        return socket
    }

    private static func with(_ address: sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Bool) -> Bool {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
