/* The record: entries in order, what they changed, and what they may still change. */
#include "crypto/crypto.h"
#include "record/internal.h"
#include <stdio.h>
#include <stdlib.h>

const ls_fault ls_fault_refused = {LS_CLASS_INVALID, "act-refused", "the act may not enter the record"};
const ls_fault ls_fault_known = {LS_CLASS_USAGE, "act-known", "the act is on the record already"};
const ls_fault ls_fault_absent = {LS_CLASS_ENVIRONMENT, "attachment-absent", "an attachment is not there"};

ls_result ls_refuse(ls_detail *detail, const char *hint, const char *format, ...)
{
    char reason[sizeof detail->text];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    if (hint != NULL) {
        ls_hint(detail, "%s", hint);
    }
    return ls_fail_with(&ls_fault_refused, detail, "%s", reason);
}

ls_result ls_record_new(ls_fetch fetch, ls_record **out)
{
    ls_record *r = calloc(1, sizeof *r);
    ls_hash *root = calloc(1, sizeof *root);
    if (r == NULL || root == NULL) {
        free(r);
        free(root);
        return ls_fail(&ls_fault_memory);
    }
    r->fetch = fetch;
    r->judging[LS_CHECK_TRUSTED].how = LS_SIGNATURES_TRUST;
    r->root = root;
    r->root_capacity = 1;
    ls_merkle_empty(&r->root[0]);
    *out = r;
    return LS_SUCCESS;
}

void ls_record_defer(ls_record *r, ls_deferred to)
{
    r->judging[LS_CHECK_DEFERRED] = (ls_judging){LS_SIGNATURES_COLLECT, to.put, to.context};
}

void ls_record_free(ls_record *r)
{
    if (r == NULL) {
        return;
    }
    for (size_t i = 0; i < r->accord_count; i++) {
        free(r->accord[i].fact);
        free(r->accord[i].inspected);
        free(r->accord[i].sides);
    }
    free(r->accord);
    free(r->spare);
    free(r->declaration);
    free(r->talk);
    free(r->talk_link);
    free(r->talk_name);
    free(r->search);
    free(r->withdrawn);
    free(r->change);
    free(r->repudiation);
    free(r->raw);
    free(r->receipted);
    free(r->lapsed);
    free(r->stamp);
    free(r->lapses);
    free(r->entry);
    free(r->root);
    ls_table_free(&r->ids);
    ls_table_free(&r->nonces);
    ls_table_free(&r->talk_names);
    ls_table_free(&r->withdrawals);
    ls_table_free(&r->raws);
    ls_table_free(&r->receipts);
    ls_arena_free(&r->arena);
    free(r);
}

void ls_record_roots(ls_record *r, ls_roots roots)
{
    r->roots = roots;
}

/* Memory: all of it is reserved before anything changes. */

static bool grow(void **array, size_t count, size_t *capacity, size_t element)
{
    if (count < *capacity) {
        return true;
    }
    size_t larger = *capacity == 0 ? 16 : 2 * *capacity;
    void *moved = reallocarray(*array, larger, element);
    if (moved == NULL) {
        return false;
    }
    *array = moved;
    *capacity = larger;
    return true;
}

static bool reserve_entries(ls_record *r)
{
    size_t larger = r->capacity == 0 ? 64 : 2 * r->capacity;
    if (r->size < r->capacity) {
        return true;
    }
    entry *moved = reallocarray(r->entry, larger, sizeof *moved);
    if (moved == NULL) {
        return false;
    }
    r->entry = moved;
    r->capacity = larger;
    return true;
}

/* A ring that grows in place: until it is full, nothing in it has wrapped around. */
static bool reserve_roots(ls_record *r)
{
    bool enough = r->roots.root != NULL && r->root_capacity >= ROOTS_RECENT;
    if (r->size + 1 < r->root_capacity || enough) {
        return true;
    }
    ls_hash *larger = reallocarray(r->root, 2 * r->root_capacity, sizeof *larger);
    if (larger == NULL) {
        return false;
    }
    r->root = larger;
    r->root_capacity *= 2;
    return true;
}

/* The ring of entries that no stamp covers yet, with one place to spare. */
static bool reserve_lapses(ls_record *r)
{
    if (r->size - r->stamped < r->lapses_capacity) {
        return true;
    }
    size_t capacity = r->lapses_capacity == 0 ? 64 : 2 * r->lapses_capacity;
    ls_time *larger = reallocarray(NULL, capacity, sizeof *larger);
    if (larger == NULL) {
        return false;
    }
    for (uint64_t i = r->stamped; i < r->size; i++) {
        larger[i & (capacity - 1)] = r->lapses[i & (r->lapses_capacity - 1)];
    }
    free(r->lapses);
    r->lapses = larger;
    r->lapses_capacity = capacity;
    return true;
}

static const uint8_t *entry_key(const void *record, uint32_t i)
{
    return ((const ls_record *)record)->entry[i].id.b;
}

static const uint8_t *declaration_key(const void *record, uint32_t i)
{
    return ((const ls_record *)record)->declaration[i].shown.nonce;
}

static const uint8_t *withdrawal_key(const void *record, uint32_t i)
{
    return ((const ls_record *)record)->withdrawn[i].act.b;
}

static const uint8_t *raw_key_of(const void *record, uint32_t i)
{
    return ((const ls_record *)record)->raw[i].b;
}

static const uint8_t *receipted_key(const void *record, uint32_t i)
{
    return ((const ls_record *)record)->receipted[i].act.b;
}

static const uint8_t *talk_name_key(const void *record, uint32_t i)
{
    return ((const ls_record *)record)->talk_name[i].key.b;
}

/* Keys that come, and what follows from them. */
static bool reserve_keys(ls_record *r, const effect *e)
{
    size_t last = r->raw_count + ls_change_key_count(e);
    for (size_t count = r->raw_count; count < last; count++) {
        if (!grow((void **)&r->raw, count, &r->raw_capacity, sizeof *r->raw) ||
            !ls_table_reserve(&r->raws, count, raw_key_of, r)) {
            return false;
        }
    }
    return grow((void **)&r->change, r->change_count, &r->change_capacity, sizeof *r->change) &&
           grow((void **)&r->repudiation, r->repudiation_count, &r->repudiation_capacity, sizeof *r->repudiation);
}

/* Entries that a stamp makes lapse. */
static bool reserve_lapsed(ls_record *r, const effect *e)
{
    size_t count = r->lapsed_count;
    for (uint64_t i = r->stamped; i < e->stamp_size; i++) {
        bool lapses = e->stamp_time > r->lapses[i & (r->lapses_capacity - 1)];
        if (lapses && !grow((void **)&r->lapsed, count++, &r->lapsed_capacity, sizeof *r->lapsed)) {
            return false;
        }
    }
    return true;
}

/* Names are kept side by side: an arena of each act's own would be far larger than they are. */
static bool keep_name(ls_record *r, ls_bytes *name)
{
    if (name->len > 0) {
        name->ptr = (const uint8_t *)ls_arena_str(&r->arena, *name);
    }
    return name->len == 0 || name->ptr != NULL;
}

static bool reserve_talk(ls_record *r, effect *e)
{
    return keep_name(r, &e->talk.name) && grow((void **)&r->talk, r->talk_count, &r->talk_capacity, sizeof *r->talk) &&
           grow((void **)&r->talk_link, r->talk_count, &r->talk_link_capacity, sizeof *r->talk_link) &&
           grow((void **)&r->talk_name, r->talk_name_count, &r->talk_name_capacity, sizeof *r->talk_name) &&
           grow((void **)&r->search, r->search_count, &r->search_capacity, sizeof *r->search) &&
           ls_table_reserve(&r->talk_names, r->talk_name_count, talk_name_key, r);
}

static bool reserve_lists(ls_record *r)
{
    return grow((void **)&r->stamp, r->stamp_count, &r->stamp_capacity, sizeof *r->stamp) &&
           grow((void **)&r->accord, r->accord_count, &r->accord_capacity, sizeof *r->accord) &&
           grow((void **)&r->declaration, r->declaration_count, &r->declaration_capacity, sizeof *r->declaration) &&
           grow((void **)&r->withdrawn, r->withdrawn_count, &r->withdrawn_capacity, sizeof *r->withdrawn) &&
           grow((void **)&r->receipted, r->receipted_count, &r->receipted_capacity, sizeof *r->receipted) &&
           ls_table_reserve(&r->ids, r->size, entry_key, r) &&
           ls_table_reserve(&r->nonces, r->declaration_count, declaration_key, r) &&
           ls_table_reserve(&r->withdrawals, r->withdrawn_count, withdrawal_key, r) &&
           ls_table_reserve(&r->receipts, r->receipted_count, receipted_key, r);
}

/* One act adds at most one fact for each measure. */
static bool reserve_facts(accord *a)
{
    while (a->fact_count + a->shown.roadmap->measure_count + 1 > a->fact_capacity) {
        if (!grow((void **)&a->fact, a->fact_capacity, &a->fact_capacity, sizeof *a->fact)) {
            return false;
        }
    }
    return true;
}

/* And at most one word about an inspection. */
static bool reserve_inspected(accord *a)
{
    return grow((void **)&a->inspected, a->inspected_count, &a->inspected_capacity, sizeof *a->inspected) &&
           grow((void **)&a->sides, a->inspected_count, &a->sides_capacity, sizeof *a->sides);
}

/* An amendment takes over at most all facts of the version before. */
static bool reserve_spare(ls_record *r, const effect *e)
{
    size_t count = e->accord.shown.amends < 0 ? 0 : r->accord[e->accord.shown.amends].fact_count;
    while (count > r->spare_capacity) {
        if (!grow((void **)&r->spare, r->spare_capacity, &r->spare_capacity, sizeof *r->spare)) {
            return false;
        }
    }
    return true;
}

static ls_result reserve(ls_record *r, effect *e)
{
    bool ok = reserve_entries(r) && reserve_roots(r) && reserve_lapses(r) && reserve_lists(r) && reserve_keys(r, e) &&
              reserve_lapsed(r, e) && (!e->talks || reserve_talk(r, e)) &&
              (e->accord.shown.roadmap == NULL || reserve_spare(r, e)) &&
              (e->accord_index < 0 || (reserve_facts(&r->accord[e->accord_index]) &&
                                       reserve_inspected(&r->accord[r->accord[e->accord_index].first])));
    return ok ? LS_SUCCESS : ls_fail(&ls_fault_memory);
}

/* Accepting and applying. */

static ls_result check(const ls_record *r, const ls_act *act, ls_record_check how, effect *e, const act_rule **rule,
                       ls_detail *detail)
{
    *rule = ls_rule_of(act->kind);
    if (*rule == NULL) {
        return ls_refuse(detail, "a newer version of Lockstep may know it", "unknown kind of act: %.*s",
                         (int)act->kind.len, act->kind.ptr);
    }
    e->check = how;
    LS_TRY(ls_rule_judge(r, *rule, act, e, detail));
    const signing s = {.charter = r->charter != NULL ? r->charter : e->charter,
                       .amended = r->charter != NULL ? e->charter : NULL,
                       .stamped = r->time};
    bool known = how == LS_CHECK_TRUSTED || how == LS_CHECK_CARRIED;
    return known ? LS_SUCCESS : ls_act_judge_signatures(act, &s, &r->judging[how], detail);
}

static ls_result accept(const ls_record *r, const ls_act *act, ls_record_check how, effect *e, ls_detail *detail)
{
    const act_rule *rule;
    ls_result result = check(r, act, how, e, &rule, detail);
    ls_arena_free(&e->arena);
    return result;
}

ls_result ls_record_accept(const ls_record *r, const ls_act *act, ls_record_check how, ls_detail *detail)
{
    effect e = {0};
    return accept(r, act, how, &e, detail);
}

ls_result ls_record_accept_succession(const ls_record *r, const ls_act *act, ls_record_check how, ls_detail *detail)
{
    effect e = {.ahead = true};
    return accept(r, act, how, &e, detail);
}

/* Which of the party's signers signed a chained act. */
static uint32_t signers_of(const ls_record *r, const ls_act *act, const effect *e)
{
    uint32_t bits = 0;
    for (size_t i = 0; e->by != LS_NOBODY && i < act->signers.count; i++) {
        const ls_party *p = &r->charter->party[e->by];
        const ls_signer *s = ls_party_signer(p, act->signers.name[i]);
        bits |= s == NULL ? 0 : UINT32_C(1) << (s - p->signer);
    }
    return bits;
}

/* The record and its tree grow by this entry. */
static void remember(ls_record *r, const act_rule *rule, const ls_act *act, const effect *e, ls_bytes note)
{
    static const ls_time never = INT64_MAX;
    r->entry[r->size] = (entry){.id = act->id,
                                .kind = ls_rule_number(rule),
                                .by = e->by == LS_NOBODY ? NOBODY : (uint8_t)e->by,
                                .signers = signers_of(r, act, e),
                                .accord = (int16_t)e->accord_index,
                                .measure = (int16_t)e->named[NAMED_MEASURE]};
    r->entry[r->size].flags = ls_receipts_find(r, &act->id) == NONE ? 0 : ENTRY_RECEIPTED;
    r->lapses[r->size & (r->lapses_capacity - 1)] = act->shape == LS_SHAPE_STAMP   ? never
                                                    : act->shape == LS_SHAPE_JOINT ? act->open_until
                                                                                   : act->expires;
    if (e->by != LS_NOBODY) {
        r->chain[e->by] = (chain){act->seq, act->id, act->head_size};
    }
    ls_table_add(&r->ids, act->id.b, (uint32_t)r->size);
    r->acts_unstamped += act->shape != LS_SHAPE_STAMP;
    ls_hash leaf;
    ls_merkle_leaf(note, &leaf);
    ls_merkle_append(&r->frontier, &leaf);
    r->size++;
    ls_merkle_frontier_root(&r->frontier, &r->root[r->size & (r->root_capacity - 1)]);
}

/* A joint act is an act of each of its parties. After applying: a charter's parties are known only then. */
static void remember_parties(ls_record *r, const ls_act *act)
{
    for (size_t i = 0; i < act->by.count; i++) {
        r->acted[ls_charter_party(r->charter, act->by.name[i]) - r->charter->party] = r->size;
    }
}

static ls_result append(ls_record *r, const ls_act *act, ls_bytes note, ls_record_check how, effect *e,
                        ls_detail *detail)
{
    const act_rule *rule;
    LS_TRY(check(r, act, how, e, &rule, detail));
    LS_TRY(reserve(r, e));
    remember(r, rule, act, e, note);
    rule->apply(r, act, e);
    remember_parties(r, act);
    return LS_SUCCESS;
}

ls_result ls_record_append_act(ls_record *r, const ls_act *act, ls_bytes note, ls_record_check how, ls_detail *detail)
{
    effect e = {0};
    ls_result result = append(r, act, note, how, &e, detail);
    if (ls_failed(result)) {
        ls_arena_free(&e.arena);
        return result;
    }
    ls_arena_absorb(&r->arena, &e.arena);
    return LS_SUCCESS;
}

ls_result ls_record_append(ls_record *r, ls_bytes note, ls_record_check how, ls_detail *detail)
{
    ls_act act;
    LS_TRY(ls_act_parse(note, false, &act, detail));
    return ls_record_append_act(r, &act, note, how, detail);
}

void ls_declaration_of_act(const ls_act *act, uint32_t fields, ls_declaration *out)
{
    *out = (ls_declaration){
        .root = act->root, .tranches = (uint32_t)act->tranches, .fields = fields, .row_bytes = act->row_bytes};
    ls_declaration_context(&act->process, &act->accord, act->by.name[0], act->raw[LS_H_DECLARATION], &act->schema,
                           act->nonce.b, &out->context);
}
