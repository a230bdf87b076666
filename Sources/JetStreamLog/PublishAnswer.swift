import ControlRoom
import Nats

/// What a stream's leader answers to what was published.
enum PublishAnswer: Equatable {
    /// The sequence of the last message, and of which batch it was with how many; nil where the server knows of no batch.
    case stored(Int64, batch: Batch? = nil)
    /// The stream does not end where it was expected to.
    case overtaken
    /// Nothing was stored.
    case failed(String)
    /// Nothing was stored: the stream takes no batches.
    case takesNoBatches

    /// - Throws: `NatsFailure` where it says neither a sequence nor an error.
    init(_ json: [UInt8]) throws {
        if let refusal = JetStreamRefusal(in: json) {
            switch refusal.code {
            case JetStreamRefusal.noBatches: self = .takesNoBatches
            case let code where JetStreamRefusal.wrongLastSequence.contains(code): self = .overtaken
            default: self = .failed(refusal.text)
            }
            return
        }
        var (sequence, batch): (Int?, Batch) = (nil, Batch())
        let isRead: Void? = try? JSONReader.read(json) { reader in
            try reader.object { name, value in
                switch name {
                case "seq": sequence = try value.integer()
                case "batch": batch.name = try value.string()
                case "count": batch.count = try value.integer()
                default: _ = try value.skip()
                }
            }
        }
        guard isRead != nil else { throw NatsFailure("NATS: an answer that is not JSON") }
        guard let sequence, sequence > 0 else { throw NatsFailure("NATS: an answer without a sequence") }
        self = .stored(Int64(sequence), batch: batch.name.isEmpty ? nil : batch)
    }

    struct Batch: Equatable {
        var name = ""
        var count = 0
    }
}
