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
        case .removeFromService: self(.didRemove, what)
        case .returnToService: self(.didReturn, what)
        case .request: self(.didRequest, what)
        case .decide(let isGranted): self(isGranted ? .didGrant : .didRefuse, what)
        case .take: self(.didTake, what)
        case .assign(let person): self(.didAssign, what, person ?? self(.nobody))
        case .link(let cause): cause.map { self(.didLink, what, $0.headline) } ?? self(.didUnlink, what)
        }
    }

    /// What an alert must be for a deed to have any effect.
    func condition(of deed: AlertDeed) -> String {
        switch deed {
        case .acknowledge, .assess: self(.fitsAcknowledge)
        case .close: self(.fitsClose)
        case .shelve: self(.fitsShelve)
        case .unshelve: self(.fitsUnshelve)
        case .removeFromService: self(.fitsRemove)
        case .returnToService: self(.fitsReturn)
        case .request: self(.fitsRequest)
        case .decide: self(.fitsDecide)
        case .take, .assign: self(.fitsAssign)
        case .link: self(.fitsLink)
        }
    }

    func title(of deed: AlertDeed) -> String {
        switch deed {
        case .acknowledge: title(of: Command.acknowledge)
        case .assess(let verdict, let disposition): word(for: verdict) + ", " + word(for: disposition)
        case .close(let disposition): title(of: Command.close) + ": " + word(for: disposition)
        case .shelve: self(.shelveTitle)
        case .unshelve: self(.unshelveNow)
        case .removeFromService: self(.removeNow)
        case .returnToService: self(.returnNow)
        case .request: self(.askTitle)
        case .decide(let isGranted): self(isGranted ? .grantIt : .refuseIt)
        case .take: self(.takeIt)
        case .assign(let person): self(.assignTitle) + ": " + (person ?? self(.nobody))
        case .link(let cause): cause.map { self(.linkTitle, $0.headline) } ?? self(.unlinkTitle)
        }
    }
}
