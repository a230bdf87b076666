import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// Somebody who listens on a port of this machine and says what a test wants.
final class FakeServer: Sendable {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel: any Channel
    private let count: Visits

    private final class Visits: Sendable {
        let number = Mutex(0)
    }

    /// - Parameters:
    ///   - greeting: said to whoever comes.
    ///   - answer: said once, when they have said something.
    ///   - hangsUp: behind the answer.
    init(greeting: String, answer: String = "", hangsUp: Bool = false) throws {
        let count = Visits()
        self.count = count
        channel = try ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                count.number.withLock { $0 += 1 }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Speaker(greeting, answer, hangsUp))
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
    }

    deinit {
        channel.close(promise: nil)
        group.shutdownGracefully { _ in }
    }

    var url: String { "nats://127.0.0.1:\(channel.localAddress?.port ?? 0)" }

    /// How often somebody came.
    var visits: Int { count.number.withLock { $0 } }

    private final class Speaker: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let greeting: String
        private var answer: String
        private let hangsUp: Bool

        init(_ greeting: String, _ answer: String, _ hangsUp: Bool) {
            (self.greeting, self.answer, self.hangsUp) = (greeting, answer, hangsUp)
        }

        func channelActive(context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: greeting)), promise: nil)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard !answer.isEmpty else { return }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
            answer = ""
            if hangsUp { context.close(promise: nil) }
        }
    }
}
