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
    r->root = root;
    ls_merkle_empty(&r->root[0]);
    *out = r;
    return LS_SUCCESS;
}

void ls_record_free(ls_record *r)
{
    if (r == NULL) {
        return;
    }
    for (size_t i = 0; i < r->accord_count; i++) {
        free(r->accord[i].facts);
    }
    free(r->accord);
    free(r->declaration);
    free(r->withdrawn);
    free(r->entry);
    free(r->root);
    free(r->ids.slot);
    ls_arena_free(&r->arena);
    free(r);
}

/* Ids. */

static size_t id_slot(const id_index *x, const ls_record_entry *entry, const ls_hash *id)
{
    uint64_t h;
    memcpy(&h, id->b, sizeof h);
    size_t i = h & (x->capacity - 1);
    while (x->slot[i] != 0 && !ls_hash_equal(&entry[x->slot[i] - 1].id, id)) {
        i = (i + 1) & (x->capacity - 1);
    }
    return i;
}

bool ls_record_find(const ls_record *r, const ls_hash *id, uint64_t *index)
{
    if (r->size == 0) {
        return false;
    }
    uint64_t found = r->ids.slot[id_slot(&r->ids, r->entry, id)];
    if (found == 0) {
        return false;
    }
    *index = found - 1;
    return true;
}

/* Keeps the index at most half full. */
static bool reserve_ids(ls_record *r)
{
    if (2 * (r->size + 1) <= r->ids.capacity) {
        return true;
    }
    id_index larger = {.capacity = r->ids.capacity == 0 ? 64 : 2 * r->ids.capacity};
    larger.slot = calloc(larger.capacity, sizeof *larger.slot);
    if (larger.slot == NULL) {
        return false;
    }
    for (uint64_t i = 0; i < r->size; i++) {
        larger.slot[id_slot(&larger, r->entry, &r->entry[i].id)] = i + 1;
    }
    free(r->ids.slot);
    r->ids = larger;
    return true;
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
    if (r->size < r->capacity) {
        return true;
    }
    uint64_t larger = r->capacity == 0 ? 64 : 2 * r->capacity;
    ls_hash *root = reallocarray(r->root, larger + 1, sizeof *root);
    if (root == NULL) {
        return false;
    }
    r->root = root;
    ls_record_entry *entry = reallocarray(r->entry, larger, sizeof *entry);
    if (entry == NULL) {
        return false;
    }
    r->entry = entry;
    r->capacity = larger;
    return true;
}

static ls_result reserve(ls_record *r, const effect *e)
{
    bool ok = reserve_entries(r) && reserve_ids(r);
    ok = ok && grow((void **)&r->accord, r->accord_count, &r->accord_capacity, sizeof *r->accord);
    ok = ok && grow((void **)&r->declaration, r->declaration_count, &r->declaration_capacity, sizeof *r->declaration);
    ok = ok && grow((void **)&r->withdrawn, r->withdrawn_count, &r->withdrawn_capacity, sizeof *r->withdrawn);
    if (ok && e->accord_index >= 0) {
        /* One act adds at most one fact for each measure. */
        ls_accord *a = &r->accord[e->accord_index];
        while (ok && a->fact_count + a->roadmap->measure_count + 1 > a->fact_capacity) {
            ok = grow((void **)&a->facts, a->fact_capacity, &a->fact_capacity, sizeof *a->facts);
        }
    }
    return ok ? LS_SUCCESS : ls_fail(&ls_fault_memory);
}

/* Acceptance. */

static ls_result check_headers(const act_rule *rule, const ls_act *act, ls_detail *detail)
{
    for (ls_header h = 0; h < LS_HEADER_COUNT; h++) {
        uint64_t bit = 1ull << h;
        if (!act->has[h] && (rule->required & bit) != 0) {
            return ls_refuse(detail, NULL, "%s needs the header `%s`", rule->kind, ls_header_name(h));
        }
        if (act->has[h] && h >= LS_H_REF && ((rule->required | rule->allowed) & bit) == 0) {
            return ls_refuse(detail, NULL, "%s has no header `%s`", rule->kind, ls_header_name(h));
        }
        /* An accord or a nonce says something only in the kinds that name it. */
        bool special = h == LS_H_ACCORD || (h == LS_H_NONCE && rule->shape == LS_SHAPE_CHAINED);
        if (act->has[h] && special && ((rule->required | rule->allowed) & bit) == 0) {
            return ls_refuse(detail, NULL, "%s has no header `%s`", rule->kind, ls_header_name(h));
        }
    }
    if (rule->text == TEXT_REQUIRED && act->text.len == 0) {
        return ls_refuse(detail, "state the reason with: --text \"…\"", "%s needs a text that says why", rule->kind);
    }
    return LS_SUCCESS;
}

static bool audience_known(ls_bytes audience)
{
    return ls_bytes_is(audience, "public") || ls_bytes_is(audience, "process");
}

static ls_result check_attachments(const ls_record *r, const ls_act *act, ls_detail *detail)
{
    for (size_t i = 0; i < act->attachment_count; i++) {
        const ls_attachment *a = &act->attachment[i];
        for (size_t j = 0; j < i; j++) {
            if (ls_bytes_equal(a->file_name, act->attachment[j].file_name)) {
                return ls_refuse(detail, "give each file a name of its own", "two attachments are named %.*s",
                                 (int)a->file_name.len, a->file_name.ptr);
            }
        }
        if (!audience_known(a->audience)) {
            return ls_refuse(detail, "the audiences are: public, process", "unknown audience %.*s",
                             (int)a->audience.len, a->audience.ptr);
        }
        if (r->charter != NULL && a->size > r->charter->attachment_limit) {
            return ls_refuse(detail, NULL, "%.*s is larger than the charter's limit of %llu bytes",
                             (int)a->file_name.len, a->file_name.ptr, (unsigned long long)r->charter->attachment_limit);
        }
    }
    return LS_SUCCESS;
}

static ls_result check_process(const ls_record *r, const ls_act *act, ls_detail *detail)
{
    if (ls_bytes_is(act->kind, "charter")) {
        return r->charter == NULL ? LS_SUCCESS
                                  : ls_refuse(detail, NULL, "a process has one charter, and this one has it");
    }
    if (r->charter == NULL) {
        return ls_refuse(detail, "file the charter first", "a record begins with its charter");
    }
    if (!ls_hash_equal(&act->process, &r->process)) {
        return ls_refuse(detail, "it belongs to another process", "the act names another process");
    }
    if (act->exercise != r->charter->exercise) {
        return ls_refuse(detail, NULL,
                         act->exercise ? "an exercise's act can't enter a real process"
                                       : "a real act can't enter an exercise");
    }
    return LS_SUCCESS;
}

/* A charter that no stamp reached in time is void, and with it everything under it. */
static ls_result check_void(const ls_record *r, ls_detail *detail)
{
    if (r->size > 0 && r->entry[0].lapsed) {
        return ls_refuse(detail, "draw up a new charter", "the charter is void: its first stamp came too late");
    }
    return LS_SUCCESS;
}

static ls_result check_head(const ls_record *r, const ls_act *act, const chain *c, ls_detail *detail)
{
    if (act->head_size > r->size) {
        return ls_refuse(detail, "this copy of the ledger is behind the author's",
                         "head names %llu entries, and there are %llu", (unsigned long long)act->head_size,
                         (unsigned long long)r->size);
    }
    if (!ls_hash_equal(&act->head_root, &r->root[act->head_size])) {
        return ls_refuse(detail, "the author was shown another history: keep both and compare",
                         "head names another root at %llu entries", (unsigned long long)act->head_size);
    }
    if (act->head_size < c->head_size) {
        return ls_refuse(detail, NULL, "head lies before that of the party's previous act");
    }
    return LS_SUCCESS;
}

static ls_result check_chain(const ls_record *r, const ls_act *act, const effect *e, ls_detail *detail)
{
    const chain *c = &r->chain[e->by];
    if (act->seq != c->seq + 1 || !ls_hash_equal(&act->prev, &c->last)) {
        return ls_refuse(detail, "another act of this party came first: make this one again",
                         "seq %llu does not follow the party's last act, which has seq %llu",
                         (unsigned long long)act->seq, (unsigned long long)c->seq);
    }
    LS_TRY(check_head(r, act, c, detail));
    if (r->time > act->expires) {
        return ls_refuse(detail, "make it again", "it expired at %.*s", (int)act->raw[LS_H_EXPIRES].len,
                         act->raw[LS_H_EXPIRES].ptr);
    }
    if (act->expires - act->at > r->charter->expires_limit) {
        return ls_refuse(detail, NULL, "expires is later than the charter's limit allows");
    }
    for (size_t i = 0; i < act->unless_acted.count; i++) {
        const ls_party *p = ls_charter_party(r->charter, act->unless_acted.name[i]);
        if (p == NULL) {
            return ls_refuse(detail, NULL, "unless-acted names an unknown party");
        }
        if (r->acted[p - r->charter->party] > act->head_size) {
            return ls_refuse(detail, "read what they said, then decide again", "%.*s has acted since", (int)p->name.len,
                             p->name.ptr);
        }
    }
    return LS_SUCCESS;
}

static ls_result check_joint(const ls_record *r, const ls_act *act, ls_detail *detail)
{
    if (r->time > act->open_until) {
        return ls_refuse(detail, "propose it again", "it was open until %.*s", (int)act->raw[LS_H_OPEN_UNTIL].len,
                         act->raw[LS_H_OPEN_UNTIL].ptr);
    }
    for (size_t i = 0; i < r->withdrawn_count; i++) {
        const ls_record_entry *withdraw = &r->entry[r->withdrawn[i].index];
        if (!ls_hash_equal(&r->withdrawn[i].act, &act->id) || withdraw->lapsed) {
            continue;
        }
        for (size_t p = 0; p < act->by.count; p++) {
            if (ls_bytes_equal(act->by.name[p], r->charter->party[withdraw->by].name)) {
                return ls_refuse(detail, NULL, "%.*s withdrew it", (int)act->by.name[p].len, act->by.name[p].ptr);
            }
        }
    }
    return LS_SUCCESS;
}

/* Finds what the act's headers refer to. */
static ls_result resolve(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    e->by = LS_NOBODY;
    e->referred = UINT64_MAX;
    e->accord_index = e->measure_index = e->track_index = -1;
    if (act->shape == LS_SHAPE_CHAINED) {
        const ls_party *p = ls_charter_party(r->charter, act->by.name[0]);
        if (p == NULL) {
            return ls_refuse(detail, NULL, "%.*s is not a party of the charter", (int)act->by.name[0].len,
                             act->by.name[0].ptr);
        }
        e->by = (size_t)(p - r->charter->party);
    }
    if (act->has[LS_H_ACCORD]) {
        e->accord_index = ls_record_find_accord(r, &act->accord);
        if (e->accord_index < 0) {
            return ls_refuse(detail, NULL, "there is no such accord on the record");
        }
    }
    if (act->has[LS_H_MEASURE]) {
        e->measure_index =
            e->accord_index < 0 ? -1 : ls_roadmap_measure(r->accord[e->accord_index].roadmap, act->raw[LS_H_MEASURE]);
        if (e->measure_index < 0) {
            return ls_refuse(detail, "lockstep status lists the measures", "the accord has no measure %.*s",
                             (int)act->raw[LS_H_MEASURE].len, act->raw[LS_H_MEASURE].ptr);
        }
    }
    if (act->has[LS_H_REF]) {
        ls_record_find(r, &act->ref, &e->referred);
    }
    return LS_SUCCESS;
}

/* Acceptance but for signatures; fills in what applying needs. */
static ls_result judge(const ls_record *r, const act_rule *rule, const ls_act *act, effect *e, ls_detail *detail)
{
    uint64_t index;
    if (rule->shape != act->shape) {
        return ls_refuse(detail, NULL, "the headers are not those of a %s", rule->kind);
    }
    if (ls_record_find(r, &act->id, &index)) {
        return ls_fail_with(&ls_fault_known, detail, "the act is on the record already, as entry %llu",
                            (unsigned long long)index);
    }
    LS_TRY(check_headers(rule, act, detail));
    LS_TRY(check_process(r, act, detail));
    if (act->shape != LS_SHAPE_STAMP) {
        LS_TRY(check_void(r, detail));
    }
    LS_TRY(check_attachments(r, act, detail));
    LS_TRY(resolve(r, act, e, detail));
    if (act->shape == LS_SHAPE_CHAINED) {
        LS_TRY(check_chain(r, act, e, detail));
    } else if (act->shape == LS_SHAPE_JOINT) {
        LS_TRY(check_joint(r, act, detail));
    }
    return rule->accept(r, act, e, detail);
}

static ls_result check(const ls_record *r, const ls_act *act, ls_record_check how, effect *e, const act_rule **rule,
                       ls_detail *detail)
{
    *rule = ls_rule_of(act->kind);
    if (*rule == NULL) {
        return ls_refuse(detail, "a newer version of Lockstep may know it", "unknown kind of act: %.*s",
                         (int)act->kind.len, act->kind.ptr);
    }
    e->check = how;
    LS_TRY(judge(r, *rule, act, e, detail));
    const ls_charter *c = r->charter != NULL ? r->charter : e->charter;
    return how == LS_CHECK_TRUSTED ? LS_SUCCESS : ls_act_check_signatures(act, c, detail);
}

ls_result ls_record_accept(const ls_record *r, const ls_act *act, ls_record_check how, ls_detail *detail)
{
    effect e = {0};
    const act_rule *rule;
    ls_result result = check(r, act, how, &e, &rule, detail);
    ls_arena_free(&e.arena);
    return result;
}

static void remember(ls_record *r, const act_rule *rule, const ls_act *act, const effect *e, ls_bytes note)
{
    ls_record_entry *entry = &r->entry[r->size];
    bool stamp = act->shape == LS_SHAPE_STAMP;
    *entry = (ls_record_entry){.id = act->id,
                               .kind = ls_bytes_str(rule->kind),
                               .by = e->by,
                               .seq = act->seq,
                               .time = LS_TIME_OPEN,
                               .lapses = stamp                          ? LS_TIME_OPEN
                                         : act->shape == LS_SHAPE_JOINT ? act->open_until
                                                                        : act->expires,
                               .accord = e->accord_index,
                               .measure = e->measure_index};
    if (e->by != LS_NOBODY) {
        r->chain[e->by] = (chain){act->seq, act->id, act->head_size};
    }
    r->ids.slot[id_slot(&r->ids, r->entry, &act->id)] = r->size + 1;
    r->acts_unstamped += !stamp;
    ls_hash leaf;
    ls_merkle_leaf(note, &leaf);
    ls_merkle_append(&r->frontier, &leaf);
    r->size++;
    ls_merkle_frontier_root(&r->frontier, &r->root[r->size]);
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

ls_result ls_record_append(ls_record *r, ls_bytes note, ls_record_check how, ls_detail *detail)
{
    ls_act act;
    LS_TRY(ls_act_parse(note, false, &act, detail));
    effect e = {0};
    ls_result result = append(r, &act, note, how, &e, detail);
    if (ls_failed(result)) {
        ls_arena_free(&e.arena);
        return result;
    }
    ls_arena_absorb(&r->arena, &e.arena);
    return LS_SUCCESS;
}

/* What others may know of it. */

uint64_t ls_record_size(const ls_record *r)
{
    return r->size;
}

void ls_record_root(const ls_record *r, uint64_t size, ls_hash *out)
{
    *out = r->root[size];
}

const ls_charter *ls_record_charter(const ls_record *r)
{
    return r->charter;
}

const ls_hash *ls_record_process(const ls_record *r)
{
    return r->charter == NULL ? NULL : &r->process;
}

ls_bytes ls_record_charter_json(const ls_record *r)
{
    return r->charter_json;
}

const ls_record_entry *ls_record_at(const ls_record *r, uint64_t index)
{
    return &r->entry[index];
}

ls_time ls_record_time(const ls_record *r)
{
    return r->time;
}

uint64_t ls_record_stamped(const ls_record *r)
{
    return r->stamped;
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

size_t ls_record_accord_count(const ls_record *r)
{
    return r->accord_count;
}

const ls_accord *ls_record_accord(const ls_record *r, size_t i)
{
    return &r->accord[i];
}

int ls_record_find_accord(const ls_record *r, const ls_hash *id)
{
    for (size_t i = 0; i < r->accord_count; i++) {
        if (ls_hash_equal(&r->accord[i].id, id)) {
            return (int)i;
        }
    }
    return -1;
}

size_t ls_record_declaration_count(const ls_record *r)
{
    return r->declaration_count;
}

const ls_record_declaration *ls_record_declaration_at(const ls_record *r, size_t i)
{
    return &r->declaration[i];
}

void ls_declaration_of_act(const ls_act *act, uint32_t fields, ls_declaration *out)
{
    *out = (ls_declaration){
        .root = act->root, .tranches = (uint32_t)act->tranches, .fields = fields, .row_bytes = act->row_bytes};
    ls_declaration_context(&act->process, &act->accord, act->by.name[0], act->raw[LS_H_DECLARATION], &act->schema,
                           act->nonce.b, &out->context);
}
