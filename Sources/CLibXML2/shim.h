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

#endif
