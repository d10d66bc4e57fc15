/* Lines that were read, sorted by sheets, and the one sheet among them that is whole. */
#include "codes/parts.h"
#include "codes/sheets.h"
#include <stdlib.h>

const ls_fault ls_fault_codes_large = {LS_CLASS_USAGE, "codes-large", "this is too large"};
const ls_fault ls_fault_codes_none = {LS_CLASS_INVALID, "codes-none", "there are no codes of a sheet in it"};
const ls_fault ls_fault_codes_missing = {LS_CLASS_INVALID, "codes-missing", "codes of the sheet are missing"};
const ls_fault ls_fault_codes_conflict = {LS_CLASS_INVALID, "codes-conflict",
                                          "codes of the sheet contradict each other"};
const ls_fault ls_fault_codes_several = {LS_CLASS_INVALID, "codes-several", "these are codes of several sheets"};
const ls_fault ls_fault_codes_content = {LS_CLASS_INVALID, "codes-content", "the codes do not hold what they say"};

/* All lines, once read. */
typedef struct reading {
    ls_part *part;
    size_t count;
    ls_codes_left unreadable; /* begin like codes */
    ls_codes_left others;
} reading;

static void leave(ls_codes_left *left, unsigned line)
{
    left->line = left->count++ == 0 || line < left->line ? line : left->line;
}

static void take_line(reading *r, ls_bytes line, unsigned number)
{
    ls_part p;
    if (!ls_part_read(line, &p)) {
        leave(&r->others, number);
    } else if (p.number == 0) {
        leave(&r->unreadable, number);
    } else {
        p.line = number;
        r->part[r->count++] = p;
    }
}

/* Lines that are kept have at least this, and their end: so there is room for all of them. */
#define SHORTEST (sizeof LS_PART_PREFIX "0123456789ABCDEF:1:1")

static ls_result read_lines(ls_arena *arena, ls_bytes text, reading *out)
{
    ls_reader r = ls_reader_of(text);
    ls_bytes line;
    *out = (reading){.part = ls_arena_array(arena, text.len / SHORTEST + 1, sizeof *out->part)};
    if (out->part == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (unsigned number = 1; ls_read_until(&r, '\n', &line); number++) {
        line.len -= line.len > 0 && line.ptr[line.len - 1] == '\r';
        if (line.len > 0) {
            take_line(out, line, number);
        }
    }
    return LS_SUCCESS;
}

/* By sheet, by number; of one number first what is intact, then what came first. */
static int compare(const void *left, const void *right)
{
    const ls_part *a = left, *b = right;
    int sheets = memcmp(a->sheet.ptr, b->sheet.ptr, LS_CODES_SHEET_SIZE - 1);
    return sheets != 0              ? sheets
           : a->number != b->number ? (a->number < b->number ? -1 : 1)
           : a->intact != b->intact ? b->intact - a->intact
           : a->line < b->line      ? -1
                                    : a->line > b->line;
}

/* Looks at each sheet in turn. best: that which is whole, or else has most codes; returns how many are whole. */
static size_t choose(const reading *r, ls_sheet_codes *best, ls_sheet_codes *second)
{
    size_t whole = 0;
    for (size_t from = 0, to = 0; from < r->count; from = to) {
        ls_sheet_codes s;
        while (to < r->count && ls_bytes_equal(r->part[to].sheet, r->part[from].sheet)) {
            to++;
        }
        ls_sheet_codes_of(r->part + from, to - from, &s);
        bool is_whole = ls_sheet_codes_whole(&s);
        if (is_whole && whole++ > 0) {
            *second = s;
        } else if (is_whole || (whole == 0 && (from == 0 || s.present > best->present))) {
            *best = s;
        }
    }
    return whole;
}

/* Where the lines have gone that are no part of the payload. */
static void account(const reading *r, const ls_sheet_codes *s, ls_codes_found *out)
{
    *out = (ls_codes_found){.count = s->count, .damaged = r->unreadable, .others = r->others};
    memcpy(out->sheet, s->part->sheet.ptr, LS_CODES_SHEET_SIZE - 1);
    for (size_t i = 0; i < r->count; i++) {
        const ls_part *p = &r->part[i];
        if (!ls_bytes_equal(p->sheet, s->part->sheet)) {
            leave(&out->elsewhere, p->line);
        } else if (!p->intact) {
            leave(&out->damaged, p->line);
        } else if (p != s->intact[p->number - 1]) {
            leave(&out->repeated, p->line);
        }
    }
}

static ls_result none(const reading *r, ls_detail *detail)
{
    ls_hint(detail, "give it what a scanner printed, a code a line: zbarimg --raw -q PICTURE");
    return r->unreadable.count > 0
               ? ls_fail_with(&ls_fault_codes_none, detail, "line %u begins like a code and is cut or changed",
                              r->unreadable.line)
               : ls_fail_with(&ls_fault_codes_none, detail, "no line begins with " LS_PART_PREFIX);
}

static ls_result several(const ls_sheet_codes *a, const ls_sheet_codes *b, ls_detail *detail)
{
    ls_hint(detail, "read one sheet at a time");
    return ls_fail_with(&ls_fault_codes_several, detail,
                        "two sheets are whole: that which begins in line %u, and that which begins in line %u",
                        a->intact[0]->line, b->intact[0]->line);
}

static ls_result read_parts(ls_arena *arena, const reading *r, ls_bytes *payload, ls_codes_found *found,
                            ls_detail *detail)
{
    ls_sheet_codes best = {0}, second = {0};
    if (r->count == 0) {
        return none(r, detail);
    }
    qsort(r->part, r->count, sizeof *r->part, compare);
    size_t whole = choose(r, &best, &second);
    if (whole > 1) {
        return several(&best, &second, detail);
    }
    if (whole == 0) {
        ls_codes_found left;
        account(r, &best, &left);
        return ls_sheet_codes_explain(&best, &left, detail);
    }
    LS_TRY(ls_parts_join(arena, best.intact, best.count, payload, detail));
    account(r, &best, found);
    return LS_SUCCESS;
}

ls_result ls_codes_read(ls_arena *arena, ls_bytes text, ls_bytes *payload, ls_codes_found *found, ls_detail *detail)
{
    reading r;
    if (text.len > LS_CODES_READING_MAX) {
        return ls_fail_with(&ls_fault_codes_large, detail, "%zu bytes of scanned codes are more than %u", text.len,
                            LS_CODES_READING_MAX);
    }
    LS_TRY(read_lines(arena, text, &r));
    return read_parts(arena, &r, payload, found, detail);
}
