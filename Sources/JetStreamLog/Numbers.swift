#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Numbers in texts of C, read without making texts of Swift.
enum Numbers {
    /// The last numbers of a text that ends with a zero byte.
    static func last(_ count: Int, of text: UnsafePointer<CChar>) -> [Int64] {
        last(count, of: UnsafeBufferPointer(start: text, count: strlen(text)))
    }

    /// The last numbers of a text, between bytes that are no digits; fewer where it does not end in so many.
    static func last(_ count: Int, of text: UnsafeBufferPointer<CChar>) -> [Int64] {
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
