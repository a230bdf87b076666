import ControlRoom

extension Texts {
    /// What was done, and to what.
    func words(for deed: AlertDeed, _ what: String) -> String {
        switch deed {
        case .acknowledge: self(.didAcknowledge, what)
        case .assess(let verdict, _): self(.didAssess, word(for: verdict), what)
        case .close: self(.didClose, what)
        case .shelve: self(.didShelve, what)
        case .unshelve: self(.didUnshelve, what)
        }
    }

    func title(of deed: AlertDeed) -> String {
        switch deed {
        case .acknowledge: title(of: Command.acknowledge)
        case .assess(let verdict, let disposition):
            self(.assessNoteTitle, word(for: verdict), word(for: disposition))
        case .close(let disposition): self(.closeNoteTitle, word(for: disposition))
        case .shelve: self(.shelveTitle)
        case .unshelve: self(.unshelveNow)
        }
    }
}
