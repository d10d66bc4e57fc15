#include "bundle/courier.h"
#include "process/plain.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define HEADER "courier"
#define CHECKPOINT "checkpoint"
#define FINAL "final"
#define COSIGNED "cosigned"
#define RECEIPTS "receipts"
#define ENTRIES "tile/entries/"
#define ACT "act/%zu.note"
#define BOX "sealed/"

static const char *const carried[] = {[LS_COURIER_ACTS] = "acts", [LS_COURIER_RECORD] = "record"};

static ls_result malformed(ls_detail *detail, const char *what)
{
    return ls_fail_with(&ls_fault_bundle_form, detail, "it is no courier's file: %s", what);
}

/* The first member. */

void ls_courier_put_header(const ls_courier *c, ls_buf *out)
{
    char process[LS_HEX_HASH_SIZE];
    ls_hash_format(&c->process, process);
    ls_buf_format(out, "lockstep courier v1\ncarries: %s\nprocess: %s\nparty: %.*s\nsize: %" PRIu64 "\n",
                  carried[c->carries], process, (int)c->party.len, (const char *)c->party.ptr, c->size);
}

/* Takes a line "<name>: <value>". */
static bool read_field(ls_reader *r, const char *name, ls_bytes *value)
{
    ls_bytes line;
    size_t len = strlen(name);
    if (!ls_read_line(r, &line) || !ls_bytes_starts(line, name) || line.len < len + 2 ||
        memcmp(line.ptr + len, ": ", 2) != 0) {
        return false;
    }
    *value = ls_bytes_of(line.ptr + len + 2, line.len - len - 2);
    return true;
}

static bool read_header(ls_bytes text, ls_courier *out)
{
    ls_reader r = ls_reader_of(text);
    ls_bytes version, carries, process, size;
    bool ok = ls_read_line(&r, &version) && ls_bytes_is(version, "lockstep courier v1") &&
              read_field(&r, "carries", &carries) && read_field(&r, "process", &process) &&
              read_field(&r, "party", &out->party) && read_field(&r, "size", &size) && ls_reader_done(&r);
    if (!ok || !ls_name_valid(out->party) || !ls_hash_parse(process, &out->process) ||
        !ls_decimal_parse(size, INT64_MAX, &out->size)) {
        return false;
    }
    out->carries = ls_bytes_is(carries, carried[LS_COURIER_RECORD]) ? LS_COURIER_RECORD : LS_COURIER_ACTS;
    return ls_bytes_is(carries, carried[out->carries]);
}

/* Receipts: "<id> <index>", or "<id> refused: <reason>". */

#define REFUSED "refused: "

void ls_courier_put_receipt(const ls_courier_receipt *r, ls_buf *out)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(&r->id, hex);
    if (r->filed) {
        ls_buf_format(out, "%s %" PRIu64 "\n", hex, r->index);
    } else {
        ls_buf_format(out, "%s " REFUSED "%.*s\n", hex, (int)r->reason.len, (const char *)r->reason.ptr);
    }
}

static bool read_receipt(ls_bytes line, ls_courier_receipt *out)
{
    const size_t hex = LS_HEX_HASH_SIZE - 1;
    if (line.len < hex + 2 || line.ptr[hex] != ' ' || !ls_hash_parse(ls_bytes_of(line.ptr, hex), &out->id)) {
        return false;
    }
    ls_bytes rest = ls_bytes_of(line.ptr + hex + 1, line.len - hex - 1);
    out->filed = !ls_bytes_starts(rest, REFUSED);
    if (out->filed) {
        return ls_decimal_parse(rest, INT64_MAX, &out->index);
    }
    out->reason = ls_bytes_of(rest.ptr + strlen(REFUSED), rest.len - strlen(REFUSED));
    return out->reason.len > 0 && ls_plain_valid(out->reason);
}

static ls_result read_receipts(ls_arena *arena, ls_bytes text, ls_courier *out, ls_detail *detail)
{
    ls_reader r = ls_reader_of(text);
    ls_bytes line;
    if (text.len == 0) {
        return malformed(detail, "its receipts can't be read");
    }
    out->receipt = ls_arena_array(arena, LS_COURIER_ACTS_MAX, sizeof *out->receipt);
    if (out->receipt == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    while (out->receipt_count < LS_COURIER_ACTS_MAX && ls_read_line(&r, &line)) {
        if (!read_receipt(line, &out->receipt[out->receipt_count])) {
            return malformed(detail, "its receipts can't be read");
        }
        out->receipt_count++;
    }
    return ls_reader_done(&r) ? LS_SUCCESS : malformed(detail, "its receipts can't be read");
}

/* Members. */

static ls_bytes content_of(const ls_bundle *b, const char *name)
{
    const ls_member *m = ls_bundle_member(b, name);
    return m == NULL ? (ls_bytes){0} : m->content;
}

static void find_acts(ls_courier *c)
{
    while (c->act_count < LS_COURIER_ACTS_MAX) {
        char name[32];
        snprintf(name, sizeof name, ACT, c->act_count + 1);
        ls_bytes note = content_of(&c->bundle, name);
        if (note.len == 0) {
            return;
        }
        c->act[c->act_count++] = note;
    }
}

void ls_courier_box_format(const ls_hash *hash, size_t party, char out[static LS_COURIER_BOX_NAME_SIZE])
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(hash, hex);
    snprintf(out, LS_COURIER_BOX_NAME_SIZE, BOX "%s/%u", hex, (unsigned)(party % LS_PARTIES_MAX));
}

bool ls_courier_box(const ls_member *m, ls_hash *hash, size_t *party)
{
    ls_reader r = ls_reader_of(m->name);
    uint64_t number;
    (void)ls_read_bytes(&r, strlen(BOX));
    ls_bytes hex = ls_read_bytes(&r, LS_HEX_HASH_SIZE - 1), slash = ls_read_bytes(&r, 1);
    if (r.failed || !ls_bytes_starts(m->name, BOX) || !ls_hash_parse(hex, hash) || !ls_bytes_is(slash, "/") ||
        !ls_decimal_parse(ls_bytes_of(r.ptr, ls_reader_left(&r)), LS_PARTIES_MAX - 1, &number)) {
        return false;
    }
    *party = (size_t)number;
    return true;
}

/* Of each kind, only what belongs into it: a name of the list, a file, a box, or of the record entries. */
static bool member_belongs(const ls_courier *c, const ls_member *m)
{
    static const char *const names[][4] = {[LS_COURIER_ACTS] = {HEADER, CHECKPOINT, COSIGNED},
                                           [LS_COURIER_RECORD] = {HEADER, CHECKPOINT, FINAL, RECEIPTS}};
    ls_hash hash;
    size_t party;
    for (size_t i = 0; i < 4 && names[c->carries][i] != NULL; i++) {
        if (ls_bytes_is(m->name, names[c->carries][i])) {
            return true;
        }
    }
    return ls_bundle_attachment_name(m, &hash) || ls_courier_box(m, &hash, &party) ||
           (c->carries == LS_COURIER_RECORD && ls_bytes_starts(m->name, ENTRIES));
}

static ls_result check_members(const ls_courier *c, ls_detail *detail)
{
    size_t others = 0;
    for (size_t i = 0; i < c->bundle.count; i++) {
        others += !member_belongs(c, &c->bundle.members[i]);
    }
    /* Those that are left are the acts, which were found by their names. */
    return others == (c->carries == LS_COURIER_ACTS ? c->act_count : 0)
               ? LS_SUCCESS
               : malformed(detail, "something is in it that does not belong there");
}

ls_result ls_courier_parse(ls_arena *arena, ls_bytes file, ls_courier *out, ls_detail *detail)
{
    *out = (ls_courier){0};
    LS_TRY(ls_bundle_parse(arena, file, &out->bundle, detail));
    if (out->bundle.kind != LS_BUNDLE_COURIER) {
        ls_hint(detail, "look at it with: lockstep verify FILE");
        return malformed(detail, "it is another kind of bundle");
    }
    if (!read_header(content_of(&out->bundle, HEADER), out)) {
        return malformed(detail, "it does not say what it carries");
    }
    out->checkpoint = content_of(&out->bundle, CHECKPOINT);
    out->final = content_of(&out->bundle, FINAL);
    out->cosigned = content_of(&out->bundle, COSIGNED);
    if (out->carries == LS_COURIER_ACTS) {
        find_acts(out);
    } else if (out->checkpoint.len == 0) {
        return malformed(detail, "it has no checkpoint");
    }
    if (ls_bundle_member(&out->bundle, RECEIPTS) != NULL) {
        LS_TRY(read_receipts(arena, content_of(&out->bundle, RECEIPTS), out, detail));
    }
    return check_members(out, detail);
}

/* Entries. */

/* The bundle of entries in which this one stands: a full one, or else the partial one with most entries. */
static bool find_entries(const ls_courier *c, uint64_t tile, uint64_t to, ls_entries *out)
{
    char name[LS_TILE_PATH_SIZE];
    uint64_t left = to - tile * LS_TILE_WIDTH;
    unsigned least = left < LS_TILE_WIDTH ? (unsigned)left : LS_TILE_WIDTH;
    for (unsigned width = LS_TILE_WIDTH; width >= least; width--) {
        ls_tile_path(LS_TILE_ENTRIES, tile, width, name);
        const ls_member *m = ls_bundle_member(&c->bundle, name);
        if (m != NULL) {
            return ls_entries_parse(m->content, out) && out->count == width;
        }
    }
    return false;
}

bool ls_courier_read(const ls_courier *c, uint64_t from, uint64_t to,
                     ls_result (*sink)(void *context, uint64_t index, ls_bytes note), void *context, ls_result *result)
{
    ls_entries *e = malloc(sizeof *e);
    bool found = e != NULL;
    *result = found ? LS_SUCCESS : ls_fail(&ls_fault_memory);
    for (uint64_t i = from; found && ls_succeeded(*result) && i < to; i++) {
        if (i == from || i % LS_TILE_WIDTH == 0) {
            found = find_entries(c, i / LS_TILE_WIDTH, to, e);
        }
        if (found) {
            *result = sink(context, i, e->entry[i % LS_TILE_WIDTH]);
        }
    }
    free(e);
    return found;
}
