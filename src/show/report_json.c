/* A report as JSON: pure, also for the browser. */
#include "show/report.h"
#include <stdlib.h>

static const char *const levels[] = {
    [LS_FINDING_OK] = "ok", [LS_FINDING_NOTE] = "note", [LS_FINDING_FAILED] = "failed"};

json_t *ls_show_text_json(const char *s)
{
    if (ls_utf8_valid(ls_bytes_str(s))) {
        return json_string(s);
    }
    char *copy = strdup(s);
    for (char *p = copy; p != NULL && *p != '\0'; p++) {
        *p = (unsigned char)*p < 0x80 ? *p : '?';
    }
    json_t *json = copy == NULL ? NULL : json_string(copy);
    free(copy);
    return json;
}

/* A list of which something is missing, for want of memory, is none. */
static json_t *whole(json_t *list, size_t count)
{
    if (json_array_size(list) == count) {
        return list;
    }
    json_decref(list);
    return NULL;
}

json_t *ls_show_findings_json(const ls_report *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->count; i++) {
        const ls_finding *f = &r->finding[i];
        json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "level", levels[f->level], "subject",
                                              ls_show_text_json(f->subject), "text", ls_show_text_json(f->text)));
    }
    return whole(list, r->count);
}

static json_t *drawn_json(const ls_packet_report *p)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->count; i++) {
        const ls_drawn_row *x = &p->rows[i];
        json_array_append_new(list, json_pack("{s:I, s:I, s:I, s:b, s:s}", "position", (json_int_t)x->position,
                                              "tranche", (json_int_t)x->row.tranche, "row", (json_int_t)x->row.row,
                                              "replacement", x->replacement, "state", ls_drawn_state_name(x->state)));
    }
    return whole(list, p->count);
}

/* What it is about; the row, if it is about one; and of a draw all that were drawn, in the order of their tickets. */
static json_t *packet_json(const ls_packet_report *p)
{
    char hex[LS_HEX_HASH_SIZE];
    if (p == NULL) {
        return json_null();
    }
    ls_hash_format(&p->packet.about, hex);
    json_t *row = p->packet.single ? json_pack("{s:I, s:I}", "tranche", (json_int_t)p->packet.row.tranche, "row",
                                               (json_int_t)p->packet.row.row)
                                   : json_null();
    return json_pack("{s:s, s:o, s:o}", p->packet.challenge ? "challenge" : "draw", hex, "row", row, "drawn",
                     drawn_json(p));
}

json_t *ls_show_report_json(const char *file, const ls_report *r)
{
    char hex[LS_HEX_HASH_SIZE] = "";
    if (!ls_hash_is_zero(&r->charter)) {
        ls_hash_format(&r->charter, hex);
    }
    return json_pack("{s:o, s:b, s:b, s:b, s:s, s:b, s:I, s:o, s:o}", "file", ls_show_text_json(file), "valid",
                     !r->failed, "anchored", r->anchored, "exercise", r->exercise, "charter", hex, "false_declaration",
                     r->false_declaration, "proven", (json_int_t)r->proven, "packet", packet_json(r->packet),
                     "findings", ls_show_findings_json(r));
}
