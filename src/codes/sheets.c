/* One sheet: which of its codes are there. */
#include "codes/sheets.h"

/* The first contradiction stands for all. */
static void contradict(ls_sheet_codes *s, const ls_part *a, const ls_part *b)
{
    if (s->conflict[0] == NULL) {
        s->conflict[0] = a->line < b->line ? a : b;
        s->conflict[1] = a->line < b->line ? b : a;
    }
}

static void take_intact(ls_sheet_codes *s, const ls_part *first, const ls_part *p)
{
    const ls_part **place = &s->intact[p->number - 1];
    if (p->count != first->count) {
        contradict(s, first, p);
    } else if (*place != NULL && !ls_bytes_equal((*place)->data, p->data)) {
        contradict(s, *place, p);
    }
    s->present += *place == NULL;
    *place = *place == NULL ? p : *place;
}

void ls_sheet_codes_of(const ls_part *part, size_t len, ls_sheet_codes *out)
{
    const ls_part *first = NULL;
    *out = (ls_sheet_codes){.part = part};
    for (size_t i = 0; i < len; i++) {
        const ls_part **place = &out->damaged[part[i].number - 1];
        if (part[i].intact) {
            first = first == NULL ? &part[i] : first;
            take_intact(out, first, &part[i]);
        } else if (*place == NULL && out->intact[part[i].number - 1] == NULL) {
            *place = &part[i];
        }
    }
    /* If none is intact, what a damaged one says has to do. */
    out->count = (size_t)(first == NULL ? part : first)->count;
}

bool ls_sheet_codes_whole(const ls_sheet_codes *s)
{
    return s->conflict[0] == NULL && s->present == s->count;
}

static ls_result conflict(const ls_sheet_codes *s, ls_detail *detail)
{
    const ls_part *a = s->conflict[0], *b = s->conflict[1];
    ls_hint(detail, "no scanner does this: somebody made or altered a code; ask for a new sheet");
    return a->count != b->count
               ? ls_fail_with(&ls_fault_codes_conflict, detail,
                              "line %u says that the sheet has %u codes, line %u that it has %u", a->line,
                              (unsigned)a->count, b->line, (unsigned)b->count)
               : ls_fail_with(&ls_fault_codes_conflict, detail, "lines %u and %u are both code %u of %u, and differ",
                              a->line, b->line, (unsigned)a->number, (unsigned)a->count);
}

typedef enum state { PRESENT, DAMAGED, MISSING } state;

static state state_of(const ls_sheet_codes *s, size_t i)
{
    return s->intact[i] != NULL ? PRESENT : s->damaged[i] != NULL ? DAMAGED : MISSING;
}

/* "3, 5 to 7 and 9": the numbers of all in this state. Returns how many. */
static size_t put_numbers(const ls_sheet_codes *s, state wanted, ls_buf *out)
{
    size_t found = 0, end = s->count;
    while (end > 0 && state_of(s, end - 1) != wanted) {
        end--; /* end: behind the last of them */
    }
    for (size_t i = 0, next; i < end; i = next) {
        next = i + 1;
        if (state_of(s, i) != wanted) {
            continue;
        }
        while (next < end && state_of(s, next) == wanted) {
            next++;
        }
        next = next == i + 2 ? i + 1 : next; /* "3 and 4", not "3 to 4" */
        ls_buf_put_str(out, found == 0 ? "" : next == end ? " and " : ", ");
        ls_buf_format(out, next == i + 1 ? "%zu" : "%zu to %zu", i + 1, next);
        found += next - i;
    }
    return found;
}

static bool put_state(const ls_sheet_codes *s, state wanted, const char *what, ls_buf *out)
{
    ls_buf numbers = {0};
    size_t count = put_numbers(s, wanted, &numbers);
    if (count > 0) {
        ls_buf_format(out, "%scode%s %s of %zu %s %s", out->len == 0 ? "" : "; ", count == 1 ? "" : "s",
                      ls_buf_cstr(&numbers), s->count, count == 1 ? "is" : "are", what);
    }
    ls_buf_free(&numbers);
    return count > 0;
}

static void hint_at(const ls_codes_found *left, ls_detail *detail)
{
    if (left->damaged.count > 0) {
        ls_hint(detail,
                "line %u was cut or changed after it was scanned (a copy by hand or mail loses spaces): scan again",
                left->damaged.line);
    } else if (left->elsewhere.count > 0) {
        ls_hint(detail, "line %u is a code of another sheet; this one is sheet %s", left->elsewhere.line, left->sheet);
    } else {
        ls_hint(detail, "scan again, closer and in better light; every copy of the sheet has the same codes");
    }
}

static ls_result missing(const ls_sheet_codes *s, const ls_codes_found *left, ls_detail *detail)
{
    ls_buf text = {0};
    bool damaged = put_state(s, DAMAGED, "damaged", &text);
    put_state(s, MISSING, "missing", &text);
    if (detail != NULL && damaged) {
        detail->line = left->damaged.line;
    }
    hint_at(left, detail);
    ls_result r = ls_fail_with(&ls_fault_codes_missing, detail, "%s", ls_buf_cstr(&text));
    ls_buf_free(&text);
    return r;
}

ls_result ls_sheet_codes_explain(const ls_sheet_codes *s, const ls_codes_found *left, ls_detail *detail)
{
    return s->conflict[0] != NULL ? conflict(s, detail) : missing(s, left, detail);
}
