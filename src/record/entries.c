/* What a record knows of its entries: times, effect, roots, facts. */
#include "record/internal.h"

bool ls_entry_is(const ls_record *r, uint64_t index, const char *kind)
{
    return strcmp(ls_rule_kind(r->entry[index].kind), kind) == 0;
}

static bool marked(const entry *x)
{
    return (x->flags & (ENTRY_LAPSED | ENTRY_ANNULLED)) != 0;
}

bool ls_entry_effective(const ls_record *r, uint64_t index)
{
    const entry *x = &r->entry[index];
    return !marked(x) && (x->accord < 0 || !marked(&r->entry[r->accord[x->accord].shown.index]));
}

/* Of the first stamp that covers it. */
static ls_time stamp_time(const ls_record *r, uint64_t index)
{
    size_t low = 0, high = r->stamp_count;
    if (index >= r->stamped) {
        return LS_TIME_OPEN;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r->stamp[middle].size <= index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return r->stamp[low].time;
}

uint32_t ls_receipts_find(const ls_record *r, const ls_hash *act)
{
    uint32_t found;
    for (table_walk w = ls_table_walk(&r->receipts, act->b); ls_table_next(&w, &found);) {
        if (ls_hash_equal(&r->receipted[found].act, act)) {
            return found;
        }
    }
    return NONE;
}

/* Of its first stamp; or when a quorum of cosigners had it, if that was earlier and the host was not too slow. */
ls_time ls_entry_time(const ls_record *r, uint64_t index)
{
    ls_time stamped = stamp_time(r, index);
    if (stamped == LS_TIME_OPEN || (r->entry[index].flags & ENTRY_RECEIPTED) == 0) {
        return stamped;
    }
    const receipted *x = &r->receipted[ls_receipts_find(r, &r->entry[index].id)];
    return stamped <= x->until && x->time < stamped ? x->time : stamped;
}

/* Facts. */

static ls_time fact_time(const void *record, uint32_t index)
{
    const ls_record *r = record;
    return ls_entry_effective(r, index) ? ls_entry_time(r, index) : LS_TIME_NONE;
}

ls_facts ls_record_facts(const ls_record *r, size_t i)
{
    const accord *a = &r->accord[i];
    return (ls_facts){a->fact, a->fact_count, fact_time, r};
}

ls_talks ls_record_talks(const ls_record *r)
{
    return (ls_talks){r->talk, r->talk_count, fact_time, r};
}

const ls_talk *ls_record_talk_named(const ls_record *r, ls_header space, ls_bytes name)
{
    return ls_talk_named(r, space, name);
}

/* One that came too late never is signed, nor is any under a charter that came too late. */
static ls_time signed_at(const ls_record *r, const ls_accord *a, ls_time known)
{
    if (!ls_entry_effective(r, a->signed_index) || !ls_entry_effective(r, 0)) {
        return LS_TIME_OPEN;
    }
    ls_time time = ls_entry_time(r, a->signed_index);
    return time == LS_TIME_OPEN ? known : time;
}

void ls_record_query(const ls_record *r, size_t i, ls_time at, ls_time known, ls_facts *facts, ls_state_query *out)
{
    const ls_accord *a = &r->accord[i].shown;
    *facts = ls_record_facts(r, i);
    *out = (ls_state_query){.roadmap = a->roadmap,
                            .charter = r->charter,
                            .signed_at = signed_at(r, a, known),
                            .facts = facts,
                            .at = at,
                            .known = known};
}

/* Where the act's facts begin. */
static size_t facts_from(const accord *a, uint32_t index)
{
    return ls_facts_from(&(ls_facts){.fact = a->fact, .count = a->fact_count}, index);
}

const ls_fact *ls_accord_fact(const accord *a, uint32_t index)
{
    size_t i = facts_from(a, index);
    return i < a->fact_count && a->fact[i].index == index ? &a->fact[i] : NULL;
}

/* What a fact changes for the acceptance of later acts; and, where its act turns out to be without effect, no more. */
static void count_fact(ls_record *r, accord *a, const ls_fact *f, bool effective)
{
    if (f->kind == LS_FACT_PERFORM) {
        a->performed[f->subject] += effective ? 1 : UINT32_MAX;
    } else if (f->kind == LS_FACT_RESUME && effective) {
        r->entry[f->ref].flags |= ENTRY_RESUMED;
    } else if (f->kind == LS_FACT_RESUME) {
        r->entry[f->ref].flags &= (uint8_t)~ENTRY_RESUMED;
    }
}

ls_fact ls_fact_of(const ls_act *act, const effect *e, ls_fact_kind kind)
{
    return (ls_fact){.amount = LS_QUANTITY_NONE,
                     .ref = e->referred,
                     .day = act->has[LS_H_DATE] ? (int32_t)ls_date_to_days(act->date) : LS_NO_DAY,
                     .kind = kind & 31,
                     .by = e->by & 31,
                     .party = e->by & 31,
                     .subject = LS_NO_SUBJECT,
                     .detail = LS_NO_DETAIL};
}

void ls_fact_add(ls_record *r, int number, const ls_fact *said)
{
    accord *a = &r->accord[number];
    ls_fact *f = &a->fact[a->fact_count++];
    *f = *said;
    f->index = (uint32_t)(r->size - 1);
    count_fact(r, a, f, true);
}

/* The act's facts, in each version of its accord that has them. */
static void count_act(ls_record *r, uint32_t index, bool effective)
{
    for (int k = r->entry[index].accord; k >= 0; k = r->accord[k].next) {
        accord *a = &r->accord[k];
        for (size_t i = facts_from(a, index); i < a->fact_count && a->fact[i].index == index; i++) {
            count_fact(r, a, &a->fact[i], effective);
        }
    }
}

/* An accord gained or lost its effect, and with it all that was said under it. */
static void mark_accord(ls_record *r, int number, bool effective)
{
    const accord *a = &r->accord[number];
    uint32_t last = (uint32_t)a->shown.index;
    for (size_t i = facts_from(a, last); i < a->fact_count; i++) {
        uint32_t index = a->fact[i].index;
        if (index != last && !marked(&r->entry[index])) {
            count_act(r, index, effective);
        }
        last = index;
    }
    ls_versions_link(r, number);
}

void ls_entry_mark(ls_record *r, uint32_t index, uint8_t flag, bool set)
{
    entry *x = &r->entry[index];
    bool before = ls_entry_effective(r, index);
    x->flags = (uint8_t)(set ? x->flags | flag : x->flags & ~flag);
    bool effective = ls_entry_effective(r, index);
    if (effective == before) {
        return;
    }
    if (ls_entry_is(r, index, "annul")) {
        ls_annul_mark(r, index);
    }
    if (x->accord >= 0 && r->accord[x->accord].shown.index == index) {
        mark_accord(r, x->accord, effective);
    } else {
        count_act(r, index, effective);
    }
}

/* Roots. */

static bool root_in_memory(const ls_record *r, uint64_t size)
{
    return size <= r->size && r->size - size < r->root_capacity;
}

void ls_record_root(const ls_record *r, uint64_t size, ls_hash *out)
{
    *out = root_in_memory(r, size) ? r->root[size & (r->root_capacity - 1)] : (ls_hash){0};
}

ls_result ls_root_read(const ls_record *r, uint64_t size, ls_hash *out, ls_detail *detail)
{
    if (root_in_memory(r, size)) {
        *out = r->root[size & (r->root_capacity - 1)];
        return LS_SUCCESS;
    }
    return r->roots.root(r->roots.context, size, out, detail);
}

/* Others. */

uint32_t ls_withdrawal_find(const ls_record *r, const ls_hash *act)
{
    uint32_t found;
    for (table_walk w = ls_table_walk(&r->withdrawals, act->b); ls_table_next(&w, &found);) {
        if (ls_hash_equal(&r->withdrawn[found].act, act)) {
            return found;
        }
    }
    return NONE;
}

ls_record_entry ls_record_at(const ls_record *r, uint64_t index)
{
    const entry *x = &r->entry[index];
    return (ls_record_entry){.id = x->id,
                             .kind = ls_bytes_str(ls_rule_kind(x->kind)),
                             .by = x->by == NOBODY ? LS_NOBODY : x->by,
                             .time = ls_entry_time(r, index),
                             .lapsed = (x->flags & ENTRY_LAPSED) != 0,
                             .repudiated = (x->flags & ENTRY_REPUDIATED) != 0,
                             .annulled = (x->flags & ENTRY_ANNULLED) != 0,
                             .receipted = (x->flags & ENTRY_RECEIPTED) != 0,
                             .accord = x->accord,
                             .measure = x->measure};
}

bool ls_record_find(const ls_record *r, const ls_hash *id, uint64_t *index)
{
    uint32_t found;
    for (table_walk w = ls_table_walk(&r->ids, id->b); ls_table_next(&w, &found);) {
        if (ls_hash_equal(&r->entry[found].id, id)) {
            *index = found;
            return true;
        }
    }
    return false;
}

int ls_record_find_accord(const ls_record *r, const ls_hash *id)
{
    uint64_t index;
    return ls_record_find(r, id, &index) && ls_entry_is(r, index, "accord") ? r->entry[index].accord : -1;
}

size_t ls_record_accord_count(const ls_record *r)
{
    return r->accord_count;
}

const ls_accord *ls_record_accord(const ls_record *r, size_t i)
{
    return &r->accord[i].shown;
}

size_t ls_record_declaration_count(const ls_record *r)
{
    return r->declaration_count;
}

const ls_record_declaration *ls_record_declaration_at(const ls_record *r, size_t i)
{
    return &r->declaration[i].shown;
}

ls_time ls_record_time(const ls_record *r)
{
    return r->time;
}

uint64_t ls_record_stamped(const ls_record *r)
{
    return r->stamped;
}

bool ls_record_has_unstamped(const ls_record *r, uint64_t size)
{
    for (uint64_t i = r->stamped; i < size; i++) {
        if (!ls_entry_is(r, i, "stamp")) {
            return true;
        }
    }
    return false;
}

bool ls_record_stamp_due(const ls_record *r, ls_time now)
{
    return r->charter != NULL && (r->acts_unstamped > 0 || now - r->time >= r->charter->stamp_interval);
}

void ls_record_next(const ls_record *r, size_t party, uint64_t *seq, ls_hash *prev)
{
    *seq = r->chain[party].seq + 1;
    *prev = r->chain[party].last;
}

uint64_t ls_record_size(const ls_record *r)
{
    return r->size;
}

const ls_charter *ls_record_charter(const ls_record *r)
{
    return r->charter;
}

size_t ls_record_change_count(const ls_record *r)
{
    return r->change_count;
}

uint64_t ls_record_change_at(const ls_record *r, size_t i)
{
    return r->change[i].index;
}

const ls_charter *ls_record_watched(const ls_record *r)
{
    return r->watched;
}

const ls_hash *ls_record_process(const ls_record *r)
{
    return r->charter == NULL ? NULL : &r->process;
}

#define ENDED_MAX (LS_PARTIES_MAX * LS_SIGNERS_MAX)

/* Signers' keys that the latest stamp has ended. */
static uint64_t count_ended(const ls_record *r)
{
    uint64_t ended = 0;
    for (size_t p = 0; p < r->charter->party_count; p++) {
        for (size_t i = 0; i < r->charter->party[p].signer_count; i++) {
            ended += r->charter->party[p].signer[i].until < r->time;
        }
    }
    return ended;
}

/* Between two changes keys only end, so that no number comes twice. */
uint64_t ls_record_keys_version(const ls_record *r)
{
    return r->charter == NULL ? 0 : (1 + r->change_count + r->changes_watched) * (ENDED_MAX + 1) + count_ended(r);
}

ls_bytes ls_record_charter_json(const ls_record *r)
{
    return r->charter_json;
}

uint64_t ls_record_acted(const ls_record *r, size_t party)
{
    return r->acted[party];
}
