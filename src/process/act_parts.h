/* What the files about acts share: the table of headers. */
#ifndef LS_PROCESS_ACT_PARTS_H
#define LS_PROCESS_ACT_PARTS_H

#include <lockstep/act.h>

/* Which acts have a header. A charter is the one joint act that names no process: it begins one. */
enum { HEADER_CHARTER = 1, HEADER_JOINT = 2, HEADER_CHAINED = 4, HEADER_STAMP = 8 };

typedef struct act_header {
    const char *name;
    const char *form; /* what a value must be, for people */
    bool (*parse)(ls_bytes value, void *field);
    size_t field; /* offset in ls_act; of a name, `raw` itself */
    uint8_t required, allowed;
} act_header;

extern const act_header ls_act_headers[LS_HEADER_COUNT];

#endif
