/// What a reader of XML is told, in the order of the document.
///
/// It is told of every element by a code, so that no name becomes a string on the way: the codes are the places in
/// the lists of names and namespaces that it asks for.
protocol XMLHandler: AnyObject {
    /// Local names it knows; an element gets the index of its name, or -1.
    static var names: [String] { get }
    /// Namespace names it knows; an element gets the index of its namespace, -1 for another, -2 for none, -3 where its prefix stands
    /// for none.
    static var namespaces: [String] { get }

    /// Looks at the root element before its start is told; what it returns ends the reading.
    func refusal(of root: XMLTag) -> ImportFailure?
    func start(_ tag: XMLTag, _ attributes: XMLAttributes)
    func text(_ bytes: UnsafeBufferPointer<UInt8>)
    func end(_ tag: XMLTag)
    /// Something at this place is no XML, and the reading goes on behind it.
    ///
    /// - Parameter isLost: whether something is missing because of it.
    func fault(line: Int, _ reason: String, isLost: Bool)
}

/// An element's start or end. The names live as long as the callback.
struct XMLTag {
    let name: Int
    let namespace: Int
    let line: Int
    let rawName: UnsafePointer<UInt8>?
    let rawNamespace: UnsafePointer<UInt8>?

    static let noNamespace = -2
    /// Its prefix is not declared: what it means is not known, whatever its name is.
    static let unboundPrefix = -3

    var localName: String { rawName.map { String(cString: $0) } ?? "" }
    var namespaceName: String { rawNamespace.map { String(cString: $0) } ?? "" }
}

/// Attributes of a start tag as libxml2 hands them over: name, prefix, namespace, start and end of the value.
struct XMLAttributes {
    let count: Int
    let pointer: UnsafeMutablePointer<UnsafePointer<UInt8>?>?

    /// The value of an attribute without a namespace.
    subscript(name: StaticString) -> String? {
        guard let pointer else { return nil }
        for index in 0..<count {
            let slot = pointer + index * 5
            guard slot[2] == nil, let given = slot[0], name.matches(given) else { continue }
            guard let start = slot[3], let end = slot[4] else { return nil }
            return String(decoding: UnsafeBufferPointer(start: start, count: end - start), as: UTF8.self)
        }
        return nil
    }
}

extension StaticString {
    /// Whether a C string holds the same bytes.
    func matches(_ text: UnsafePointer<UInt8>) -> Bool {
        for index in 0..<utf8CodeUnitCount where text[index] != utf8Start[index] { return false }
        return text[utf8CodeUnitCount] == 0
    }
}
