internal import CLibXML2

/// libxml2's errors in one clean line each.
enum XMLFault {
    /// Warnings and relative namespace names do not end a document; an unbound prefix does (XML namespaces, 2).
    static func counts(_ error: xmlError) -> Bool {
        error.level == XML_ERR_FATAL || UInt32(error.code) == XML_NS_ERR_UNDEFINED_NAMESPACE.rawValue
    }

    /// Whether what comes behind it can still be read: the elements around it are known.
    static func isPassing(_ error: xmlError) -> Bool {
        let passing = [
            XML_ERR_TAG_NAME_MISMATCH, XML_NS_ERR_UNDEFINED_NAMESPACE, XML_ERR_MISPLACED_CDATA_END,
            XML_ERR_HYPHEN_IN_COMMENT,
        ]
        return passing.contains(xmlParserErrors(UInt32(error.code)))
    }

    static let noText =
        "the bytes are not text in the declared encoding (UTF-8 where none is declared), or hold a forbidden "
        + "control character"

    static func reason(_ error: xmlError) -> String {
        switch xmlParserErrors(UInt32(error.code)) {
        case XML_ERR_INVALID_ENCODING, XML_ERR_INVALID_CHAR, XML_I18N_CONV_FAILED: noText
        case XML_ERR_UNSUPPORTED_ENCODING, XML_ERR_UNKNOWN_ENCODING:
            "the encoding is not known: " + cleaned(error.message)
        case XML_ERR_UNDECLARED_ENTITY, XML_WAR_UNDECLARED_ENTITY:
            "an entity that XML does not define: " + cleaned(error.message)
        case XML_ERR_INTERNAL_ERROR where cleaned(error.message).contains("Huge input lookup"):
            "a tag, a comment or the like of more than 10 MB"
        case XML_ERR_NO_MEMORY: "out of memory"
        default: "not well-formed XML: " + cleaned(error.message)
        }
    }

    /// Without line breaks, and not longer than a line of a terminal or two.
    private static func cleaned(_ message: UnsafePointer<CChar>?) -> String {
        guard let message else { return "no reason given" }
        let scalars = String(cString: message).unicodeScalars.prefix(160).map { $0.value < 0x20 ? " " : $0 }
        var text = String(String.UnicodeScalarView(scalars))
        while text.last == " " { text.removeLast() }
        return text
    }
}
