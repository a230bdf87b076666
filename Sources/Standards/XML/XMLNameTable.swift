internal import CLibXML2

/// From the address of an interned name to its code: libxml2 keeps each name of a document once.
final class XMLNameTable {
    private static let capacity = 512
    private let keys: UnsafeMutablePointer<UnsafePointer<UInt8>?>
    private let codes: UnsafeMutablePointer<Int>

    init(_ names: [String], in parser: xmlParserCtxtPtr) {
        keys = .allocate(capacity: XMLNameTable.capacity)
        keys.initialize(repeating: nil, count: XMLNameTable.capacity)
        codes = .allocate(capacity: XMLNameTable.capacity)
        codes.initialize(repeating: -1, count: XMLNameTable.capacity)
        precondition(names.count < XMLNameTable.capacity / 2)
        for (code, name) in names.enumerated() { insert(name, code, parser) }
    }

    deinit {
        keys.deallocate()
        codes.deallocate()
    }

    private func insert(_ name: String, _ code: Int, _ parser: xmlParserCtxtPtr) {
        guard let interned = clibxml2_intern(parser, name) else { return }
        var slot = XMLNameTable.slot(interned)
        while keys[slot] != nil { slot = (slot + 1) & (XMLNameTable.capacity - 1) }
        keys[slot] = interned
        codes[slot] = code
    }

    /// The code of a name, or -1.
    subscript(name: UnsafePointer<UInt8>) -> Int {
        var slot = XMLNameTable.slot(name)
        while let key = keys[slot] {
            if key == name { return codes[slot] }
            slot = (slot + 1) & (XMLNameTable.capacity - 1)
        }
        return -1
    }

    private static func slot(_ name: UnsafePointer<UInt8>) -> Int {
        let address = UInt(bitPattern: name)
        return Int((address ^ (address >> 9)) & UInt(capacity - 1))
    }
}
