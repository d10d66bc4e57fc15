/* What the files that make packets share. */
#ifndef LS_WORKSPACE_PACKET_PARTS_H
#define LS_WORKSPACE_PACKET_PARTS_H

#include "sheet/sheet.h"
#include "workspace/packet.h"
#include "workspace/snapshot.h"

typedef struct ls_packet_making {
    ls_workspace *ws;
    ls_arena *arena;
    ls_packet_plan *plan;
    const ls_snapshot *snapshot;
    ls_detail *detail;
} ls_packet_making;

/* packet_bundle.c: the whole packet; and one of this site alone, with as little as it can be verified by. Appended. */
ls_result ls_packet_whole(const ls_packet_making *m, ls_buf *out);
ls_result ls_packet_single(const ls_packet_making *m, const ls_packet_site *site, ls_buf *out);

/* packet_sheet.c: the sheet of the n-th site, from 0; codes: or NULL. All in the arena. */
ls_result ls_packet_sheet(const ls_packet_making *m, size_t n, const ls_codes *codes, ls_sheet *out);

/* report_form.c: an empty form for the report about it. Appended. */
void ls_packet_form(const ls_packet_making *m, size_t n, ls_buf *out);

#endif
