import ControlRoom
public import Store
public import Trust

extension LogChain {
    /// Takes in the next place of a log, an event or none, as `LogVerifier.read` or `Wire.admitted` makes it.
    public mutating func add(_ read: AdmittedEvent) {
        guard let digest = read.digest, let sequence = read.event.sequence else { return }
        add(digest: digest, sequence: sequence)
    }
}
