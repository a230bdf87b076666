// libxml2's push parser, as far as this house uses it, and what its macros hide from Swift.
#ifndef IMPETUS_CLIBXML2_H
#define IMPETUS_CLIBXML2_H

// Foundation brings an ICU of its own; libxml2's headers must not bring the system's beside it. Only the tail of a
// structure that nobody here touches depends on it.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <libxml/SAX2.h>
#include <libxml/dict.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>
#include <string.h>

/// A handler with no callbacks that asks for the namespace-aware (SAX2) calls.
static inline xmlSAXHandler clibxml2_empty_handler(void) {
    xmlSAXHandler handler;
    memset(&handler, 0, sizeof handler);
    handler.initialized = XML_SAX2_MAGIC;
    return handler;
}

/// The line that the parser has reached.
static inline int clibxml2_line(xmlParserCtxtPtr context) {
    return context->input != NULL ? context->input->line : 0;
}

/// The one address that a name has inside a parser, so that names are compared as addresses.
static inline const xmlChar *clibxml2_intern(xmlParserCtxtPtr context, const char *name) {
    return xmlDictLookup(context->dict, (const xmlChar *)name, -1);
}

/// Where a look at a text of XML stands between two pieces of it. All zero at its start.
typedef struct {
    /// 0 in content and tags, 1 in a comment, 2 in a CDATA section, 3 in a processing instruction.
    int mode;
    /// Bytes since the last '<', as long as they may begin one of these; 0 for none.
    int since;
    int may_be_comment, may_be_cdata;
    /// Characters of the end of one that were seen.
    int closing;
    long lines;
} clibxml2_scan;

/// The bytes of the character of XML 1.0 that begins here, in UTF-8 and beyond ASCII; 0 where its end is missing, -1 where it is
/// none.
static inline int clibxml2_character(const unsigned char *bytes, size_t count) {
    int length = bytes[0] >= 0xC2 && bytes[0] < 0xE0 ? 2 : bytes[0] >= 0xE0 && bytes[0] < 0xF0 ? 3
        : bytes[0] >= 0xF0 && bytes[0] < 0xF5 ? 4 : -1;
    for (int i = 1; i < length; i++) {
        if ((size_t)i >= count) return 0;
        if ((bytes[i] & 0xC0) != 0x80) return -1;
        if (i > 1) continue;
        // Longer than need be, half a pair of UTF-16, beyond Unicode (RFC 3629, 4).
        if ((bytes[0] == 0xE0 && bytes[1] < 0xA0) || (bytes[0] == 0xED && bytes[1] > 0x9F)
            || (bytes[0] == 0xF0 && bytes[1] < 0x90) || (bytes[0] == 0xF4 && bytes[1] > 0x8F)) return -1;
    }
    // U+FFFE and U+FFFF (XML 1.0, 2.2).
    if (length == 3 && bytes[0] == 0xEF && bytes[1] == 0xBF && bytes[2] > 0xBD) return -1;
    return length;
}

/// Takes one byte of ASCII into account.
static inline void clibxml2_step(clibxml2_scan *scan, unsigned char byte) {
    if (byte == '\n') scan->lines++;
    if (scan->mode != 0) {
        unsigned char mark = scan->mode == 1 ? '-' : scan->mode == 2 ? ']' : '?';
        int wanted = scan->mode == 3 ? 1 : 2;
        if (byte == mark) scan->closing++;
        else if (byte == '>' && scan->closing >= wanted) scan->mode = scan->closing = 0;
        else scan->closing = 0;
        return;
    }
    if (byte == '<') {
        scan->since = scan->may_be_comment = scan->may_be_cdata = 1;
        return;
    }
    if (scan->since == 0) return;
    scan->may_be_comment = scan->may_be_comment && scan->since < 4 && byte == "<!--"[scan->since];
    scan->may_be_cdata = scan->may_be_cdata && scan->since < 9 && byte == "<![CDATA["[scan->since];
    if (scan->since == 1 && byte == '?') scan->mode = 3;
    scan->since++;
    if (scan->may_be_comment && scan->since == 4) scan->mode = 1;
    if (scan->may_be_cdata && scan->since == 9) scan->mode = 2;
    if (scan->mode != 0 || !(scan->may_be_comment || scan->may_be_cdata)) scan->since = 0;
}

/// How many bytes come before the next that wants a look: one that is no character of XML 1.0, or whose end is missing, and an
/// ampersand where it is markup.
///
/// - `is_utf8`: whether what is beyond ASCII is looked at.
static inline size_t clibxml2_plain(clibxml2_scan *scan, const unsigned char *bytes, size_t count, int is_utf8) {
    size_t place = 0;
    while (place < count) {
        unsigned char byte = bytes[place];
        if (byte >= 0x80) {
            int length = is_utf8 ? clibxml2_character(bytes + place, count - place) : 1;
            if (length <= 0) return place;
            scan->since = scan->closing = 0;
            place += (size_t)length;
            continue;
        }
        if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') return place;
        if (byte == '&' && scan->mode == 0) return place;
        clibxml2_step(scan, byte);
        place++;
    }
    return place;
}

#endif
