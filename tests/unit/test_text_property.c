/*
 * What holds for every text, whatever its parties write offline and in whatever order that reaches the ledger.
 *
 * Parties write on what they have seen, and send when they like. Then: everyone with the ledger has the same text;
 * where nothing was locked, it does not depend on whose acts came first; nothing that was proposed is lost. A model
 * that knows texts only by their definition says the same. Deterministic; LOCKSTEP_SEED begins with another seed,
 * LOCKSTEP_SEQUENCES sets how many texts are played.
 */
#include "sequences.h"
#include "texts.h"

#define ACTS 60
#define PARAGRAPHS 400

typedef struct play {
    uint64_t random;
    texts t;                           /* the ledger: acts as they came */
    size_t seen[ACTS];                 /* of each act: how many of the ledger's its author had seen */
    size_t known[LS_TEXT_PARTIES_MAX]; /* of each party: how many it has seen */
    size_t pending_count[LS_TEXT_PARTIES_MAX];
    ls_text_act pending[LS_TEXT_PARTIES_MAX][ACTS];
    size_t pending_seen[LS_TEXT_PARTIES_MAX][ACTS];
    size_t acts, authors; /* who writes: a last party may say nothing, so that nothing is locked */
    unsigned long inserted, agreed, reopened, concluded;
} play;

static uint64_t next_number(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static size_t below(play *p, size_t n)
{
    return (size_t)(next_number(&p->random) % n);
}

static bool one_in(play *p, size_t n)
{
    return below(p, n) == 0;
}

/* What a party sees: what it has of the ledger, and its own acts that still wait. */
static size_t view_of(play *p, size_t party, ls_text_act *out)
{
    size_t count = p->known[party];
    memcpy(out, p->t.act, count * sizeof *out);
    memcpy(out + count, p->pending[party], p->pending_count[party] * sizeof *out);
    return count + p->pending_count[party];
}

static ls_bytes some_words(play *p, ls_text_kind kind)
{
    static const char *const words[] = {"Within", "30", "60", "days", "the", "Parties", "shall"};
    static const char *const pieces[] = {"due: 30 days", "due: 60 days", "due: 90 days"};
    if (kind == LS_TEXT_ROADMAP) {
        return str(pieces[below(p, 3)]);
    }
    const char *made = words[below(p, 7)];
    for (size_t n = below(p, 5); n > 0; n--) {
        made = ls_arena_format(&p->t.arena, "%s %s", made, words[below(p, 7)]);
    }
    return str(made);
}

static ls_text_op some_change(play *p, const ls_text_state *s)
{
    static const ls_text_op_kind kinds[] = {LS_OP_PROPOSE, LS_OP_PROPOSE, LS_OP_PROPOSE, LS_OP_DELETE,
                                            LS_OP_NOTE,    LS_OP_RETRACT, LS_OP_REOPEN};
    const ls_text_paragraph *about = &s->paragraph[below(p, s->paragraph_count)];
    ls_text_op op = {.kind = kinds[below(p, 7)], .paragraph = about->id};
    if (about->kind == LS_TEXT_PROSE) {
        op.language = p->t.language[below(p, p->t.opening.language_count)];
    }
    if (op.kind == LS_OP_PROPOSE) {
        op.text = some_words(p, about->kind);
    } else if (op.kind == LS_OP_NOTE) {
        op.text = one_in(p, 3) ? (ls_bytes){0} : some_words(p, LS_TEXT_PROSE);
    }
    if ((op.kind == LS_OP_PROPOSE || op.kind == LS_OP_DELETE) && one_in(p, 4)) {
        op.note = some_words(p, LS_TEXT_PROSE);
    }
    op.ad_referendum = (op.kind == LS_OP_PROPOSE || op.kind == LS_OP_DELETE) && one_in(p, 6);
    return op;
}

/* Where the program would put it, or anywhere. */
static ls_text_op some_insert(play *p, const ls_text_state *s)
{
    ls_text_op op = {.kind = LS_OP_INSERT};
    size_t left = below(p, s->paragraph_count + 1);
    left = left == s->paragraph_count ? LS_TEXT_NOWHERE : left;
    if (one_in(p, 4) && left != LS_TEXT_NOWHERE) {
        op.paragraph = s->paragraph[left].id;
        op.before = one_in(p, 2);
    } else if (s->paragraph_count == 0) {
        op.at_start = true;
    } else {
        ls_text_place(s, left, &op);
    }
    op.insert = one_in(p, 4) ? LS_TEXT_ROADMAP : LS_TEXT_PROSE;
    return op;
}

static void write_edit(play *p, const ls_text_state *s, ls_text_act *a)
{
    ls_text_edit *edit = ls_arena_alloc(&p->t.arena, sizeof *edit);
    edit->op = ls_arena_array(&p->t.arena, 8, sizeof *edit->op);
    for (size_t n = 1 + below(p, 3), inserted = 0; edit->count < n;) {
        if (s->paragraph_count == 0 || one_in(p, 4)) {
            ls_text_op op = some_insert(p, s);
            edit->op[edit->count++] = op;
            ls_text_op words = {.kind = LS_OP_PROPOSE, .paragraph = {.number = (uint32_t)++inserted}};
            words.language = op.insert == LS_TEXT_PROSE ? p->t.language[0] : (ls_bytes){0};
            words.text = some_words(p, op.insert);
            edit->op[edit->count++] = words;
        } else {
            edit->op[edit->count++] = some_change(p, s);
        }
    }
    a->kind = LS_TEXT_EDIT;
    a->edit = edit;
}

static bool write_agree(play *p, const ls_text_state *s, ls_text_act *a)
{
    const ls_text_paragraph *about = &s->paragraph[below(p, s->paragraph_count)];
    size_t cell = below(p, about->cell_count);
    const ls_text_cell *c = &about->cell[cell];
    if (c->variant_count == 0) {
        return false;
    }
    ls_text_agree *agree = ls_arena_alloc(&p->t.arena, sizeof *agree);
    agree->count = 1;
    agree->item = ls_arena_alloc(&p->t.arena, sizeof *agree->item);
    *agree->item = (ls_text_acceptance){about->id, ls_text_cell_language(&p->t.opening, about, cell), one_in(p, 8),
                                        c->variant[below(p, c->variant_count)].hash};
    a->kind = LS_TEXT_AGREE;
    a->agree = agree;
    a->ad_referendum = one_in(p, 6);
    return true;
}

static void write_objection(play *p, const ls_text_state *s, ls_text_act *a)
{
    if (s->objection_count > 0 && one_in(p, 2)) {
        a->kind = LS_TEXT_WITHDRAW;
        a->ref = s->act[s->objection[below(p, s->objection_count)].act].id;
        return;
    }
    a->kind = LS_TEXT_DIVERGE;
    a->paragraph = str(s->paragraph[below(p, s->paragraph_count)].name);
    a->language[0] = p->t.language[0];
    a->language[1] = p->t.language[1];
}

static void write_act(play *p, size_t party)
{
    static ls_text_act acts[2 * ACTS];
    ls_text_state s;
    size_t count = view_of(p, party, acts), mine = p->pending_count[party]++;
    ls_text_act *a = &p->pending[party][mine];
    assert_success(ls_text_eval(&p->t.arena, &p->t.opening, count, acts, &s));
    *a = (ls_text_act){.party = p->t.party[party], .seq = ++p->t.seq[party]};
    a->id.b[0] = (uint8_t)(party + 1);
    a->id.b[1] = (uint8_t)a->seq;
    p->pending_seen[party][mine] = p->known[party];
    if (s.paragraph_count > 0 && one_in(p, 10)) {
        write_objection(p, &s, a);
    } else if (s.paragraph_count == 0 || !one_in(p, 2) || !write_agree(p, &s, a)) {
        write_edit(p, &s, a);
    }
}

static void send(play *p, size_t party)
{
    for (size_t i = 0; i < p->pending_count[party]; i++) {
        p->seen[p->t.count] = p->pending_seen[party][i];
        p->t.act[p->t.count++] = p->pending[party][i];
    }
    p->pending_count[party] = 0;
    p->known[party] = p->t.count;
}

static void play_text(play *p, uint64_t seed, bool whole, bool silent)
{
    static const char *const parties[] = {"usa dprk", "usa dprk rok", "usa-1 dprk rok jpn"};
    *p = (play){.random = seed};
    size_t which = below(p, 3);
    texts_open(&p->t, parties[which], "en ko", whole);
    p->authors = p->t.opening.party_count - (silent ? 1 : 0);
    for (p->acts = 0; p->acts < ACTS;) {
        size_t party = below(p, p->authors);
        if (one_in(p, 3)) {
            send(p, party);
        } else if (one_in(p, 4)) {
            p->known[party] = p->t.count;
            send(p, party); /* what waits comes after what was fetched, in its author's eyes, too */
        } else {
            write_act(p, party);
            p->acts++;
        }
    }
    for (size_t i = 0; i < p->authors; i++) {
        send(p, i);
    }
    assert_int_equal(p->t.count, ACTS);
}

/* The model: lists, and what the documents say of them. */

typedef struct held {
    char stance; /* 0, 'v' or 'd' */
    ls_bytes words, note;
    bool ad_referendum;
} held;

typedef struct model_cell {
    bool locked;
    held position[LS_TEXT_PARTIES_MAX], reopening[LS_TEXT_PARTIES_MAX];
    size_t said;
    ls_bytes all[ACTS * 4];
} model_cell;

typedef struct model_paragraph {
    size_t party, anchor;
    uint64_t seq;
    uint32_t number;
    bool before;
    ls_text_kind kind;
    model_cell cell[2];
} model_paragraph;

typedef struct model {
    const ls_text_opening *o;
    size_t count, order_count;
    model_paragraph paragraph[PARAGRAPHS];
    size_t order[PARAGRAPHS];
} model;

static size_t model_find(const model *m, const ls_text_id *id, const ls_text_act *a)
{
    ls_bytes party = id->party.len == 0 ? a->party : id->party;
    uint64_t seq = id->party.len == 0 ? a->seq : id->seq;
    for (size_t i = 0; i < m->count; i++) {
        const model_paragraph *p = &m->paragraph[i];
        if (ls_bytes_equal(m->o->party[p->party], party) && p->seq == seq && p->number == id->number) {
            return i;
        }
    }
    return LS_TEXT_NOWHERE;
}

static bool same_held(const held *a, const held *b)
{
    return a->stance == b->stance && (a->stance != 'v' || ls_bytes_equal(a->words, b->words));
}

static bool unanimous(const held *h, size_t parties)
{
    for (size_t i = 0; i < parties; i++) {
        if (h[i].stance == 0 || h[i].ad_referendum || !same_held(&h[0], &h[i])) {
            return false;
        }
    }
    return true;
}

static bool all_reopen(const held *h, size_t parties)
{
    for (size_t i = 0; i < parties; i++) {
        if (h[i].stance == 0 || h[i].ad_referendum) {
            return false;
        }
    }
    return true;
}

static void model_take(model *m, model_cell *c, size_t party, const held *h)
{
    size_t n = m->o->party_count;
    if (!c->locked) {
        c->position[party] = *h;
    } else {
        c->reopening[party] = same_held(h, &c->position[party]) ? (held){0} : *h;
    }
    if (c->locked && all_reopen(c->reopening, n)) {
        memcpy(c->position, c->reopening, sizeof c->position);
        memset(c->reopening, 0, sizeof c->reopening);
        c->locked = false;
    }
    c->locked = c->locked || (!m->o->whole && unanimous(c->position, n));
}

static void model_reopen(model *m, model_cell *c, size_t party)
{
    held same = c->position[party];
    if (!c->locked) {
        return;
    }
    c->reopening[party] = same;
    if (all_reopen(c->reopening, m->o->party_count)) {
        memcpy(c->position, c->reopening, sizeof c->position);
        memset(c->reopening, 0, sizeof c->reopening);
        c->locked = !m->o->whole && unanimous(c->position, m->o->party_count);
    }
}

static void model_op(model *m, const ls_text_act *a, const ls_text_op *op, size_t party)
{
    size_t i = model_find(m, &op->paragraph, a);
    if (i == LS_TEXT_NOWHERE || (m->paragraph[i].kind == LS_TEXT_ROADMAP) != (op->language.len == 0)) {
        return;
    }
    model_cell *c = &m->paragraph[i].cell[op->language.len == 0 ? 0 : ls_text_language(m->o, op->language)];
    held h = {op->kind == LS_OP_PROPOSE ? 'v' : op->kind == LS_OP_DELETE ? 'd' : 0, {0}, op->note, op->ad_referendum};
    if (op->kind == LS_OP_PROPOSE) {
        h.words = c->all[c->said++] = op->text;
    }
    if (op->kind == LS_OP_NOTE) {
        (c->reopening[party].stance != 0 ? c->reopening : c->position)[party].note = op->text;
    } else if (op->kind == LS_OP_REOPEN) {
        model_reopen(m, c, party);
    } else {
        model_take(m, c, party, &h);
    }
}

static void model_agree(model *m, const ls_text_act *a, size_t party)
{
    const ls_text_acceptance *x = a->agree->item;
    size_t i = model_find(m, &x->paragraph, a);
    if (i == LS_TEXT_NOWHERE) {
        return;
    }
    model_cell *c = &m->paragraph[i].cell[x->language.len == 0 ? 0 : ls_text_language(m->o, x->language)];
    held h = {x->deletion ? 'd' : 'v', {0}, {0}, a->ad_referendum};
    for (size_t k = 0; k < c->said && !x->deletion; k++) {
        ls_hash hash;
        ls_sha256_hash(c->all[k], &hash);
        h.words = ls_hash_equal(&hash, &x->content) ? c->all[k] : h.words;
    }
    if (x->deletion || h.words.len > 0) {
        model_take(m, c, party, &h);
    }
}

static void model_edit(model *m, const ls_text_act *a, size_t party)
{
    uint32_t inserted = 0;
    for (size_t i = 0; i < a->edit->count; i++) {
        const ls_text_op *op = &a->edit->op[i];
        if (op->kind != LS_OP_INSERT) {
            model_op(m, a, op, party);
            continue;
        }
        size_t anchor = op->at_start ? LS_TEXT_NOWHERE : model_find(m, &op->paragraph, a);
        inserted++;
        if (op->at_start || anchor != LS_TEXT_NOWHERE) {
            m->paragraph[m->count++] =
                (model_paragraph){party, anchor, a->seq, inserted, op->before, op->insert, {{0}}};
        }
    }
}

static bool comes_first(const model_paragraph *a, const model_paragraph *b)
{
    return a->party != b->party ? a->party < b->party : a->seq != b->seq ? a->seq < b->seq : a->number < b->number;
}

static void model_walk(model *m, size_t at);

static void model_children(model *m, size_t at, bool before)
{
    bool done[PARAGRAPHS] = {false};
    for (;;) {
        size_t best = LS_TEXT_NOWHERE;
        for (size_t i = 0; i < m->count; i++) {
            const model_paragraph *p = &m->paragraph[i];
            if (!done[i] && p->anchor == at && p->before == before &&
                (best == LS_TEXT_NOWHERE || comes_first(p, &m->paragraph[best]))) {
                best = i;
            }
        }
        if (best == LS_TEXT_NOWHERE) {
            return;
        }
        done[best] = true;
        model_walk(m, best);
    }
}

static void model_walk(model *m, size_t at)
{
    model_children(m, at, true);
    if (at != LS_TEXT_NOWHERE) {
        m->order[m->order_count++] = at;
    }
    model_children(m, at, false);
}

static void model_play(model *m, const ls_text_opening *o, size_t count, const ls_text_act *acts)
{
    *m = (model){.o = o};
    for (size_t i = 0; i < count; i++) {
        size_t party = ls_text_party(o, acts[i].party);
        if (acts[i].kind == LS_TEXT_EDIT) {
            model_edit(m, &acts[i], party);
        } else if (acts[i].kind == LS_TEXT_AGREE) {
            model_agree(m, &acts[i], party);
        }
    }
    model_walk(m, LS_TEXT_NOWHERE);
}

static void assert_held(const held *h, const ls_text_cell *c, const ls_text_position *p)
{
    static const char stances[] = {0, 'v', 'd'};
    assert_int_equal(h->stance, stances[p->stance]);
    assert_int_equal(h->ad_referendum, p->ad_referendum);
    assert_bytes(ls_text_words(c, p), h->words);
    assert_bytes(p->note, h->note);
}

static void assert_cell(const model_cell *m, const ls_text_cell *c, size_t parties)
{
    assert_int_equal(m->locked, c->locked);
    for (size_t i = 0; c->position != NULL && i < parties; i++) {
        assert_held(&m->position[i], c, &c->position[i]);
        assert_held(&m->reopening[i], c, &c->reopening[i]);
    }
    for (size_t i = 0; i < m->said; i++) { /* nothing is lost */
        ls_hash hash;
        ls_sha256_hash(m->all[i], &hash);
        bool found = false;
        for (size_t k = 0; k < c->variant_count; k++) {
            found = found || ls_hash_equal(&hash, &c->variant[k].hash);
        }
        assert_true(found);
    }
}

static void assert_model(const model *m, const ls_text_state *s)
{
    assert_int_equal(m->count, s->paragraph_count);
    for (size_t i = 0; i < m->count; i++) {
        const model_paragraph *mp = &m->paragraph[m->order[i]];
        const ls_text_paragraph *p = &s->paragraph[s->order[i]];
        assert_int_equal(mp->party, p->party);
        assert_int_equal(mp->seq, p->id.seq);
        assert_int_equal(mp->number, p->id.number);
        assert_int_equal(mp->kind, p->kind);
        for (size_t k = 0; k < p->cell_count; k++) {
            assert_cell(&mp->cell[k], &p->cell[k], s->opening->party_count);
        }
    }
}

/* The properties. */

static void dump(ls_arena *arena, const ls_text_opening *o, size_t count, const ls_text_act *acts, ls_buf *out)
{
    ls_text_state s;
    assert_success(ls_text_eval(arena, o, count, acts, &s));
    put_state(&s, out);
}

/* The same acts read from their files by somebody else, who evaluates at every step. */
static void assert_same_from_files(play *p, const ls_buf *expected)
{
    ls_arena arena = {0};
    ls_text_act *acts = ls_arena_array(&arena, p->t.count, sizeof *acts);
    ls_buf got = {0};
    for (size_t i = 0; i < p->t.count; i++) {
        ls_buf file = {0};
        acts[i] = p->t.act[i];
        if (acts[i].kind == LS_TEXT_EDIT) {
            ls_text_edit *edit = ls_arena_alloc(&arena, sizeof *edit);
            assert_success(ls_text_edit_format(acts[i].edit, &file));
            assert_success(ls_text_edit_parse(&arena, ls_buf_bytes(&file), edit, NULL));
            acts[i].edit = edit;
        } else if (acts[i].kind == LS_TEXT_AGREE) {
            ls_text_agree *agree = ls_arena_alloc(&arena, sizeof *agree);
            assert_success(ls_text_agree_format(acts[i].agree, &file));
            assert_success(ls_text_agree_parse(&arena, ls_buf_bytes(&file), agree, NULL));
            acts[i].agree = agree;
        }
        ls_buf_free(&file);
        ls_buf_free(&got);
        dump(&arena, &p->t.opening, i + 1, acts, &got);
    }
    assert_bytes(ls_buf_bytes(&got), ls_buf_bytes(expected));
    ls_buf_free(&got);
    ls_arena_free(&arena);
}

/* Another order in which the same acts could have arrived: each after all that its author had seen. */
static void shuffle_acts(play *p, ls_text_act *out)
{
    bool placed[ACTS] = {false};
    for (size_t n = 0; n < p->t.count;) {
        size_t i = below(p, p->t.count);
        bool ready = !placed[i];
        for (size_t k = 0; k < i && ready; k++) {
            bool needed = k < p->seen[i] || ls_bytes_equal(p->t.act[k].party, p->t.act[i].party);
            ready = placed[k] || !needed;
        }
        if (ready) {
            placed[i] = true;
            out[n++] = p->t.act[i];
        }
    }
}

static void assert_order_does_not_matter(play *p, const ls_buf *expected)
{
    ls_text_act acts[ACTS];
    for (size_t n = 0; n < 4; n++) {
        ls_buf got = {0};
        shuffle_acts(p, acts);
        dump(&p->t.arena, &p->t.opening, p->t.count, acts, &got);
        if (!ls_bytes_equal(ls_buf_bytes(&got), ls_buf_bytes(expected))) {
            fail_msg("in one order:\n%.*s\nin another:\n%.*s", (int)expected->len, (const char *)expected->ptr,
                     (int)got.len, (const char *)got.ptr);
        }
        ls_buf_free(&got);
    }
}

static void count_events(play *p)
{
    for (size_t i = 0; i < p->t.state.event_count; i++) {
        const ls_text_event *e = &p->t.state.event[i];
        p->inserted += e->effect == LS_EFFECT_INSERTED;
        p->agreed += e->agreed;
        p->reopened += e->reopened;
    }
    p->concluded += p->t.state.clean;
}

static void try_seed(uint64_t seed, unsigned long seen[4])
{
    static play p;
    static model m;
    bool silent = seed % 3 == 0, whole = seed % 3 == 1;
    ls_buf expected = {0};
    play_text(&p, seed, whole, silent);
    texts_eval(&p.t);
    put_state(&p.t.state, &expected);
    assert_same_from_files(&p, &expected);
    if (silent) {
        assert_order_does_not_matter(&p, &expected);
    }
    if (!whole) { /* the model does not know when everything is agreed */
        model_play(&m, &p.t.opening, p.t.count, p.t.act);
        assert_model(&m, &p.t.state);
    }
    count_events(&p);
    seen[0] += p.inserted;
    seen[1] += p.agreed;
    seen[2] += p.reopened;
    ls_buf_free(&expected);
    texts_free(&p.t);
}

static void test_texts_converge(void **state)
{
    (void)state;
    uint64_t seed = number_from("LOCKSTEP_SEED", 1);
    unsigned long seen[4] = {0}, count = sequences_of(600);
    for (unsigned long i = 0; i < count; i++) {
        try_seed(seed + i, seen);
    }
    print_message("%lu texts: %lu paragraphs, %lu agreements, %lu reopened\n", count, seen[0], seen[1], seen[2]);
    assert_true(count < 100 || (seen[1] > 100 && seen[2] > 10)); /* what is checked comes about */
}

/* Where the program puts it, it stands right after what it was to follow, whoever put whatever before. */
static void test_inserted_directly_after(void **state)
{
    (void)state;
    static texts t;
    uint64_t random = 7;
    texts_open(&t, "usa dprk", "en", false);
    for (size_t n = 0; n < 200; n++) {
        const ls_text_state *s = texts_eval(&t);
        size_t left = (size_t)(next_number(&random) % (s->paragraph_count + 1));
        const char *before = left == s->paragraph_count ? NULL : s->paragraph[left].name;
        ls_text_op op = {.kind = LS_OP_INSERT, .at_start = true};
        if (s->paragraph_count > 0) {
            ls_text_place(s, before == NULL ? LS_TEXT_NOWHERE : left, &op);
        }
        texts_op(&t, n % 2, op);
        s = texts_eval(&t);
        size_t place = 0;
        while (s->order[place] != s->paragraph_count - 1) {
            place++;
        }
        if (before == NULL) {
            assert_int_equal(place, 0);
        } else {
            assert_string_equal(s->paragraph[s->order[place - 1]].name, before);
        }
    }
    texts_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_converge),
        cmocka_unit_test(test_inserted_directly_after),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
