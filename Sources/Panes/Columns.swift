/// The columns of a list in one width: which are shown, where, and how wide.
struct Columns<Name: Equatable> {
    /// A column before its place is known. The one without a width takes what the others leave.
    struct Wish {
        var name: Name
        var wanted: Int
        var least: Int
        var isFlexible = false

        static func fixed(_ name: Name, _ width: Int) -> Wish { Wish(name: name, wanted: width, least: width) }

        static func between(_ name: Name, _ least: Int, _ most: Int, longest: Int) -> Wish {
            Wish(name: name, wanted: min(most, max(least, longest)), least: least)
        }

        /// - Parameter better: the others stay narrow until it has so many.
        static func flexible(_ name: Name, atLeast least: Int, better: Int? = nil) -> Wish {
            Wish(name: name, wanted: better ?? least, least: least, isFlexible: true)
        }
    }

    struct Slot {
        var name: Name
        var x: Int
        var width: Int
    }

    let slots: [Slot]

    /// - Parameter dropped: the columns that may go when it is narrow, the first to go first.
    init(_ wishes: [Wish], width: Int, dropping dropped: [Name]) {
        var shown = wishes
        var order = dropped[...]
        while !Columns.fits(shown, width), let name = order.popFirst() {
            shown.removeAll { $0.name == name }
        }
        slots = Columns.place(shown, width)
    }

    /// Whether they fit at least when all are as narrow as they may be.
    private static func fits(_ wishes: [Wish], _ width: Int) -> Bool {
        wishes.reduce(wishes.count - 1) { $0 + $1.least } <= width
    }

    /// What is left when all are narrow and the flexible one has what it wants goes to the others, left to right.
    private static func place(_ wishes: [Wish], _ width: Int) -> [Slot] {
        var spare = wishes.reduce(width - (wishes.count - 1)) { $0 - ($1.isFlexible ? $1.wanted : $1.least) }
        let fixed = wishes.map { wish -> Int in
            guard !wish.isFlexible else { return 0 }
            let more = max(0, min(wish.wanted - wish.least, spare))
            spare -= more
            return wish.least + more
        }
        let rest = max(0, width - fixed.reduce(wishes.count - 1, +))
        var slots: [Slot] = []
        var x = 0
        for (wish, taken) in zip(wishes, fixed) {
            let columns = wish.isFlexible ? rest : taken
            let visible = max(0, min(columns, width - x))
            slots.append(Slot(name: wish.name, x: x, width: visible))
            x += columns + 1
        }
        return slots
    }
}
