import NIOCore

#if canImport(Glibc)
    import Glibc
#endif

/// Has the system notice that the other side of a connection is gone without a word: a cable that was pulled, a machine asleep.
enum CutLine {
    /// What was sent and is not acknowledged for so long ends the connection.
    private static let milliseconds = 60_000
    /// Of a connection on which nothing is sent: looked at after so many seconds, then again after fewer.
    private static let (idleSeconds, againSeconds, tries) = (60, 15, 4)

    /// Where a system does not know an option, its own times hold.
    static func notice(on channel: any Channel) {
        set(.so_keepalive, .socket, 1, channel)
        #if canImport(Glibc)
            for (option, value) in [
                (TCP_KEEPIDLE, idleSeconds), (TCP_KEEPINTVL, againSeconds), (TCP_KEEPCNT, tries),
                (TCP_USER_TIMEOUT, milliseconds),
            ] { set(NIOBSDSocket.Option(rawValue: option), .tcp, value, channel) }
        #endif
    }

    private static func set(
        _ option: NIOBSDSocket.Option, _ level: NIOBSDSocket.OptionLevel, _ value: Int, _ channel: any Channel
    ) {
        let option = ChannelOptions.Types.SocketOption(level: level, name: option)
        channel.setOption(option, value: value).whenFailure { _ in }
    }
}
