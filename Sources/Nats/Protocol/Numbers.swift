/// Numbers in the subjects of messages, read without making texts.
public enum Numbers {
    /// The last numbers of a text, between bytes that are no digits; fewer where it does not end in so many.
    public static func last(_ count: Int, of text: [UInt8]) -> [Int64] {
        var found: [Int64] = []
        var place = text.count
        while found.count < count, place > 0 {
            var (value, factor, digits) = (Int64(0), Int64(1), 0)
            while place > 0, case let digit = Int64(text[place - 1]) - 48, (0...9).contains(digit), digits < 19 {
                value = value &+ digit &* factor
                factor = factor &* 10
                digits += 1
                place -= 1
            }
            guard digits > 0 else { break }
            found.insert(value, at: 0)
            place -= 1
        }
        return found
    }
}
