#ifndef IMPETUS_CNATS_H
#define IMPETUS_CNATS_H
#include <nats/nats.h>
#endif
