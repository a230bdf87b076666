import Glibc

/// Reads what the terminal has sent, without waiting for it; only a lone ESC is given its 25 ms.
struct InputReader {
    /// Inputs in one call. A byte gives no more than one, so that reading fewer bytes leaves the rest to `poll`.
    static let bound = 256

    private enum Readiness { case ready, quiet, gone }

    private let descriptor: Int32
    private var decoder: InputDecoder
    private var isLost = false

    init(descriptor: Int32, decoder: InputDecoder) {
        self.descriptor = descriptor
        self.decoder = decoder
    }

    /// Milliseconds until silence decides something; nil where nothing is open.
    var timeout: Int? { decoder.deadline.map { max(0, $0 - InputReader.now()) } }

    mutating func read() -> [Input] {
        var inputs: [Input] = []
        var mayWait = true
        // A long paste is no input until its end, so that the bytes are bounded too.
        var bytes = 0
        while !isLost, inputs.count < InputReader.bound, bytes < Paste.bound {
            let wait = mayWait && decoder.isInDoubtOfEscape
            if wait { mayWait = false }
            switch readiness(wait ? InputDecoder.escapePatience : 0) {
            case .gone: isLost = true
            case .ready: bytes += take(into: &inputs)
            case .quiet: return inputs + decoder.expire(now: InputReader.now())
            }
        }
        return isLost ? inputs + [.lost] : inputs
    }

    private func readiness(_ wait: Int) -> Readiness {
        var question = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let answer = poll(&question, 1, Int32(wait))
        if answer < 0 { return errno == EINTR || errno == EAGAIN ? .quiet : .gone }
        if answer == 0 { return .quiet }
        return question.revents & Int16(POLLIN) != 0 ? .ready : .gone
    }

    private mutating func take(into inputs: inout [Input]) -> Int {
        var chunk = [UInt8](repeating: 0, count: InputReader.bound - inputs.count)
        let count = Glibc.read(descriptor, &chunk, chunk.count)
        guard count > 0 else {
            isLost = count == 0 || (errno != EINTR && errno != EAGAIN)
            return 0
        }
        inputs += decoder.feed(chunk[..<count], now: InputReader.now())
        return count
    }

    /// Milliseconds on a clock that nobody sets.
    private static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
