/* What tests of acts of talks share: a process with an accord, its three parties, and acts out of headers. */
#ifndef LS_TESTS_TALK_ACTS_H
#define LS_TESTS_TALK_ACTS_H

#include "record_acts.h"

#define DPRK FIXTURE_DPRK
#define USA FIXTURE_USA
#define ROK FIXTURE_ROK

/* A time and a day that lie ahead. */
#define LATER "2018-12-01T00:00:00Z"
#define SOME_DAY "2018-11-05"

static inline void set_headers(ls_act_draft *d, va_list args)
{
    for (int h = va_arg(args, int); h != END; h = va_arg(args, int)) {
        ls_act_draft_set(d, (ls_header)h, "%s", va_arg(args, const char *));
    }
    ls_buf_put_str(&d->text, "So it was said.\n");
}

/* Headers and their values in turn, and END; under no accord. */
static inline ls_bytes say(fixture *f, size_t party, const char *kind, ...)
{
    ls_act_draft d;
    va_list args;
    fixture_draft(f, party, kind, &d);
    va_start(args, kind);
    set_headers(&d, args);
    va_end(args);
    return fixture_finish(f, &d);
}

/* The same by these parties together, each by its first signer. */
static inline ls_bytes jointly(fixture *f, const char *by, const char *kind, ...)
{
    ls_act_draft d = {.exercise = !f->real};
    va_list args;
    ls_buf signers = {0};
    char text[LS_TIME_SIZE];
    for (const char *p = by; *p != 0;) {
        int len = (int)strcspn(p, " ");
        ls_buf_format(&signers, "%s%.*s-1", p == by ? "" : " ", len, p);
        p += len + (p[len] == ' ');
    }
    ls_act_draft_set(&d, LS_H_ACT, "%s", kind);
    ls_act_draft_set(&d, LS_H_PROCESS, "%s", hex(ls_record_process(f->record)));
    ls_act_draft_set(&d, LS_H_BY, "%s", by);
    ls_act_draft_set(&d, LS_H_SIGNERS, "%s", ls_buf_cstr(&signers));
    ls_act_draft_set(&d, LS_H_NONCE, "%064llx", (unsigned long long)ls_record_size(f->record));
    ls_time_format(f->now + 7 * DAY, text);
    ls_act_draft_set(&d, LS_H_OPEN_UNTIL, "%s", text);
    ls_time_format(f->now, text);
    ls_act_draft_set(&d, LS_H_AT, "%s", text);
    ls_buf_free(&signers);
    va_start(args, kind);
    set_headers(&d, args);
    va_end(args);
    return fixture_finish(f, &d);
}

/* The same act with one more file; for an audience of some, in its sealed form. Acceptance reads none of them. */
static inline void attach_for(ls_act_draft *d, size_t number, const char *audience)
{
    static const char *const sealed[] = {"sealed", "sealed-2", "sealed-3"};
    static const char *const plain[] = {"one.json", "two.json", "three.json"};
    bool restricted = strcmp(audience, "public") != 0 && strcmp(audience, "process") != 0;
    const ls_attachment a = {.hash = {{(uint8_t)(number + 1), (uint8_t)audience[0]}},
                             .audience = ls_bytes_str(audience),
                             .size = restricted ? 1024 : 10,
                             .media_type = ls_bytes_str(restricted ? "application/octet-stream" : "application/json"),
                             .file_name = ls_bytes_str(restricted ? sealed[number] : plain[number])};
    ls_act_draft_attach(d, &a);
}

static inline ls_bytes with_file(fixture *f, ls_bytes note, const char *audience)
{
    ls_act act = parsed(note);
    ls_act_draft d;
    ls_bytes text;
    draft_of(&act, &d);
    attach_for(&d, act.attachment_count, audience);
    assert_true(finish_text(f, &d, &text));
    return sign_text(f, text, NULL);
}

static inline ls_bytes without_files(fixture *f, ls_bytes note)
{
    ls_act act = parsed(note);
    ls_act_draft d;
    ls_bytes text;
    act.attachment_count = 0;
    draft_of(&act, &d);
    assert_true(finish_text(f, &d, &text));
    return sign_text(f, text, NULL);
}

static inline ls_bytes take_back(fixture *f, size_t party, uint64_t index)
{
    ls_act_draft d;
    fixture_draft(f, party, "withdraw", &d);
    ls_act_draft_set(&d, LS_H_REF, "%s", entry_id(f, index));
    return fixture_finish(f, &d);
}

/* Time. */

static inline void pass(fixture *f, ls_time seconds)
{
    f->now += seconds;
    fixture_stamp(f);
}

/* The same act, but it expires, or is no longer open, in a second. */
static inline ls_bytes brief(fixture *f, ls_bytes note)
{
    char text[LS_TIME_SIZE];
    ls_time_format(f->now + 1, text);
    return change(f, note, parsed(note).shape == LS_SHAPE_JOINT ? LS_H_OPEN_UNTIL : LS_H_EXPIRES, text);
}

/* It is accepted, and a stamp comes too late for it. */
static inline uint64_t lapses(fixture *f, ls_bytes note)
{
    uint64_t index = fixture_append(f, brief(f, note));
    pass(f, 60);
    assert_true(ls_record_at(f->record, index).lapsed);
    return index;
}

/* What was said last. */
static inline const ls_talk *last_talk(const fixture *f)
{
    const ls_talks all = ls_record_talks(f->record);
    assert_true(all.count > 0);
    const ls_talk *last = all.fact + all.count - 1;
    assert_int_equal(last->index, ls_record_size(f->record) - 1);
    return last;
}

/* It is accepted, and says this of that entry; its index. */
static inline uint64_t says(fixture *f, ls_bytes note, ls_talk_kind kind, uint32_t ref)
{
    size_t before = ls_record_talks(f->record).count;
    ls_act act = parsed(note);
    uint64_t index = fixture_append(f, note);
    const ls_talk *t = last_talk(f);
    assert_int_equal(ls_record_talks(f->record).count, before + 1);
    assert_int_equal(t->kind, kind);
    assert_int_equal(t->ref, ref);
    if (act.shape == LS_SHAPE_JOINT) {
        assert_int_equal(t->by, LS_TALK_JOINT);
    } else {
        assert_true(ls_bytes_equal(ls_record_charter(f->record)->party[t->by].name, act.by.name[0]));
    }
    return index;
}

static inline const ls_talk *named(const fixture *f, ls_header space, const char *name)
{
    return ls_record_talk_named(f->record, space, ls_bytes_str(name));
}

/* Private searches. */

static inline ls_bytes search(fixture *f, size_t party, const char *to, const char *rule)
{
    ls_bytes note = say(f, party, "schedule", LS_H_TO, to, LS_H_METHOD, rule, LS_H_CAP, "40", LS_H_UNTIL, LATER, END);
    return with_file(f, note, "process");
}

static inline ls_bytes commit(fixture *f, size_t party, uint64_t index)
{
    return say(f, party, "schedule-commit", LS_H_REF, entry_id(f, index), LS_H_COMMITMENT, ONES, END);
}

static inline ls_bytes send_for(fixture *f, size_t party, uint64_t index, const char *audience)
{
    return with_file(f, say(f, party, "schedule-send", LS_H_REF, entry_id(f, index), END), audience);
}

static inline ls_bytes reveal_for(fixture *f, size_t party, uint64_t index, const char *audience)
{
    return with_file(f, say(f, party, "schedule-reveal", LS_H_REF, entry_id(f, index), END), audience);
}

/* Of a search between dprk and usa. */
static inline const char *other_side(size_t party)
{
    return party == USA ? "dprk" : "usa";
}

static inline ls_bytes take_step(fixture *f, size_t party, uint64_t index, ls_search_step step)
{
    if (step == LS_SEARCH_LIST || step == LS_SEARCH_RANKING) {
        return commit(f, party, index);
    }
    return (step == LS_SEARCH_REVEALED ? reveal_for : send_for)(f, party, index, other_side(party));
}

static inline const char *name_of(size_t party)
{
    static const char *const names[] = {[DPRK] = "dprk", [USA] = "usa", [ROK] = "rok"};
    return names[party];
}

#endif
