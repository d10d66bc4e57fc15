/* What tests of the record share: a record as bytes, refusals after which it is as it was, and acts out of others. */
#ifndef LS_TESTS_RECORD_ACTS_H
#define LS_TESTS_RECORD_ACTS_H

#include "fixture/fixture.h"
#include "process/receipt.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ONES "1111111111111111111111111111111111111111111111111111111111111111"
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define DAY 86400

/* Everything that a reader of a record can see, as bytes. */

static inline void put_hash(ls_buf *out, const ls_hash *h)
{
    ls_buf_put(out, h->b, sizeof h->b);
}

static inline void put_entry(ls_buf *out, ls_record_entry x)
{
    const ls_record_entry *e = &x;
    put_hash(out, &e->id);
    ls_buf_put_bytes(out, e->kind);
    ls_buf_put_u64(out, e->by);
    ls_buf_put_u64(out, (uint64_t)e->time);
    ls_buf_put_u8(out, e->lapsed);
    ls_buf_put_u32(out, (uint32_t)e->accord);
    ls_buf_put_u32(out, (uint32_t)e->measure);
}

static inline void put_fact(ls_buf *out, const ls_facts *facts, const ls_fact *f)
{
    ls_buf_put_u8(out, f->kind);
    ls_buf_put_u32(out, f->index);
    ls_buf_put_u32(out, f->ref);
    ls_buf_put_u8(out, f->by);
    ls_buf_put_u8(out, f->party);
    ls_buf_put_u32(out, f->subject);
    ls_buf_put_u32(out, f->detail);
    ls_buf_put_u64(out, (uint64_t)f->amount);
    ls_buf_put_u64(out, (uint64_t)facts->time(facts->context, f->index));
    ls_buf_put_u32(out, (uint32_t)f->day);
}

static inline void put_inspected(ls_buf *out, const ls_inspecteds *all, const ls_inspected *x)
{
    ls_buf_put_bytes(out, x->rule->id);
    ls_buf_put_u64(out, x->rule->of);
    ls_buf_put_u64(out, x->rule->by);
    ls_buf_put_u32(out, x->index);
    ls_buf_put_u32(out, x->ref);
    ls_buf_put_u8(out, x->kind);
    ls_buf_put_u8(out, x->by);
    ls_buf_put_u8(out, x->finding);
    ls_buf_put_u32(out, x->limits);
    ls_buf_put_u32(out, (uint32_t)x->day);
    ls_buf_put_u32(out, x->tranche);
    ls_buf_put_u64(out, x->population);
    ls_buf_put_u64(out, x->rows);
    ls_buf_put_u64(out, x->spare);
    ls_buf_put_u64(out, (uint64_t)x->until);
    put_hash(out, &x->value);
    ls_buf_put_u64(out, (uint64_t)all->time(all->context, x->index));
}

static inline void put_accord(ls_buf *out, const ls_record *r, size_t i)
{
    const ls_accord *a = ls_record_accord(r, i);
    ls_facts facts = ls_record_facts(r, i);
    ls_inspecteds inspecteds = ls_record_inspecteds(r, i);
    put_hash(out, &a->id);
    ls_buf_put_u64(out, a->index);
    ls_buf_put_u64(out, a->signed_index);
    ls_buf_put_u32(out, (uint32_t)a->amends);
    ls_buf_put_u32(out, (uint32_t)a->amended_by);
    ls_buf_put_bytes(out, a->text);
    ls_buf_put_bytes(out, a->roadmap_json);
    for (size_t k = 0; k < facts.count; k++) {
        put_fact(out, &facts, &facts.fact[k]);
    }
    for (size_t k = 0; k < inspecteds.count; k++) {
        put_inspected(out, &inspecteds, &inspecteds.fact[k]);
    }
}

/* The number of facts of the first accord whose acts have effect, and the n-th of them. */
static inline size_t facts_in_effect(const fixture *f)
{
    ls_facts facts = ls_record_facts(f->record, 0);
    size_t count = 0;
    for (size_t i = 0; i < facts.count; i++) {
        count += facts.time(facts.context, facts.fact[i].index) != LS_TIME_NONE;
    }
    return count;
}

static inline const ls_fact *fact_at(const fixture *f, size_t n)
{
    return ls_record_facts(f->record, 0).fact + n;
}

static inline void put_declaration(ls_buf *out, const ls_record_declaration *d)
{
    put_hash(out, &d->act);
    ls_buf_put_u64(out, d->index);
    ls_buf_put_u32(out, (uint32_t)d->accord);
    ls_buf_put_u64(out, d->by);
    ls_buf_put_bytes(out, d->name);
    ls_buf_put(out, d->nonce, sizeof d->nonce);
    put_hash(out, &d->manifest);
    put_hash(out, &d->declared.context);
    put_hash(out, &d->declared.root);
}

static inline void put_talk(ls_buf *out, const ls_record *r, const ls_talk *t)
{
    static const ls_header spaces[] = {LS_H_MEETING, LS_H_GROUP, LS_H_TEXT, LS_H_ITEM};
    ls_talks all = ls_record_talks(r);
    ls_buf_put_bytes(out, t->name);
    ls_buf_put_bytes(out, t->measure);
    ls_buf_put_u64(out, (uint64_t)t->until);
    put_hash(out, &t->value);
    const uint32_t numbers[] = {t->to,
                                t->pass_to,
                                t->index,
                                t->ref,
                                t->group,
                                t->cap,
                                (uint32_t)t->day,
                                (uint32_t)t->due,
                                t->kind,
                                t->by,
                                t->of,
                                t->word,
                                t->pass_public,
                                (uint32_t)t->accord};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        ls_buf_put_u32(out, numbers[i]);
    }
    ls_buf_put_u64(out, (uint64_t)all.time(all.context, t->index));
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
        const ls_talk *bears = t->name.len == 0 ? NULL : ls_record_talk_named(r, spaces[i], t->name);
        ls_buf_put_u32(out, bears == NULL ? LS_NO_ENTRY : bears->index);
    }
}

static inline void put_chains(ls_buf *out, const ls_record *r)
{
    for (size_t p = 0; p < ls_record_charter(r)->party_count; p++) {
        uint64_t seq;
        ls_hash prev;
        ls_record_next(r, p, &seq, &prev);
        ls_buf_put_u64(out, seq);
        put_hash(out, &prev);
    }
}

static inline ls_buf snapshot(const ls_record *r)
{
    ls_buf out = {0};
    ls_hash root;
    ls_buf_put_u64(&out, ls_record_size(r));
    for (uint64_t i = 0; i <= ls_record_size(r); i++) {
        ls_record_root(r, i, &root);
        put_hash(&out, &root);
    }
    ls_buf_put_u64(&out, (uint64_t)ls_record_time(r));
    ls_buf_put_u64(&out, ls_record_stamped(r));
    ls_buf_put_u8(&out, ls_record_stamp_due(r, ls_record_time(r)));
    ls_buf_put_bytes(&out, ls_record_charter_json(r));
    if (ls_record_charter(r) != NULL) {
        put_hash(&out, ls_record_process(r));
        put_chains(&out, r);
    }
    for (uint64_t i = 0; i < ls_record_size(r); i++) {
        put_entry(&out, ls_record_at(r, i));
    }
    for (size_t i = 0; i < ls_record_accord_count(r); i++) {
        put_accord(&out, r, i);
    }
    for (size_t i = 0; i < ls_record_declaration_count(r); i++) {
        put_declaration(&out, ls_record_declaration_at(r, i));
    }
    for (size_t i = 0; i < ls_record_talks(r).count; i++) {
        put_talk(&out, r, &ls_record_talks(r).fact[i]);
    }
    assert_true(ls_succeeded(ls_buf_check(&out)));
    return out;
}

static inline void same(ls_buf *a, ls_buf *b)
{
    assert_int_equal(a->len, b->len);
    assert_memory_equal(a->ptr, b->ptr, a->len);
    ls_buf_free(a);
    ls_buf_free(b);
}

/* The record refuses a note with this fault, says this in its reason, and is as it was. */
static inline void refused_with(fixture *f, ls_bytes note, const ls_fault *fault, const char *reason)
{
    ls_detail detail = {0}, again = {0};
    ls_act act;
    ls_buf before = snapshot(f->record);
    assert_ptr_equal(ls_record_append(f->record, note, LS_CHECK_SIGNATURES, &detail).fault, fault);
    if (strstr(detail.text, reason) == NULL) {
        fail_msg("refused for another reason: %s", detail.text);
    }
    if (fault != &ls_fault_act_form && fault != &ls_fault_note_form) {
        assert_true(ls_succeeded(ls_act_parse(note, false, &act, NULL)));
        assert_ptr_equal(ls_record_accept(f->record, &act, LS_CHECK_SIGNATURES, &again).fault, fault);
        assert_string_equal(detail.text, again.text);
    }
    ls_buf after = snapshot(f->record);
    same(&before, &after);
}

static inline void refused(fixture *f, ls_bytes note, const char *reason)
{
    refused_with(f, note, &ls_fault_refused, reason);
}

/* Acceptable, which by itself changes nothing. */
static inline void acceptable(fixture *f, ls_bytes note)
{
    ls_detail detail = {0};
    ls_act act;
    ls_buf before = snapshot(f->record);
    assert_true(ls_succeeded(ls_act_parse(note, false, &act, &detail)));
    if (ls_failed(ls_record_accept(f->record, &act, LS_CHECK_SIGNATURES, &detail))) {
        fail_msg("refused: %s", detail.text);
    }
    ls_buf after = snapshot(f->record);
    same(&before, &after);
}

/* Acts out of others. */

static inline ls_act parsed(ls_bytes note)
{
    ls_act act;
    assert_true(ls_succeeded(ls_act_parse(note, false, &act, NULL)));
    return act;
}

static inline const char *hex(const ls_hash *h)
{
    static char text[4][LS_HEX_HASH_SIZE];
    static unsigned turn;
    char *out = text[turn++ % 4];
    ls_hash_format(h, out);
    return out;
}

static inline const char *entry_id(const fixture *f, uint64_t index)
{
    ls_record_entry e = ls_record_at(f->record, index);
    return hex(&e.id);
}

/* The same, as long as the fixture lives. */
static inline const char *kept_id(fixture *f, uint64_t index)
{
    return ls_arena_str(&f->arena, ls_bytes_str(entry_id(f, index)));
}

static inline const char *id_of(ls_bytes note)
{
    ls_act act = parsed(note);
    return hex(&act.id);
}

/* "usa-9" signs with the key named usa.example/usa-9; so there are keys that no charter lists. */
static inline void sign_line(ls_buf *out, ls_bytes text, ls_bytes signer, const char *secret_of)
{
    char name[2 * LS_NAME_MAX + 16];
    fixture_key key, secret;
    const uint8_t *dash = memchr(signer.ptr, '-', signer.len);
    snprintf(name, sizeof name, "%.*s.example/%.*s", (int)(dash - signer.ptr), signer.ptr, (int)signer.len, signer.ptr);
    fixture_key_make(name, &key);
    fixture_key_make(secret_of == NULL ? name : secret_of, &secret);
    ls_note_sign(out, text, &key.vkey, secret.secret);
}

/* secret_of: NULL, or the key that really signs, in place of each signer's own. */
static inline ls_bytes sign_text(fixture *f, ls_bytes text, const char *secret_of)
{
    ls_buf note = {0}, lines = {0};
    ls_act act;
    assert_true(ls_succeeded(ls_act_parse_text(text, &act, NULL)));
    for (size_t i = 0; i < act.signers.count; i++) {
        sign_line(&lines, text, act.signers.name[i], secret_of);
    }
    ls_buf_put_bytes(&note, text);
    ls_buf_put_u8(&note, '\n');
    ls_buf_put_bytes(&note, ls_buf_bytes(&lines));
    ls_bytes kept = fixture_keep(f, ls_buf_bytes(&note));
    ls_buf_free(&note);
    ls_buf_free(&lines);
    return kept;
}

static inline void draft_of(const ls_act *act, ls_act_draft *d)
{
    *d = (ls_act_draft){.exercise = act->exercise};
    for (ls_header h = 0; h < LS_H_ATTACHMENT; h++) {
        if (act->has[h]) {
            ls_act_draft_set(d, h, "%.*s", (int)act->raw[h].len, act->raw[h].ptr);
        }
    }
    for (size_t i = 0; i < act->attachment_count; i++) {
        ls_act_draft_attach(d, &act->attachment[i]);
    }
    ls_buf_put_bytes(&d->text, act->text);
}

/* The text of a draft, kept; false if that is no act. */
static inline bool finish_text(fixture *f, ls_act_draft *d, ls_bytes *out)
{
    ls_buf text = {0};
    ls_result r = ls_act_draft_finish(d, &text, NULL);
    if (ls_succeeded(r)) {
        *out = fixture_keep(f, ls_buf_bytes(&text));
    }
    ls_buf_free(&text);
    ls_act_draft_free(d);
    return ls_succeeded(r);
}

/* The same act with a header put, replaced or (NULL) taken out; signed anew. False if its form forbids it. */
static inline bool try_change(fixture *f, ls_bytes note, ls_header h, const char *value, ls_bytes *out)
{
    ls_act act = parsed(note);
    ls_act_draft d;
    ls_bytes text;
    draft_of(&act, &d);
    if (value == NULL) {
        ls_buf_free(&d.value[h]);
        d.value[h] = (ls_buf){0};
    } else if (h == LS_H_ATTACHMENT) {
        const ls_attachment a = fixture_attach(f, "more.txt", "text/plain", ls_bytes_str(value));
        ls_act_draft_attach(&d, &a);
    } else {
        ls_act_draft_set(&d, h, "%s", value);
    }
    if (!finish_text(f, &d, &text)) {
        return false;
    }
    *out = sign_text(f, text, NULL);
    return true;
}

static inline ls_bytes change(fixture *f, ls_bytes note, ls_header h, const char *value)
{
    ls_bytes out = {0};
    assert_true(try_change(f, note, h, value, &out));
    return out;
}

/* The same act at another place of its party's chain. */
static inline ls_bytes relink(fixture *f, ls_bytes note, const char *seq, const char *prev)
{
    ls_act act = parsed(note);
    ls_act_draft d;
    ls_bytes text;
    draft_of(&act, &d);
    ls_act_draft_set(&d, LS_H_SEQ, "%s", seq);
    ls_act_draft_set(&d, LS_H_PREV, "%s", prev);
    assert_true(finish_text(f, &d, &text));
    return sign_text(f, text, NULL);
}

static inline ls_bytes with_text(fixture *f, ls_bytes note, const char *words)
{
    ls_act act = parsed(note);
    ls_act_draft d;
    ls_bytes text;
    draft_of(&act, &d);
    d.text.len = 0;
    ls_buf_put_str(&d.text, words);
    assert_true(finish_text(f, &d, &text));
    return sign_text(f, text, NULL);
}

static inline void under_accord(fixture *f, size_t party, const char *kind, ls_act_draft *d)
{
    fixture_draft(f, party, kind, d);
    ls_act_draft_set(d, LS_H_ACCORD, "%s", hex(&f->accord));
}

/* An act under the fixture's accord with some text: headers and their values in turn, and END. */
#define END LS_HEADER_COUNT

static inline ls_bytes said(fixture *f, size_t party, const char *kind, ...)
{
    ls_act_draft d;
    va_list args;
    under_accord(f, party, kind, &d);
    va_start(args, kind);
    for (int h = va_arg(args, int); h != END; h = va_arg(args, int)) {
        ls_act_draft_set(&d, (ls_header)h, "%s", va_arg(args, const char *));
    }
    va_end(args);
    ls_buf_put_str(&d.text, "So it was said.\n");
    return fixture_finish(f, &d);
}

/* An accord with this roadmap, in JSON that need not be canonical, by these parties; amends: the id of another, or
 * NULL. The fixture's accord is it from now on. */
static inline ls_bytes accord_of(fixture *f, const char *roadmap, const char *by, const char *signers,
                                 const char *amends)
{
    static const char text[] = "# Accord\n\n[p1] One thing.\n\n[p2] And another.\n";
    ls_act act = parsed(fixture_accord(f));
    ls_act_draft d;
    ls_value *v;
    ls_buf json = {0};
    ls_detail detail = {0};
    if (ls_failed(ls_json_parse(&f->arena, ls_bytes_str(roadmap), &v, &detail))) {
        fail_msg("%s", detail.text);
    }
    ls_json_canonical(v, &json);
    act.attachment[0] = fixture_attach(f, "roadmap.json", "application/json", ls_buf_bytes(&json));
    act.attachment[1] = fixture_attach(f, "text.md", "text/markdown", ls_bytes_str(text));
    act.attachment_count = 2;
    ls_buf_free(&json);
    draft_of(&act, &d);
    ls_act_draft_set(&d, LS_H_BY, "%s", by);
    ls_act_draft_set(&d, LS_H_SIGNERS, "%s", signers);
    ls_act_draft_set(&d, LS_H_NONCE, "%064llx", (unsigned long long)ls_record_size(f->record));
    if (amends != NULL) {
        ls_act_draft_set(&d, LS_H_ACCORD, "%s", amends);
    }
    ls_bytes note = fixture_finish(f, &d);
    f->accord = parsed(note).id;
    return note;
}

/* Receipts of two cosigners, who had it at this time: of a process that has cosigners. */
static inline ls_bytes receipts_for(fixture *f, const ls_act *act, ls_time time)
{
    ls_buf text = {0};
    ls_act_draft d;
    const ls_receipt_note r = {*ls_record_process(f->record), act->id, time};
    for (size_t i = 0; i < 2; i++) {
        fixture_key key, receipts;
        fixture_cosigner(i, &key, &receipts);
        ls_receipt_make(&r, &receipts.vkey, receipts.secret, &text);
    }
    fixture_draft(f, FIXTURE_DPRK, "receipts", &d);
    ls_act_draft_set(&d, LS_H_REF, "%s", hex(&act->id));
    ls_buf_put_bytes(&d.text, ls_buf_bytes(&text));
    ls_buf_put_str(&d.text, LS_RECEIPTS_END);
    ls_buf_free(&text);
    return fixture_finish(f, &d);
}

/* Signed by usa-2 alone, whose key usa will say that it lost. */
static inline ls_bytes by_usa_2(fixture *f, ls_bytes note)
{
    return change(f, note, LS_H_SIGNERS, "usa-2");
}

/* In a record that trusts signatures: keys that others took the place of sign, too. */
static inline uint64_t append_trusted(fixture *f, ls_bytes note)
{
    assert_true(ls_succeeded(ls_record_append(f->record, note, LS_CHECK_TRUSTED, NULL)));
    assert_true(f->entry_count < sizeof f->entry / sizeof f->entry[0]);
    f->entry[f->entry_count++] = note;
    return ls_record_size(f->record) - 1;
}

/* usa says so of a signer from this entry on, and all others consent by an act that is open until then. */
static inline void annul_until(fixture *f, const char *signer, uint64_t since, ls_time open_until)
{
    ls_act_draft d;
    fixture_key key;
    ls_buf claim = {0}, proof = {0};
    char text[LS_VKEY_SIZE], until[LS_TIME_SIZE], name[64], label[80];
    uint8_t signature[LS_SIGNATURE_SIZE];
    snprintf(name, sizeof name, "usa.example/%s", signer);
    snprintf(label, sizeof label, "%s, another", name);
    fixture_key_make(label, &key);
    ls_vkey_make(ls_bytes_str(name), LS_KEY_ED25519, key.vkey.key, &key.vkey);
    ls_charter_put_claim(ls_record_process(f->record), ls_bytes_str("usa"), &key.vkey, &claim);
    ls_ed25519_sign(ls_buf_bytes(&claim), key.secret, signature);
    ls_buf_put_base64(&proof, ls_bytes_of(signature, sizeof signature));
    ls_vkey_format(&key.vkey, text);
    fixture_draft(f, FIXTURE_USA, "rekey", &d);
    ls_act_draft_set(&d, LS_H_SIGNERS, "usa-1 usa-2");
    ls_act_draft_set(&d, LS_H_KEY, "%s", text);
    ls_act_draft_set(&d, LS_H_PROOF, "%s", ls_buf_cstr(&proof));
    ls_act_draft_set(&d, LS_H_SINCE, "%llu", (unsigned long long)since);
    uint64_t rekey = append_trusted(f, fixture_finish(f, &d));
    ls_buf_free(&claim);
    ls_buf_free(&proof);
    d = (ls_act_draft){.exercise = true};
    ls_act_draft_set(&d, LS_H_ACT, "annul");
    ls_act_draft_set(&d, LS_H_PROCESS, "%s", hex(ls_record_process(f->record)));
    ls_act_draft_set(&d, LS_H_BY, "dprk rok");
    ls_act_draft_set(&d, LS_H_SIGNERS, "dprk-1 rok-1");
    ls_act_draft_set(&d, LS_H_NONCE, "%064llx", (unsigned long long)rekey);
    ls_time_format(open_until, until);
    ls_act_draft_set(&d, LS_H_OPEN_UNTIL, "%s", until);
    ls_act_draft_set(&d, LS_H_AT, "2018-10-09T08:00:00Z");
    ls_act_draft_set(&d, LS_H_REF, "%s", entry_id(f, rekey));
    append_trusted(f, fixture_finish(f, &d));
}

static inline void annul_from(fixture *f, uint64_t since)
{
    annul_until(f, "usa-2", since, f->now + 30 * DAY);
}

/* An empty record; one with a charter; one with an accord in force, too. */

static inline int open_empty(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    fixture_open(f, NULL);
    *state = f;
    return 0;
}

static inline int open_charter(void **state)
{
    open_empty(state);
    fixture_append(*state, fixture_charter(*state));
    return 0;
}

static inline int open_accord(void **state)
{
    open_charter(state);
    fixture_append(*state, fixture_accord(*state));
    fixture_stamp(*state);
    return 0;
}

static inline int close_all(void **state)
{
    fixture_close(*state);
    free(*state);
    return 0;
}

#define ON(fixture, test) cmocka_unit_test_setup_teardown(test, open_##fixture, close_all)

#endif
