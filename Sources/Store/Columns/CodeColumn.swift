/// The number of a text for each place: two bytes while there are no more than 65,536 different ones, four from then on.
struct CodeColumn {
    private var narrow: [UInt16] = []
    /// In the place of `narrow`, from the first number on that does not fit into it.
    private var wide: [UInt32] = []
    private(set) var isWide = false

    var count: Int { isWide ? wide.count : narrow.count }

    @inline(__always)
    subscript(place: Int) -> UInt32 { isWide ? wide[place] : UInt32(narrow[place]) }

    /// A place more, with the number of no text.
    mutating func grow() {
        if isWide { wide.append(0) } else { narrow.append(0) }
    }

    mutating func set(_ place: Int, _ number: UInt32) {
        if let fits = UInt16(exactly: number), !isWide {
            narrow[place] = fits
        } else {
            widen()
            wide[place] = number
        }
    }

    /// Once, and a pass over all places: the cost of one more text is the same on average.
    private mutating func widen() {
        guard !isWide else { return }
        wide = narrow.map(UInt32.init)
        narrow = []
        isWide = true
    }

    /// The places with a number.
    func equal(_ number: UInt32) -> Bits {
        if isWide {
            let wide = wide
            return Bits(wide.count) { wide[$0] == number }
        }
        guard let number = UInt16(exactly: number) else { return Bits(narrow.count, all: false) }
        let narrow = narrow
        return Bits(narrow.count) { narrow[$0] == number }
    }

    /// - Parameter table: whether a number is met; one for each that was given.
    func bits(_ table: [Bool]) -> Bits {
        if isWide {
            let wide = wide
            return Bits(wide.count) { table[Int(wide[$0])] }
        }
        let narrow = narrow
        return Bits(narrow.count) { table[Int(narrow[$0])] }
    }
}
