#include "CZlib.h"

#include <string.h>
#include <zlib.h>

size_t czlib_gzip_bound(size_t count) { return compressBound(count) + 32; }

long czlib_gzip(const unsigned char *from, size_t count, unsigned char *to, size_t room) {
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    // 16 on top of the window's size asks for gzip's header.
    if (deflateInit2(&stream, 5, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return -1;
    stream.next_in = (unsigned char *)from;
    stream.avail_in = (unsigned int)count;
    stream.next_out = to;
    stream.avail_out = (unsigned int)room;
    int end = deflate(&stream, Z_FINISH);
    long written = end == Z_STREAM_END ? (long)stream.total_out : -1;
    deflateEnd(&stream);
    return written;
}
