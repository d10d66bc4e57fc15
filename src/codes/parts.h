/* Inside of codes: one line that was read, and what the parts of a sheet hold together. */
#ifndef LS_CODES_PARTS_H
#define LS_CODES_PARTS_H

#include "codes/codes.h"

#define LS_PART_PREFIX "LS1:"

/* The name of the sheet that holds these bytes. */
void ls_sheet_name(ls_bytes compressed, char out[static LS_CODES_SHEET_SIZE]);

/* CRC-32 of what stands before a part's check and what stands after it. */
uint32_t ls_part_check(ls_bytes before, ls_bytes data);

typedef struct ls_part {
    ls_bytes sheet;         /* as text */
    uint64_t number, count; /* 0 if that can't be read: then nothing else here can */
    ls_bytes data;          /* in base45 */
    bool intact;            /* the check fits; of others, all else is only what they say */
    unsigned line;          /* from 1 */
} ls_part;

/* Of a line without its end. False if it does not even begin like a code. */
bool ls_part_read(ls_bytes line, ls_part *out);

/* The payload of all intact parts of one sheet, in order. ls_fault_codes_content. */
ls_result ls_parts_join(ls_arena *arena, const ls_part *const *part, size_t count, ls_bytes *payload,
                        ls_detail *detail);

#endif
