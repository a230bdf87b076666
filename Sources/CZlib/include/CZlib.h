#ifndef CZLIB_H
#define CZLIB_H

#include <stddef.h>

/// Packs `count` bytes in the gzip format (RFC 1952). Returns how many were written to `to`, or -1 where they do not fit.
long czlib_gzip(const unsigned char *from, size_t count, unsigned char *to, size_t room);

/// Bytes that suffice for `czlib_gzip`.
size_t czlib_gzip_bound(size_t count);

#endif
