/* What stands on the sheet of a site. */
#include "workspace/packet_parts.h"

typedef unsigned long long ull;

#define NOTES 6
#define PAIRS_OF_PLACE 3

static ls_bytes text(const char *s)
{
    return s == NULL ? (ls_bytes){0} : ls_bytes_str(s);
}

static ls_bytes title_of(const ls_packet_making *m, size_t party)
{
    const ls_party *p = &ls_record_charter(m->ws->record)->party[party];
    return p->title.len > 0 ? p->title : p->name;
}

/* What was declared. */

static ls_result put_row(const ls_packet_making *m, const ls_seen_row *seen, ls_sheet *s)
{
    const ls_declared *d = seen->declared;
    ls_sheet_pair *pair = ls_arena_array(m->arena, d->field_count, sizeof *pair);
    if (pair == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < d->field_count; i++) {
        const ls_opened_field *f = &seen->fields[i];
        pair[i] = (ls_sheet_pair){d->fields[i], f->open ? f->value : ls_bytes_str("(not opened)")};
    }
    s->field = pair;
    s->field_count = d->field_count;
    s->tranche = d->labels[seen->opened.row.tranche - 1];
    s->row = seen->opened.row.row;
    return LS_SUCCESS;
}

static ls_result put_place(const ls_packet_making *m, ls_sheet *s)
{
    const ls_act *act = m->plan->act;
    ls_sheet_pair *pair = ls_arena_array(m->arena, PAIRS_OF_PLACE, sizeof *pair);
    const char *radius = ls_arena_format(m->arena, "%llu m", (ull)act->radius);
    if (pair == NULL || radius == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    pair[0] = (ls_sheet_pair){ls_bytes_str("place"), act->raw[LS_H_PLACE]};
    pair[1] = (ls_sheet_pair){ls_bytes_str("within"), text(radius)};
    pair[2] = (ls_sheet_pair){ls_bytes_str("declared there"), ls_bytes_str("nothing that was opened")};
    s->field = pair;
    s->field_count = PAIRS_OF_PLACE;
    return LS_SUCCESS;
}

/* Notes for the inspector. */

typedef struct notes {
    const ls_packet_making *m;
    size_t count;
    ls_sheet_pair pair[NOTES];
} notes;

static void put_note(notes *n, const char *heading, const char *words)
{
    if (words != NULL && words[0] != '\0') {
        n->pair[n->count++] = (ls_sheet_pair){ls_bytes_str(heading), ls_bytes_str(words)};
    }
}

static const char *at_time(const ls_packet_making *m, const char *before, ls_time t, const char *after)
{
    char time[LS_TIME_SIZE];
    ls_time_format(t, time);
    const char *made = ls_arena_format(m->arena, "%s%s%s", before, time, after);
    return made == NULL ? "" : made;
}

/* Names of the limits in a set, with commas. */
static const char *limit_names(const ls_packet_making *m, uint16_t limits)
{
    const ls_visit_rule *rule = &m->plan->rule->visits;
    const char *names = "";
    for (size_t i = 0; i < rule->limit_count && names != NULL; i++) {
        if ((limits >> i & 1) != 0) {
            names = ls_arena_format(m->arena, "%s%s%.*s", names, names[0] == '\0' ? "" : ", ", (int)rule->limits[i].len,
                                    rule->limits[i].ptr);
        }
    }
    return names;
}

static void put_visit(notes *n, const ls_visit_state *v)
{
    const ls_packet_making *m = n->m;
    put_note(n, "Notice", at_time(m, "It ends at ", v->from, ""));
    if (v->frozen_until == LS_TIME_OPEN) {
        put_note(n, "Freeze", "From the notice on, and until the inspectors have left, nothing may be moved here.");
    }
    if (v->limits != 0) {
        put_note(n, "Managed access", limit_names(m, v->limits));
    }
}

static const char *opened_for(const ls_packet_making *m, const ls_seen_row *seen)
{
    bool everybody = ls_bytes_is(seen->audience, "process") || ls_bytes_is(seen->audience, "public");
    return everybody ? ""
                     : ls_arena_format(m->arena, "This was opened for %.*s alone.", (int)seen->audience.len,
                                       seen->audience.ptr);
}

static ls_result put_notes(const ls_packet_making *m, const ls_packet_site *site, bool codes, ls_sheet *s)
{
    notes *n = ls_arena_alloc(m->arena, sizeof *n);
    if (n == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    n->m = m;
    if (site->visit != NULL) {
        put_visit(n, site->visit);
    } else if (m->plan->rule->visits.there) {
        put_note(n, "Notice", "None had been given when this was printed.");
        put_note(n, "Managed access", ls_arena_format(m->arena, "May be claimed: %s", limit_names(m, UINT16_MAX)));
    }
    if (site->seen != NULL) {
        put_note(n, "Confidential", opened_for(m, site->seen));
    }
    if (site->replacement) {
        put_note(n, "Replacement", "A row that was drawn before this one is blank: this one takes its place.");
    }
    if (site->seen != NULL && !codes) {
        put_note(n, "Proofs", "They are too large for codes. lockstep-verify packet.lockstep checks them.");
    }
    s->note = n->pair;
    s->note_count = n->count;
    return LS_SUCCESS;
}

/* What is filled in by hand. */

#define CHOICES(...)                                                                                                   \
    sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), (const char *const[])                                 \
    {                                                                                                                  \
        __VA_ARGS__                                                                                                    \
    }
static const struct {
    const char *label;
    size_t choice_count;
    const char *const *choice;
    unsigned lines;
} blanks[] = {
    {"Arrived: date, time", 0, NULL, 1},
    {"Left: date, time", 0, NULL, 1},
    {"Found as declared", CHOICES("yes", "no", "could not be established"), 0},
    {"What differs: field, declared, found", 0, NULL, 4},
    {"Counted: what, declared, found", 0, NULL, 3},
    {"Anomalies", 0, NULL, 3},
    {"Seals: number; applied, found intact or found broken", 0, NULL, 2},
    {"Photographs and readings: file, of what", 0, NULL, 2},
    {"Finding", CHOICES("consistent", "discrepancy", "inconclusive"), 0},
    {"Remarks of the representative of the site", 0, NULL, 2},
};
#define BLANKS (sizeof blanks / sizeof *blanks)

static ls_result put_blanks(const ls_packet_making *m, ls_sheet *s)
{
    ls_sheet_blank *out = ls_arena_array(m->arena, BLANKS, sizeof *out);
    if (out == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < BLANKS; i++) {
        ls_bytes *choice = ls_arena_array(m->arena, blanks[i].choice_count + 1, sizeof *choice);
        if (choice == NULL) {
            return ls_fail(&ls_fault_memory);
        }
        for (size_t k = 0; k < blanks[i].choice_count; k++) {
            choice[k] = ls_bytes_str(blanks[i].choice[k]);
        }
        out[i] = (ls_sheet_blank){ls_bytes_str(blanks[i].label), blanks[i].choice_count, choice, blanks[i].lines};
    }
    s->blank = out;
    s->blank_count = BLANKS;
    return LS_SUCCESS;
}

/* As many inspectors as their party's reports take, and one for the other side. */
static ls_result put_signatures(const ls_packet_making *m, ls_sheet *s)
{
    const ls_inspection *rule = m->plan->rule;
    const ls_party *by = &ls_record_charter(m->ws->record)->party[rule->by];
    size_t inspectors = ls_party_threshold(by, ls_bytes_str("report"));
    ls_bytes *who = ls_arena_array(m->arena, inspectors + 1, sizeof *who), of = title_of(m, rule->of);
    if (who == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < inspectors; i++) {
        who[i] = ls_bytes_str("Inspector: name, signature");
    }
    who[inspectors] = text(ls_arena_format(m->arena, "For %.*s: name, signature", (int)of.len, (const char *)of.ptr));
    s->signature = who;
    s->signature_count = inspectors + 1;
    return LS_SUCCESS;
}

static void put_frame(const ls_packet_making *m, size_t n, ls_sheet *s)
{
    const ls_record *r = m->ws->record;
    const ls_charter *c = ls_record_charter(r);
    const ls_packet_site *site = &m->plan->site[n];
    const ls_inspection *rule = m->plan->rule;
    s->exercise = c->exercise;
    s->title = text(ls_arena_format(m->arena, "%.*s: %s", (int)rule->title.len, (const char *)rule->title.ptr,
                                    m->plan->packet.challenge ? "challenged place" : "drawn site"));
    s->process = c->title;
    s->charter = ls_record_process(r);
    s->site = n + 1;
    s->sites = m->plan->site_count;
    if (site->drawn) {
        s->draw = &m->plan->packet.about;
        s->position = site->position;
    }
    s->checkpoint_size = m->snapshot->size;
    s->checkpoint_time = ls_record_time(r);
}

static const char reading[] =
    "Scan every code, in any order, into one text file, a code a line; or photograph these pages and run zbarimg --raw "
    "-q over the pictures. Then: lockstep-verify --codes FILE --rows --charter FINGERPRINT. It needs no network. The "
    "fingerprint is that of the words above, as your delegation has it.";
ls_result ls_packet_sheet(const ls_packet_making *m, size_t n, const ls_codes *codes, ls_sheet *out)
{
    const ls_packet_site *site = &m->plan->site[n];
    ls_sheet s = {0};
    put_frame(m, n, &s);
    LS_TRY(site->seen != NULL ? put_row(m, site->seen, &s) : put_place(m, &s));
    LS_TRY(put_notes(m, site, codes != NULL, &s));
    LS_TRY(put_blanks(m, &s));
    LS_TRY(put_signatures(m, &s));
    s.codes = codes;
    s.reading = ls_bytes_str(reading);
    *out = s;
    return LS_SUCCESS;
}
