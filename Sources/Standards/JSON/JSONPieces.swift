/// What the splitter finds, in the order of the text.
protocol JSONPieces: AnyObject {
    /// A list that is handed over element by element begins; `head` is the object around it as far as it was read,
    /// up to and with the list's bracket. A list at the top has neither key nor head.
    func list(_ key: String?, head: [UInt8], line: Int) throws
    /// An element of the list.
    func element(_ bytes: UnsafeBufferPointer<UInt8>, line: Int) throws
    /// A value at the top has ended; of an object with such a list, what is left without the elements.
    func value(_ bytes: UnsafeBufferPointer<UInt8>, line: Int) throws
}
