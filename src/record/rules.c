/*
 * The rules: one row for each kind of act, with the headers it carries, whether it is acceptable and what it changes.
 * docs/protocol.md repeats this table for people.
 */
#include "crypto/sha256.h"
#include "record/internal.h"

#define BIT(h) (1ull << (h))
#define ATTACHMENTS BIT(LS_H_ATTACHMENT)

/* Attachments that acceptance reads: charters and accords only. */

#define DOCUMENT_MAX (16u << 20) /* bytes of one of them: whoever replays a record has to hold it in memory */

/* What could not be read just now may be there all the same, and says nothing about the record. */
static ls_result fetch_failed(ls_result r, const char *file_name, ls_detail *detail)
{
    if (r.fault->class == LS_CLASS_ENVIRONMENT && r.fault != &ls_fault_absent) {
        return ls_fail_with(r.fault, detail, "the attachment %s can't be read: %s", file_name, r.fault->sentence);
    }
    return ls_fail_with(&ls_fault_absent, detail, "the attachment %s is not %s", file_name,
                        r.fault == &ls_fault_absent ? "there" : "whole");
}

static ls_result fetch_attachment(const ls_record *r, const ls_act *act, const char *file_name, ls_arena *arena,
                                  ls_bytes *out, ls_detail *detail)
{
    for (size_t i = 0; i < act->attachment_count; i++) {
        const ls_attachment *a = &act->attachment[i];
        if (!ls_bytes_is(a->file_name, file_name)) {
            continue;
        }
        ls_bytes content;
        if (a->size > DOCUMENT_MAX) {
            return ls_refuse(detail, NULL, "the attachment %s is larger than %u bytes", file_name, DOCUMENT_MAX);
        }
        ls_result fetched = r->fetch.fetch(r->fetch.context, &a->hash, a->size, arena, &content);
        if (ls_failed(fetched)) {
            return fetch_failed(fetched, file_name, detail);
        }
        ls_hash hash;
        ls_sha256_hash(content, &hash);
        if (content.len != a->size || !ls_hash_equal(&hash, &a->hash)) {
            return ls_refuse(detail, NULL, "the attachment %s is not the one that was signed", file_name);
        }
        *out = content;
        return LS_SUCCESS;
    }
    return ls_refuse(detail, NULL, "an act of this kind needs an attachment named %s", file_name);
}

static ls_result read_canonical(ls_arena *arena, ls_bytes json, const char *what, ls_value **out, ls_detail *detail)
{
    ls_detail where = {0};
    if (ls_failed(ls_json_parse(arena, json, out, &where)) || !ls_json_is_canonical(*out, json)) {
        return ls_refuse(detail, NULL, "%s is not canonical JSON (RFC 8785)", what);
    }
    return LS_SUCCESS;
}

static ls_result refuse_diagnosed(const ls_diagnostics *d, const char *what, ls_detail *detail)
{
    for (size_t i = 0; i < d->count && i < LS_DIAGNOSTICS_MAX; i++) {
        if (!d->item[i].warning) {
            return ls_refuse(detail, d->item[i].hint, "%s: %s", what, d->item[i].text);
        }
    }
    return ls_refuse(detail, NULL, "%s does not read", what);
}

/* by lists exactly these parties, in this order. */
static bool names_are(const ls_names *names, const ls_charter *c, const size_t *parties, size_t count)
{
    for (size_t i = 0; i < count && i < names->count; i++) {
        if (!ls_bytes_equal(names->name[i], c->party[parties == NULL ? i : parties[i]].name)) {
            return false;
        }
    }
    return names->count == count;
}

/* charter */

static ls_result accept_charter(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    ls_bytes json;
    ls_value *v;
    LS_TRY(fetch_attachment(r, act, "charter.json", &e->arena, &json, detail));
    LS_TRY(read_canonical(&e->arena, json, "charter.json", &v, detail));
    ls_diagnostics *d = ls_arena_alloc(&e->arena, sizeof *d);
    e->charter = ls_arena_alloc(&e->arena, sizeof *e->charter);
    if (d == NULL || e->charter == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    d->arena = &e->arena;
    ls_charter_read(&e->arena, v, d, e->charter);
    if (d->errors > 0) {
        return refuse_diagnosed(d, "charter.json", detail);
    }
    if (e->charter->exercise != act->exercise) {
        return ls_refuse(detail, NULL, "the act and the charter disagree on whether this is an exercise");
    }
    if (!names_are(&act->by, e->charter, NULL, e->charter->party_count)) {
        return ls_refuse(detail, NULL, "a charter is an act of all its parties, in its order");
    }
    e->charter_json = json;
    return LS_SUCCESS;
}

static void apply_charter(ls_record *r, const ls_act *act, const effect *e)
{
    r->charter = e->charter;
    r->charter_json = e->charter_json;
    r->process = act->id;
}

/* accord */

static ls_result accept_accord(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    ls_bytes json, text;
    ls_value *v;
    LS_TRY(fetch_attachment(r, act, "roadmap.json", &e->arena, &json, detail));
    LS_TRY(fetch_attachment(r, act, "text.md", &e->arena, &text, detail));
    LS_TRY(read_canonical(&e->arena, json, "roadmap.json", &v, detail));
    ls_diagnostics *d = ls_arena_alloc(&e->arena, sizeof *d);
    ls_roadmap *roadmap = ls_arena_alloc(&e->arena, sizeof *roadmap);
    if (d == NULL || roadmap == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    d->arena = &e->arena;
    ls_roadmap_read(&e->arena, v, r->charter, text, d, roadmap);
    if (d->errors > 0) {
        return refuse_diagnosed(d, "roadmap.json", detail);
    }
    if (!names_are(&act->by, r->charter, roadmap->parties, roadmap->party_count)) {
        return ls_refuse(detail, NULL, "an accord is an act of the parties that its roadmap names, in its order");
    }
    e->accord = (ls_accord){.id = act->id, .index = r->size, .roadmap = roadmap, .text = text, .roadmap_json = json};
    return LS_SUCCESS;
}

static void apply_accord(ls_record *r, const ls_act *act, const effect *e)
{
    (void)act;
    r->accord[r->accord_count] = e->accord;
    r->entry[r->size - 1].accord = (int)r->accord_count++;
}

/* stamp */

static ls_result accept_stamp(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    ls_note note;
    ls_checkpoint c;
    ls_note_verdict verdict;
    if (ls_failed(ls_note_parse(act->text, &note)) || ls_failed(ls_checkpoint_parse(note.text, &c))) {
        return ls_refuse(detail, NULL, "a stamp's text is a signed checkpoint");
    }
    if (e->check == LS_CHECK_SIGNATURES && ls_failed(ls_note_verify(&note, &r->charter->ledger, 1, &verdict))) {
        return ls_refuse(detail, NULL, "the checkpoint in this stamp is not signed by the ledger");
    }
    if (!ls_bytes_equal(c.origin, r->charter->origin) || c.size > r->size || c.size < r->stamped ||
        !ls_hash_equal(&c.root, &r->root[c.size])) {
        return ls_refuse(detail, NULL, "the checkpoint in this stamp is not one of this ledger");
    }
    if (!act->has[LS_H_TIME]) {
        return ls_refuse(detail, NULL, "with quorum none, or in an exercise, a stamp states its time");
    }
    if (act->time < r->time) {
        return ls_refuse(detail, NULL, "a stamp's time is never before the previous stamp's");
    }
    e->stamp_size = c.size;
    return LS_SUCCESS;
}

/* The first fact of the entry with this index or of a later one: facts stand in ledger order. */
static size_t first_fact(const ls_accord *a, uint64_t index)
{
    size_t low = 0, high = a->fact_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (a->facts[middle].index < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Facts of acts that lapsed are taken out; the others get their ledger time. */
static void settle_facts(ls_record *r, ls_accord *a, uint64_t from, ls_time time)
{
    size_t kept = first_fact(a, from);
    for (size_t i = kept; i < a->fact_count; i++) {
        uint64_t index = a->facts[i].index;
        if (r->entry[index].time != LS_TIME_OPEN && r->entry[index].lapsed) {
            continue;
        }
        a->facts[kept] = a->facts[i];
        if (r->entry[index].time != LS_TIME_OPEN) {
            a->facts[kept].time = time;
        }
        kept++;
    }
    a->fact_count = kept;
}

static void apply_stamp(ls_record *r, const ls_act *act, const effect *e)
{
    uint64_t from = r->stamped;
    for (uint64_t i = from; i < e->stamp_size; i++) {
        ls_record_entry *entry = &r->entry[i];
        entry->time = act->time;
        entry->lapsed = act->time > entry->lapses;
        r->acts_unstamped -= !ls_bytes_is(entry->kind, "stamp");
    }
    for (size_t i = 0; i < r->accord_count; i++) {
        settle_facts(r, &r->accord[i], from, act->time);
    }
    r->stamped = e->stamp_size;
    r->time = act->time;
}

/* Acts under an accord. */

static bool signed_accord(const ls_roadmap *m, size_t party)
{
    for (size_t i = 0; i < m->party_count; i++) {
        if (m->parties[i] == party) {
            return true;
        }
    }
    return false;
}

static bool verifies(const ls_measure *m, size_t party)
{
    for (size_t i = 0; i < m->verifier_count; i++) {
        if (m->verifiers[i] == party) {
            return true;
        }
    }
    return false;
}

static const ls_measure *measure_of(const ls_record *r, const effect *e)
{
    return &r->accord[e->accord_index].roadmap->measures[e->measure_index];
}

static ls_result require_accord(const ls_record *r, const effect *e, ls_detail *detail)
{
    const ls_accord *a = &r->accord[e->accord_index];
    if (r->entry[a->index].lapsed) {
        return ls_refuse(detail, "propose it again", "the accord is without effect: it came too late");
    }
    return LS_SUCCESS;
}

/* ref, where it is given, names an act on the record about the same measure. */
static ls_result require_ref_to_measure(const ls_record *r, const ls_act *act, const effect *e, ls_detail *detail)
{
    if (!act->has[LS_H_REF]) {
        return LS_SUCCESS;
    }
    if (e->referred == UINT64_MAX) {
        return ls_refuse(detail, "lockstep log lists the acts", "ref names an act that is not on the record");
    }
    const ls_accord *a = &r->accord[e->accord_index];
    for (size_t i = first_fact(a, e->referred); i < a->fact_count && a->facts[i].index == e->referred; i++) {
        if (a->facts[i].measure == e->measure_index) {
            return LS_SUCCESS;
        }
    }
    return ls_refuse(detail, "lockstep log lists the acts", "the act that ref names is not about this measure");
}

static void add_fact(ls_record *r, const ls_act *act, const effect *e, ls_fact_kind kind, int measure)
{
    ls_accord *a = &r->accord[e->accord_index];
    a->facts[a->fact_count++] = (ls_fact){.kind = kind,
                                          .index = r->size - 1,
                                          .act = act->id,
                                          .ref = act->ref,
                                          .by = e->by,
                                          .measure = measure,
                                          .track = e->track_index,
                                          .time = LS_TIME_OPEN,
                                          .has_date = act->has[LS_H_DATE],
                                          .date = act->date};
}

static ls_result accept_perform(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    (void)act;
    LS_TRY(require_accord(r, e, detail));
    const ls_measure *m = measure_of(r, e);
    if (m->by != e->by) {
        const ls_party *p = &r->charter->party[m->by];
        return ls_refuse(detail, NULL, "it is %.*s who performs %.*s", (int)p->name.len, p->name.ptr, (int)m->id.len,
                         m->id.ptr);
    }
    if (m->declares.len > 0 || m->opens.len > 0) {
        return ls_refuse(detail, m->declares.len > 0 ? "use: lockstep declare" : "use: lockstep open",
                         "%.*s is performed by the %s itself", (int)m->id.len, m->id.ptr,
                         m->declares.len > 0 ? "declaration" : "opening");
    }
    return LS_SUCCESS;
}

static void apply_perform(ls_record *r, const ls_act *act, const effect *e)
{
    add_fact(r, act, e, LS_FACT_PERFORM, e->measure_index);
}

static ls_result accept_answer(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    LS_TRY(require_accord(r, e, detail));
    const ls_measure *m = measure_of(r, e);
    if (!verifies(m, e->by)) {
        return ls_refuse(detail, "lockstep status shows who verifies what", "%.*s does not verify %.*s",
                         (int)act->by.name[0].len, act->by.name[0].ptr, (int)m->id.len, m->id.ptr);
    }
    return require_ref_to_measure(r, act, e, detail);
}

/* Whether a performance of this measure stands on the record, that is, has not lapsed. */
static bool performed(const ls_accord *a, int measure)
{
    for (size_t i = 0; i < a->fact_count; i++) {
        if (a->facts[i].kind == LS_FACT_PERFORM && a->facts[i].measure == measure) {
            return true;
        }
    }
    return false;
}

static ls_result accept_confirm(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    LS_TRY(accept_answer(r, act, e, detail));
    if (performed(&r->accord[e->accord_index], e->measure_index)) {
        return LS_SUCCESS;
    }
    return ls_refuse(detail, "wait for the other side's: lockstep perform",
                     "nothing to confirm: %.*s was not performed", (int)act->raw[LS_H_MEASURE].len,
                     act->raw[LS_H_MEASURE].ptr);
}

static void apply_confirm(ls_record *r, const ls_act *act, const effect *e)
{
    add_fact(r, act, e, LS_FACT_CONFIRM, e->measure_index);
}

static void apply_object(ls_record *r, const ls_act *act, const effect *e)
{
    add_fact(r, act, e, LS_FACT_OBJECT, e->measure_index);
}

static void apply_missing(ls_record *r, const ls_act *act, const effect *e)
{
    add_fact(r, act, e, LS_FACT_MISSING, e->measure_index);
}

/* suspend and resume */

static ls_result accept_suspend(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    LS_TRY(require_accord(r, e, detail));
    const ls_roadmap *m = r->accord[e->accord_index].roadmap;
    if (!signed_accord(m, e->by)) {
        return ls_refuse(detail, NULL, "only a party to the accord suspends it");
    }
    if (!act->has[LS_H_TRACK]) {
        return LS_SUCCESS;
    }
    for (size_t i = 0; i < m->track_count; i++) {
        if (ls_bytes_equal(m->tracks[i].id, act->raw[LS_H_TRACK])) {
            e->track_index = (int)i;
            return LS_SUCCESS;
        }
    }
    return ls_refuse(detail, "leave it out to suspend every track", "the accord has no track %.*s",
                     (int)act->raw[LS_H_TRACK].len, act->raw[LS_H_TRACK].ptr);
}

static void apply_suspend(ls_record *r, const ls_act *act, const effect *e)
{
    add_fact(r, act, e, LS_FACT_SUSPEND, -1);
}

/* ref names a suspension of this accord by this party that has not been resumed. */
static ls_result accept_resume(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    LS_TRY(require_accord(r, e, detail));
    const ls_accord *a = &r->accord[e->accord_index];
    bool suspended = false;
    for (size_t i = 0; i < a->fact_count; i++) {
        const ls_fact *f = &a->facts[i];
        if (f->kind == LS_FACT_SUSPEND && ls_hash_equal(&f->act, &act->ref) && f->by == e->by) {
            suspended = true;
            e->track_index = f->track;
        } else if (f->kind == LS_FACT_RESUME && ls_hash_equal(&f->ref, &act->ref)) {
            suspended = false;
        }
    }
    return suspended ? LS_SUCCESS
                     : ls_refuse(detail, "lockstep log lists the acts",
                                 "ref does not name a suspension by %.*s that still lasts", (int)act->by.name[0].len,
                                 act->by.name[0].ptr);
}

static void apply_resume(ls_record *r, const ls_act *act, const effect *e)
{
    add_fact(r, act, e, LS_FACT_RESUME, -1);
}

/* withdraw: of one's own answer or performance, or of a joint act that has not come yet */

static const char *const withdrawable[] = {"perform", "confirm", "object", "missing"};

static ls_result accept_withdraw(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    (void)act;
    if (e->referred == UINT64_MAX) {
        return LS_SUCCESS;
    }
    const ls_record_entry *entry = &r->entry[e->referred];
    if (entry->by != e->by) {
        return ls_refuse(detail, entry->by == LS_NOBODY ? "a joint act on the record binds its parties" : NULL,
                         "a party withdraws only its own acts");
    }
    for (size_t i = 0; i < sizeof withdrawable / sizeof *withdrawable; i++) {
        if (ls_bytes_is(entry->kind, withdrawable[i])) {
            e->accord_index = entry->accord;
            e->measure_index = entry->measure;
            return LS_SUCCESS;
        }
    }
    return ls_refuse(detail, ls_bytes_is(entry->kind, "suspend") ? "use: lockstep resume" : NULL,
                     "%.*s can't be withdrawn", (int)entry->kind.len, entry->kind.ptr);
}

static void apply_withdraw(ls_record *r, const ls_act *act, const effect *e)
{
    if (e->referred != UINT64_MAX) {
        add_fact(r, act, e, LS_FACT_WITHDRAW, e->measure_index);
        return;
    }
    r->withdrawn[r->withdrawn_count++] = (withdrawal){act->ref, r->size - 1};
}

/* declare and open */

static ls_result schema_hash(const ls_declared *d, ls_hash *out)
{
    ls_buf json = {0};
    ls_schema s = {
        .field_count = d->field_count, .fields = d->fields, .tranche_count = d->tranche_count, .tranches = d->labels};
    ls_result r = ls_schema_format(&s, &json);
    if (ls_succeeded(r)) {
        ls_sha256_hash(ls_buf_bytes(&json), out);
    }
    ls_buf_free(&json);
    return r;
}

/* Within limits: rows of all tranches together. */
static ls_result check_rows_limit(const ls_record *r, const ls_declared *d, ls_detail *detail)
{
    uint64_t rows = 0;
    for (size_t k = 0; k < d->tranche_count; k++) {
        if (__builtin_add_overflow(rows, d->padded[k], &rows)) {
            rows = UINT64_MAX;
        }
    }
    return rows <= r->charter->rows_limit ? LS_SUCCESS
                                          : ls_refuse(detail, NULL, "more rows than the charter's limit of %llu",
                                                      (unsigned long long)r->charter->rows_limit);
}

static ls_result accept_declare(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    LS_TRY(require_accord(r, e, detail));
    const ls_declared *d = ls_roadmap_declaration(r->accord[e->accord_index].roadmap, act->raw[LS_H_DECLARATION]);
    if (d == NULL || d->by != e->by) {
        return ls_refuse(detail, "lockstep accord show lists the declarations",
                         "the accord has no declaration %.*s by %.*s", (int)act->raw[LS_H_DECLARATION].len,
                         act->raw[LS_H_DECLARATION].ptr, (int)act->by.name[0].len, act->by.name[0].ptr);
    }
    ls_hash schema;
    LS_TRY(schema_hash(d, &schema));
    if (!ls_hash_equal(&schema, &act->schema) || act->tranches != d->tranche_count || act->row_bytes != d->row_bytes) {
        return ls_refuse(detail, NULL, "fields, tranches or row-bytes are not those of the accord");
    }
    LS_TRY(check_rows_limit(r, d, detail));
    for (size_t i = 0; i < r->declaration_count; i++) {
        /* Another party's nonce is of no concern, or whoever sees one first could use it up. */
        if (r->declaration[i].by == e->by && memcmp(r->declaration[i].nonce, act->nonce.b, sizeof act->nonce.b) == 0) {
            return ls_refuse(detail, "declare again; each attempt takes a fresh nonce",
                             "a nonce is used once: every salt would repeat");
        }
    }
    return LS_SUCCESS;
}

/* A party's later declaration of the same name supplements the first; it performs nothing again. */
static void apply_declare(ls_record *r, const ls_act *act, const effect *e)
{
    const ls_roadmap *m = r->accord[e->accord_index].roadmap;
    const ls_declared *d = ls_roadmap_declaration(m, act->raw[LS_H_DECLARATION]);
    ls_record_declaration *x = &r->declaration[r->declaration_count++];
    *x = (ls_record_declaration){
        .act = act->id, .index = r->size - 1, .accord = e->accord_index, .by = e->by, .name = d->name};
    memcpy(x->nonce, act->nonce.b, sizeof x->nonce);
    if (act->attachment_count > 0) {
        x->manifest = act->attachment[0].hash;
    }
    ls_declaration_of_act(act, (uint32_t)d->field_count, &x->declared);
    for (size_t i = 0; i < m->measure_count; i++) {
        if (ls_bytes_equal(m->measures[i].declares, d->name) && !performed(&r->accord[e->accord_index], (int)i)) {
            add_fact(r, act, e, LS_FACT_PERFORM, (int)i);
            r->entry[r->size - 1].measure = (int)i;
        }
    }
}

static ls_result accept_open(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    LS_TRY(require_accord(r, e, detail));
    bool declared = false;
    for (size_t i = 0; i < r->declaration_count; i++) {
        const ls_record_declaration *d = &r->declaration[i];
        declared = declared || (d->accord == e->accord_index && d->by == e->by && d->index < act->head_size &&
                                !r->entry[d->index].lapsed && ls_bytes_equal(d->name, act->raw[LS_H_DECLARATION]));
    }
    if (!declared) {
        return ls_refuse(detail, "declare it first: lockstep declare",
                         "%.*s has not declared %.*s before this act's head", (int)act->by.name[0].len,
                         act->by.name[0].ptr, (int)act->raw[LS_H_DECLARATION].len, act->raw[LS_H_DECLARATION].ptr);
    }
    if (act->has[LS_H_TRANCHE] == act->has[LS_H_ROWS]) {
        return ls_refuse(detail, NULL, "an opening names a tranche, or how many rows it opens");
    }
    const ls_declared *d = ls_roadmap_declaration(r->accord[e->accord_index].roadmap, act->raw[LS_H_DECLARATION]);
    if (act->has[LS_H_TRANCHE] && act->tranche > d->tranche_count) {
        return ls_refuse(detail, NULL, "the declaration has %zu tranches", d->tranche_count);
    }
    return LS_SUCCESS;
}

/* A tranche's opening counts as performed; what its bytes say is said by confirm, object or missing. */
static void apply_open(ls_record *r, const ls_act *act, const effect *e)
{
    const ls_roadmap *m = r->accord[e->accord_index].roadmap;
    for (size_t i = 0; act->has[LS_H_TRANCHE] && i < m->measure_count; i++) {
        if (ls_bytes_equal(m->measures[i].opens, act->raw[LS_H_DECLARATION]) &&
            m->measures[i].opens_tranche == act->tranche) {
            add_fact(r, act, e, LS_FACT_PERFORM, (int)i);
            r->entry[r->size - 1].measure = (int)i;
        }
    }
}

/* The table. Headers of the shape (process, by, seq, …) and unless-acted and date are not repeated in it. */

#define ABOUT_MEASURE (BIT(LS_H_ACCORD) | BIT(LS_H_MEASURE))
#define DECLARE                                                                                                        \
    (BIT(LS_H_ACCORD) | BIT(LS_H_NONCE) | BIT(LS_H_DECLARATION) | BIT(LS_H_SCHEMA) | BIT(LS_H_TRANCHES) |              \
     BIT(LS_H_ROW_BYTES) | BIT(LS_H_ROOT) | ATTACHMENTS)
#define OPEN (BIT(LS_H_ACCORD) | BIT(LS_H_DECLARATION) | ATTACHMENTS)

static const act_rule rules[] = {
    {"charter", LS_SHAPE_JOINT, TEXT_OPTIONAL, ATTACHMENTS, 0, accept_charter, apply_charter},
    {"accord", LS_SHAPE_JOINT, TEXT_OPTIONAL, ATTACHMENTS, 0, accept_accord, apply_accord},
    {"stamp", LS_SHAPE_STAMP, TEXT_REQUIRED, 0, 0, accept_stamp, apply_stamp},
    {"declare", LS_SHAPE_CHAINED, TEXT_OPTIONAL, DECLARE, 0, accept_declare, apply_declare},
    {"open", LS_SHAPE_CHAINED, TEXT_OPTIONAL, OPEN, BIT(LS_H_TRANCHE) | BIT(LS_H_ROWS), accept_open, apply_open},
    {"perform", LS_SHAPE_CHAINED, TEXT_OPTIONAL, ABOUT_MEASURE, ATTACHMENTS, accept_perform, apply_perform},
    {"confirm", LS_SHAPE_CHAINED, TEXT_OPTIONAL, ABOUT_MEASURE, BIT(LS_H_REF) | ATTACHMENTS, accept_confirm,
     apply_confirm},
    {"object", LS_SHAPE_CHAINED, TEXT_REQUIRED, ABOUT_MEASURE, BIT(LS_H_REF) | ATTACHMENTS, accept_answer,
     apply_object},
    {"missing", LS_SHAPE_CHAINED, TEXT_OPTIONAL, ABOUT_MEASURE, BIT(LS_H_REF) | ATTACHMENTS, accept_answer,
     apply_missing},
    {"withdraw", LS_SHAPE_CHAINED, TEXT_OPTIONAL, BIT(LS_H_REF), 0, accept_withdraw, apply_withdraw},
    {"suspend", LS_SHAPE_CHAINED, TEXT_REQUIRED, BIT(LS_H_ACCORD), BIT(LS_H_TRACK) | ATTACHMENTS, accept_suspend,
     apply_suspend},
    {"resume", LS_SHAPE_CHAINED, TEXT_OPTIONAL, BIT(LS_H_ACCORD) | BIT(LS_H_REF), 0, accept_resume, apply_resume},
};

#define RULE_COUNT (sizeof rules / sizeof *rules)

const act_rule *ls_rule_of(ls_bytes kind)
{
    for (size_t i = 0; i < RULE_COUNT; i++) {
        if (ls_bytes_is(kind, rules[i].kind)) {
            return &rules[i];
        }
    }
    return NULL;
}

const char *const *ls_record_kinds(size_t *count)
{
    static const char *names[RULE_COUNT];
    for (size_t i = 0; i < RULE_COUNT; i++) {
        names[i] = rules[i].kind;
    }
    *count = RULE_COUNT;
    return names;
}
