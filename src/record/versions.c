/*
 * Versions of an accord. Parties amend an accord by signing it anew; the new version takes over all that was said under
 * the one before, and acts name it from then on. Which version holds follows from the record's order and from which
 * versions have effect: an amendment that came too late leaves the one before in force.
 */
#include "record/internal.h"

int ls_record_accord_in_force(const ls_record *r, int version)
{
    int found = r->accord[version].first;
    for (int k = found; k >= 0; k = r->accord[k].next) {
        found = ls_entry_effective(r, r->accord[k].shown.index) ? k : found;
    }
    return found;
}

void ls_versions_link(ls_record *r, int version)
{
    int first = r->accord[version].first, before = -1;
    uint64_t signed_index = r->accord[first].shown.index;
    for (int k = first; k >= 0; k = r->accord[k].next) {
        ls_accord *a = &r->accord[k].shown;
        a->amended_by = -1;
        if (!ls_entry_effective(r, a->index)) {
            continue;
        }
        if (before < 0) {
            signed_index = a->index;
        } else {
            r->accord[before].shown.amended_by = k;
        }
        before = k;
    }
    for (int k = first; k >= 0; k = r->accord[k].next) {
        r->accord[k].shown.signed_index = signed_index;
    }
}

bool ls_record_accord_same(const ls_record *r, int a, int b)
{
    return r->accord[a].first == r->accord[b].first;
}

int ls_record_accord_at(const ls_record *r, int version, ls_time at, ls_time known)
{
    int found = r->accord[version].first;
    for (int k = found; k >= 0; k = r->accord[k].next) {
        uint64_t index = r->accord[k].shown.index;
        ls_time time = ls_entry_time(r, index);
        time = time == LS_TIME_OPEN ? known : time;
        found = ls_entry_effective(r, index) && time <= at && time <= known ? k : found;
    }
    return found;
}

/* What is taken over. */

/* What the subject of a fact of a kind is an index of, where it is no measure. */
static const named subjects[LS_FACT_KINDS] = {
    [LS_FACT_ATTEST] = NAMED_EVENT,  [LS_FACT_USE] = NAMED_RIGHT,      [LS_FACT_DISPUTE] = NAMED_DISPUTE,
    [LS_FACT_REFER] = NAMED_DISPUTE, [LS_FACT_SETTLE] = NAMED_DISPUTE,
};

/* From one version to the next. */
typedef struct passage {
    const ls_roadmap *from, *to;
    const accord *after;
    int measure[LS_MEASURES_MAX]; /* where each of the earlier one stands in the later one, or -1 */
} passage;

/* Where something that the earlier version has at i stands in the later one, or -1. */
static int moved(const passage *p, named what, size_t i)
{
    switch (what) {
    case NAMED_MEASURE:
        return p->measure[i];
    case NAMED_EVENT:
        return ls_roadmap_event(p->to, p->from->events[i].id);
    case NAMED_RIGHT:
        return ls_roadmap_right(p->to, p->from->rights[i].id);
    case NAMED_DISPUTE:
        return ls_roadmap_dispute(p->to, p->from->disputes[i].id);
    case NAMED_TRACK:
        return ls_roadmap_track(p->to, p->from->tracks[i].id);
    case NAMED_INSPECTION:
    case NAMED_NOTHING:
        break;
    }
    return -1;
}

/* The same of a fact's method, track or stage. */
static int moved_detail(const passage *p, const ls_fact *f, const ls_fact *now)
{
    if (f->kind == LS_FACT_SUSPEND) {
        return moved(p, NAMED_TRACK, f->detail);
    }
    if (f->kind == LS_FACT_PERFORM) {
        return ls_amount_method(&p->to->measures[now->subject].amount,
                                p->from->measures[f->subject].amount.methods[f->detail].id);
    }
    return ls_dispute_stage(&p->to->disputes[now->subject], p->from->disputes[f->subject].stages[f->detail].id);
}

/* A fact in the terms of the later version; false if what it is about is no part of that. */
static bool move_fact(const passage *p, const ls_fact *f, ls_fact *now)
{
    *now = *f;
    if (f->kind == LS_FACT_WITHDRAW || f->kind == LS_FACT_RESUME) { /* about an act, whatever that was about */
        const ls_fact *meant = ls_accord_fact(p->after, f->ref);
        if (meant != NULL) {
            now->subject = meant->subject;
            now->detail = meant->detail;
        }
        return meant != NULL;
    }
    if (f->subject != LS_NO_SUBJECT) {
        bool stage = f->kind == LS_FACT_EXTEND && f->ref != LS_NO_ENTRY;
        int subject = moved(p, stage ? NAMED_DISPUTE : subjects[f->kind], f->subject);
        now->subject = (uint32_t)subject & 1023;
        if (subject < 0) {
            return false;
        }
    }
    if (f->detail != LS_NO_DETAIL) {
        int detail = moved_detail(p, f, now);
        now->detail = (uint32_t)detail & 127;
        return detail >= 0;
    }
    return true;
}

/* A dispute goes on; the measure that it was about may be gone. */
static void move_disputed(const passage *p, ls_fact *now)
{
    if (now->kind == LS_FACT_DISPUTE && now->amount != LS_QUANTITY_NONE) {
        int i = moved(p, NAMED_MEASURE, (size_t)now->amount);
        now->amount = i < 0 ? LS_QUANTITY_NONE : i;
    }
}

static void inherit_facts(ls_record *r, const accord *before, accord *after)
{
    passage p = {.from = before->shown.roadmap, .to = after->shown.roadmap, .after = after};
    for (size_t i = 0; i < p.from->measure_count; i++) {
        p.measure[i] = ls_roadmap_measure(p.to, p.from->measures[i].id);
    }
    after->fact = r->spare;
    after->fact_capacity = r->spare_capacity;
    r->spare = NULL;
    r->spare_capacity = 0;
    for (size_t i = 0; i < before->fact_count; i++) {
        ls_fact now;
        if (!move_fact(&p, &before->fact[i], &now)) {
            continue;
        }
        move_disputed(&p, &now);
        after->fact[after->fact_count++] = now;
        if (now.kind == LS_FACT_PERFORM && ls_entry_effective(r, now.index)) {
            after->performed[now.subject]++;
        }
    }
}

void ls_version_inherit(ls_record *r, int version)
{
    accord *after = &r->accord[version], *before = &r->accord[after->shown.amends];
    const ls_roadmap *to = after->shown.roadmap;
    inherit_facts(r, before, after);
    for (size_t i = 0; i < to->declaration_count; i++) {
        const ls_declared *d = ls_roadmap_declaration(before->shown.roadmap, to->declarations[i].name);
        after->declared[i] = d == NULL ? NONE : before->declared[d - before->shown.roadmap->declarations];
    }
    after->first = before->first;
    while (before->next >= 0) { /* one that came too late stands between */
        before = &r->accord[before->next];
    }
    before->next = version;
    ls_versions_link(r, version);
}
