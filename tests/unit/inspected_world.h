/* Sequences of acts about inspections, as chance has it: each is tried on a record and on the model of it. */
#ifndef LS_TESTS_INSPECTED_WORLD_H
#define LS_TESTS_INSPECTED_WORLD_H

#include "inspected_model.h"

/* A sequence: the record under test, what was accepted, and the model of it. */
typedef struct world {
    fixture f;
    model m;
    ls_bytes note[STEPS_MAX];
    uint64_t seed, random;
    size_t accepted[K_SAID], refused[K_SAID];
} world;

/* splitmix64 (S. Vigna), a number below n. */
static inline uint64_t below(world *w, uint64_t n)
{
    uint64_t z = w->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % n;
}

static inline bool one_in(world *w, uint64_t n)
{
    return below(w, n) == 0;
}

/* Entries. */

static inline void put(world *w, ls_bytes note)
{
    ls_detail detail = {0};
    if (ls_failed(ls_record_append(w->f.record, note, LS_CHECK_TRUSTED, &detail))) {
        fail_msg("refused: %s", detail.text);
    }
    w->note[ls_record_size(w->f.record) - 1] = note;
}

static inline void stamp(world *w, ls_time later)
{
    w->f.now += later;
    put(w, fixture_stamp_over(&w->f, fixture_checkpoint(&w->f), w->f.now));
    model_stamp(&w->m, w->f.now);
}

static inline void declare(world *w, ls_time expires)
{
    char text[LS_TIME_SIZE];
    step s = {.kind = K_DECLARE, .party = DPRK, .ref = -1, .version = in_force(&w->m), .expires = expires};
    ls_time_format(expires, text);
    w->f.accord = ls_record_at(w->f.record, (uint64_t)w->m.version[s.version].index).id;
    put(w, change(&w->f, fixture_declare(&w->f, fixture_inventory, NULL), LS_H_EXPIRES, text));
    model_apply(&w->m, &s);
}

/* Another version of the accord; one that does not stay open for long lapses, perhaps. */
static inline void amend_somehow(world *w, bool first)
{
    static const char usas[] =
        "{\"id\":\"baseline\",\"title\":\"Baseline\",\"paragraph\":\"p1\",\"of\":\"dprk\",\"by\":\"usa\","
        "\"declaration\":\"sites\"," DRAWS("swift-rounds", "1",
                                           "0") ",\"visits\":{\"notice\":\"24 hours\","
                                                "\"repeat\":\"2 hours\",\"lasts\":\"10 days\",\"report\":\"15 days\"}}";
    static const clauses all[VARIANTS] = {
        {MEASURES, RIGHTS, BASELINE "," SWIFT}, {MEASURES, RIGHTS, usas}, {MEASURES, RIGHTS, SWIFT}};
    fixture *f = &w->f;
    model *m = &w->m;
    char text[LS_TIME_SIZE];
    int variant = first ? ORIGINAL : (int)below(w, VARIANTS), before = in_force(m);
    const char *amends = first ? NULL : kept_id(f, (uint64_t)m->version[before].index);
    step s = {.kind = K_ACCORD, .ref = -1, .expires = f->now + (first || one_in(w, 2) ? DAY : 1)};
    ls_time_format(s.expires, text);
    put(w, change(f, accord_with(f, all[variant], amends), LS_H_OPEN_UNTIL, text));
    m->version[m->versions].amends = first ? -1 : before;
    m->version[m->versions].index = m->count;
    m->version[m->versions++].variant = variant;
    model_apply(m, &s);
}

/* Something to try. */

/* An entry that an act of this kind may be about, as likely as not; or any; or none. */
static inline int some_ref(world *w, kind k)
{
    static const uint32_t about[K_SAID] = {[K_DRAW] = 1 << K_DECLARE,
                                           [K_COMMIT] = 1 << K_DRAW,
                                           [K_REVEAL] = 1 << K_DRAW,
                                           [K_CHOOSE] = 1 << K_DRAW,
                                           [K_VISIT] = 1 << K_DRAW | 1 << K_VISIT | 1 << K_CHALLENGE,
                                           [K_ADMIT] = 1 << K_VISIT,
                                           [K_REFUSE] = 1 << K_VISIT,
                                           [K_POSTPONE] = 1 << K_VISIT,
                                           [K_ENTER] = 1 << K_VISIT,
                                           [K_LEAVE] = 1 << K_VISIT,
                                           [K_ANSWER] = 1 << K_CLARIFY,
                                           [K_CHALLENGE] = 1 << K_CLARIFY,
                                           [K_DENY] = 1 << K_CHALLENGE,
                                           [K_REPORT] = 1 << K_DRAW | 1 << K_VISIT | 1 << K_CHALLENGE,
                                           [K_OPEN] = 1 << K_DRAW | 1 << K_CHALLENGE,
                                           [K_CONTEST] = 1 << K_DECLARE | 1 << K_OPEN | 1 << K_NOTIFY,
                                           [K_WITHDRAW] = 1 << K_VISIT | 1 << K_REFUSE | 1 << K_POSTPONE |
                                                          1 << K_CLARIFY | 1 << K_CHALLENGE | 1 << K_PERFORM |
                                                          1 << K_CONTEST};
    const model *m = &w->m;
    bool optional = k == K_CHALLENGE || k == K_OPEN;
    if (about[k] == 0 || (optional && one_in(w, 3))) {
        return -1;
    }
    /* The latest ones are those to which something can still be said. */
    int back = m->count < 60 || one_in(w, 4) ? m->count : 60;
    for (int tries = 0; tries < 40; tries++) {
        int i = m->count - 1 - (int)below(w, (uint64_t)back);
        if ((about[k] >> m->entry[i].step.kind & 1) != 0) {
            return i;
        }
    }
    return one_in(w, 3) ? -2 : (int)below(w, (uint64_t)m->count);
}

/* A draw goes on only if both sides keep to one: the latest. */
static inline int latest_draw(const model *m)
{
    int i = m->count - 1;
    while (i > 0 && m->entry[i].step.kind != K_DRAW) {
        i--;
    }
    return i;
}

/* Whose it is, more often than not; else anybody's. */
static inline size_t some_party(world *w, const step *s)
{
    const rules *rule = rules_of(&w->m, s);
    static const bool by[K_SAID] = {
        [K_DRAW] = true, [K_CHOOSE] = true, [K_VISIT] = true, [K_CLARIFY] = true, [K_CHALLENGE] = true, [K_USE] = true};
    static const bool either[K_SAID] = {[K_COMMIT] = true, [K_REVEAL] = true, [K_ENTER] = true,
                                        [K_LEAVE] = true,  [K_REPORT] = true, [K_CONTEST] = true};
    if (one_in(w, 12)) {
        return below(w, 3);
    }
    if (s->kind == K_WITHDRAW && s->ref >= 0) {
        return w->m.entry[s->ref].step.party;
    }
    size_t inspects = rule != NULL && rule->there ? rule->by : ROK;
    return by[s->kind] || (either[s->kind] && one_in(w, 2)) ? inspects : DPRK;
}

static inline uint64_t some_number(world *w, uint64_t wanted, uint64_t most)
{
    return one_in(w, 8) ? 1 + below(w, most) : wanted;
}

static inline void some_amounts(world *w, step *s)
{
    s->tranche = s->kind == K_DRAW && one_in(w, 2) ? ABSENT : 1 + below(w, one_in(w, 8) ? 4 : 2);
    uint64_t rows = tranche_rows[s->tranche == ABSENT ? 0 : s->tranche > 2 ? 1 : s->tranche];
    s->population = some_number(w, rows, 9);
    s->rows = 1 + below(w, one_in(w, 8) ? 4 : 3);
    s->spare = below(w, one_in(w, 8) ? 4 : 3);
    s->row = below(w, one_in(w, 8) ? 6 : rows);
    s->radius = some_number(w, 1 + below(w, 50000), 60000);
    s->blank = ABSENT;
    if (s->kind == K_VISIT && one_in(w, 4)) {
        s->row = one_in(w, 4) ? s->row : ABSENT;
        s->tranche = one_in(w, 4) ? s->tranche : ABSENT;
    }
    if (s->kind == K_OPEN) {
        bool rows_only = !one_in(w, 4);
        s->rows = rows_only || one_in(w, 8) ? s->rows : ABSENT;
        s->tranche = rows_only && !one_in(w, 12) ? ABSENT : s->tranche;
        s->blank = one_in(w, 2) ? ABSENT : below(w, 3);
    }
    if (s->kind == K_CHOOSE) {
        s->positions = one_in(w, 8) ? below(w, 4) : s->rows;
        for (size_t i = 0; i < s->positions && i < 4; i++) {
            s->position[i] = one_in(w, 10) ? below(w, 9) : 2 * i;
        }
        s->positions = s->positions == 0 ? 1 : s->positions;
    }
}

static inline step some_step(world *w)
{
    step s = {.kind = (kind)below(w, K_SAID)};
    s.version = one_in(w, 20) ? (int)below(w, (uint64_t)w->m.versions) : in_force(&w->m);
    s.ref = some_ref(w, s.kind);
    if (one_in(w, 6)) {
        s.kind = one_in(w, 2) ? K_COMMIT : K_REVEAL;
        s.ref = latest_draw(&w->m);
    }
    s.inspection = one_in(w, 30) ? UNKNOWN_NAMED : (unsigned)below(w, 2);
    if (s.ref >= 0 && w->m.entry[s.ref].rule != NULL && !one_in(w, 10)) {
        s.inspection = w->m.entry[s.ref].inspection;
    }
    some_amounts(w, &s);
    s.party = some_party(w, &s);
    s.finding = one_in(w, 20) ? 3 : (unsigned)below(w, 3);
    s.by_measure = s.kind == K_REPORT && one_in(w, 2);
    s.measure = one_in(w, 2) ? 0 : (unsigned)below(w, 6);
    s.place = one_in(w, 8) ? (unsigned)below(w, 4) : 0;
    s.right = (unsigned)below(w, 5);
    s.word = (unsigned)below(w, one_in(w, 8) ? 3 : 2);
    s.nonce = one_in(w, 6) ? 1 : 0;
    s.limits = one_in(w, 2) ? 0 : (unsigned)below(w, one_in(w, 8) ? 8 : 4);
    s.expires = w->f.now + (one_in(w, 8) ? 1 : 7 * DAY);
    return s;
}

/* As a note. */

static inline void set_count(ls_act_draft *d, ls_header h, uint64_t n)
{
    if (n != ABSENT) {
        ls_act_draft_set(d, h, "%llu", (unsigned long long)n);
    }
}

static inline void set_names(ls_act_draft *d, const step *s)
{
    static const char *const limits[] = {"shrouding", "no-photographs", "blindfolds"};
    if (s->kind == K_DRAW || s->kind == K_VISIT || s->kind == K_CLARIFY || s->kind == K_CHALLENGE) {
        ls_act_draft_set(d, LS_H_INSPECTION, "%s", inspection_names[s->inspection]);
    }
    if (s->kind == K_CLARIFY || s->kind == K_CHALLENGE) {
        ls_act_draft_set(d, LS_H_PLACE, "%s", places[s->place].text);
        set_count(d, LS_H_RADIUS, s->radius);
    }
    if (s->kind == K_REPORT) {
        ls_act_draft_set(d, LS_H_FINDING, "%s", findings[s->finding]);
    }
    if (s->by_measure || s->kind == K_PERFORM) {
        ls_act_draft_set(d, LS_H_MEASURE, "%s", s->by_measure ? measures[s->measure].id : "show");
    }
    if (s->kind == K_USE) {
        ls_act_draft_set(d, LS_H_RIGHT, "%s", right_names[s->right]);
    }
    if (s->kind == K_ADMIT && s->limits != 0) {
        char text[64] = "";
        for (size_t i = 0; i < 3; i++) {
            strcat(text, (s->limits >> i & 1) == 0 ? "" : text[0] == 0 ? limits[i] : " ");
            strcat(text, (s->limits >> i & 1) != 0 && text[strlen(text) - 1] == ' ' ? limits[i] : "");
        }
        ls_act_draft_set(d, LS_H_LIMITS, "%s", text);
    }
}

static inline void set_numbers(ls_act_draft *d, const step *s)
{
    bool counts = s->kind == K_DRAW || s->kind == K_OPEN || s->kind == K_CHOOSE;
    set_count(d, LS_H_ROWS, counts ? s->rows : ABSENT);
    set_count(d, LS_H_TRANCHE, s->kind == K_DRAW || s->kind == K_VISIT || s->kind == K_OPEN ? s->tranche : ABSENT);
    set_count(d, LS_H_ROW, s->kind == K_VISIT ? s->row : ABSENT);
    set_count(d, LS_H_POPULATION, s->kind == K_DRAW ? s->population : ABSENT);
    set_count(d, LS_H_SPARE, s->kind == K_DRAW ? s->spare : ABSENT);
    set_count(d, LS_H_BLANK, s->kind == K_OPEN ? s->blank : ABSENT);
}

static inline void set_files(world *w, ls_act_draft *d, const step *s)
{
    if (s->kind == K_OPEN || s->kind == K_NOTIFY) {
        const ls_attachment a = fixture_attach(&w->f, "file", "application/octet-stream", ls_bytes_str("a file"));
        ls_act_draft_attach(d, &a);
        ls_act_draft_set(d, LS_H_DECLARATION, "sites");
    }
    if (s->kind == K_NOTIFY) {
        ls_act_draft_set(d, LS_H_CHANGE, "%s", words_of_change[s->word]);
    }
    if (s->kind == K_POSTPONE) {
        ls_act_draft_set(d, LS_H_UNTIL, "2018-12-01T00:00:00Z");
    }
    for (size_t i = 0; i < s->positions; i++) {
        ls_buf_format(&d->text, "%llu\n", (unsigned long long)s->position[i]);
    }
    ls_buf_put_str(&d->text, s->positions > 0 ? "" : "So it was said.\n");
}

static inline void set_nonce(world *w, ls_act_draft *d, const step *s)
{
    ls_hash nonce = nonce_of(s->party, s->nonce);
    if (s->kind == K_REVEAL) {
        ls_act_draft_set(d, LS_H_NONCE, "%s", hex(&nonce));
    }
    if (s->kind == K_COMMIT) {
        uint64_t draw = s->ref < 0 ? 0 : (uint64_t)s->ref;
        ls_hash c = commitment_to(&w->f, draw, name_of(s->party), nonce);
        ls_act_draft_set(d, LS_H_COMMITMENT, "%s", hex(&c));
    }
}

/* Signatures are trusted here, so that any will do. */
static inline ls_bytes unsigned_note(world *w, ls_act_draft *d, size_t party)
{
    static const uint8_t signature[4 + LS_SIGNATURE_SIZE];
    ls_buf note = {0};
    ls_detail detail = {0};
    if (ls_failed(ls_act_draft_finish(d, &note, &detail))) {
        fail_msg("%s", detail.text);
    }
    ls_act_draft_free(d);
    ls_buf_format(&note, "\n\xe2\x80\x94 %s.example/%s-1 ", name_of(party), name_of(party));
    ls_buf_put_base64(&note, ls_bytes_of(signature, sizeof signature));
    ls_buf_put_u8(&note, '\n');
    ls_bytes kept = fixture_keep(&w->f, ls_buf_bytes(&note));
    ls_buf_free(&note);
    return kept;
}

static inline ls_bytes note_of(world *w, const step *s)
{
    ls_act_draft d;
    char text[LS_TIME_SIZE];
    fixture *f = &w->f;
    fixture_draft(f, s->party, kind_names[s->kind], &d);
    ls_time_format(s->expires, text);
    ls_act_draft_set(&d, LS_H_EXPIRES, "%s", text);
    if (s->kind != K_WITHDRAW) {
        ls_act_draft_set(&d, LS_H_ACCORD, "%s", entry_id(f, (uint64_t)w->m.version[s->version].index));
    }
    if (s->ref != -1) {
        ls_act_draft_set(&d, LS_H_REF, "%s", s->ref < 0 ? ONES : entry_id(f, (uint64_t)s->ref));
    }
    set_names(&d, s);
    set_numbers(&d, s);
    set_nonce(w, &d, s);
    set_files(w, &d, s);
    return unsigned_note(w, &d, s->party);
}

/* What a refusal must leave as it is, in few numbers; and now and then all that can be seen. */
typedef struct shape {
    uint64_t size, seq[3];
    size_t words, facts;
    ls_hash root;
} shape;

static inline shape shape_of(const world *w)
{
    const ls_record *r = w->f.record;
    shape s = {.size = ls_record_size(r)};
    ls_hash prev;
    size_t version = ls_record_accord_count(r) - 1;
    s.words = ls_record_inspecteds(r, version).count;
    s.facts = ls_record_facts(r, (size_t)ls_record_accord_in_force(r, 0)).count;
    ls_record_root(r, s.size, &s.root);
    for (size_t p = 0; p < 3; p++) {
        ls_record_next(r, p, &s.seq[p], &prev);
    }
    return s;
}

static inline void describe(const world *w, const step *s, const char *what, const ls_detail *detail)
{
    kind about = s->ref < 0 ? K_SAID : w->m.entry[s->ref].step.kind;
    fail_msg("sequence %llu: %s by %s about entry %d (kind %d) at %d was %s; %s", (unsigned long long)w->seed,
             kind_names[s->kind], name_of(s->party), s->ref, (int)about, w->m.count, what, detail->text);
}

static inline void try_refused(world *w, ls_bytes note, const step *s)
{
    ls_detail detail = {0};
    shape before = shape_of(w);
    bool all = one_in(w, 16);
    ls_buf seen = all ? snapshot(w->f.record) : (ls_buf){0};
    ls_result r = ls_record_append(w->f.record, note, LS_CHECK_TRUSTED, &detail);
    if (r.fault != &ls_fault_refused) {
        describe(w, s, "not refused", &detail);
    }
    shape after = shape_of(w);
    assert_memory_equal(&before, &after, sizeof before);
    if (all) {
        ls_buf now = snapshot(w->f.record);
        same(&seen, &now);
    }
    w->refused[s->kind]++;
}

static inline void try_accepted(world *w, ls_bytes note, const step *s)
{
    ls_detail detail = {0};
    shape before = shape_of(w);
    ls_act act = parsed(note);
    if (ls_failed(ls_record_accept(w->f.record, &act, LS_CHECK_TRUSTED, &detail))) {
        describe(w, s, "refused", &detail);
    }
    put(w, note);
    shape after = shape_of(w);
    assert_int_equal(after.size, before.size + 1);
    assert_int_equal(after.words, before.words + words_added(&w->m, s));
    assert_int_equal(after.facts, before.facts + facts_added(&w->m, s));
    model_apply(&w->m, s);
    w->accepted[s->kind]++;
}

static inline void take_step(world *w)
{
    if (one_in(w, 7)) {
        stamp(w, (ls_time)below(w, 3));
    } else if (one_in(w, 60) && w->m.versions < 12) {
        amend_somehow(w, false);
    } else if (one_in(w, 60) && w->f.declaration_count < 6) {
        declare(w, w->f.now + (one_in(w, 2) ? 1 : DAY));
    } else {
        step s = some_step(w);
        ls_bytes note = note_of(w, &s);
        (model_accepts(&w->m, &s) ? try_accepted : try_refused)(w, note, &s);
    }
}

static inline void begin(world *w, uint64_t seed)
{
    w->seed = w->random = seed;
    fixture_open(&w->f, NULL);
    put(w, fixture_charter(&w->f));
    w->m.entry[w->m.count++] = (said_entry){.step = {.kind = K_CHARTER, .ref = -1, .expires = INT64_MAX}};
    amend_somehow(w, true);
    stamp(w, 0);
    declare(w, w->f.now + DAY);
    stamp(w, 0);
}

#endif
