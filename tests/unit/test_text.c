/* Texts under negotiation: positions, agreement, locks, reopening, objections, and what is void. */
#include "texts.h"

enum { USA, DPRK, ROK };

static void assert_status(texts *t, const char *name, const char *language, ls_cell_status status, bool locked)
{
    const ls_text_cell *c = cell_of(t, name, language);
    assert_int_equal(c->status, status);
    assert_int_equal(c->locked, locked);
}

static void assert_agreed(texts *t, const char *name, const char *language, const char *text)
{
    ls_bytes words;
    assert_true(ls_text_agreed_words(cell_of(t, name, language), &words));
    assert_bytes(words, str(text));
}

static const char *last_void(texts *t)
{
    const ls_text_state *s = texts_eval(t);
    const ls_text_event *e = &s->event[s->event_count - 1];
    return e->effect == LS_EFFECT_VOID ? e->why : "";
}

static void assert_void(texts *t, const char *why)
{
    assert_string_equal(last_void(t), why);
}

static void test_all_accept_and_it_is_locked(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk rok", "en", false);
    texts_insert(&t, USA, "start", "en", "Within 30 days.");
    assert_status(&t, "usa-1-1", "en", LS_CELL_OPEN, false);
    texts_propose(&t, DPRK, "usa-1-1", "en", "Within 60 days.");
    texts_agree(&t, ROK, "usa-1-1", "en", "Within 30 days.");
    assert_status(&t, "usa-1-1", "en", LS_CELL_OPEN, false);
    assert_false(texts_eval(&t)->clean);
    texts_agree(&t, DPRK, "usa-1-1", "en", "Within 30 days.");
    assert_status(&t, "usa-1-1", "en", LS_CELL_AGREED, true);
    assert_agreed(&t, "usa-1-1", "en", "Within 30 days.");
    assert_true(texts_eval(&t)->clean);
    assert_int_equal(cell_of(&t, "usa-1-1", "en")->variant_count, 2); /* what nobody holds any more is still there */
    texts_free(&t);
}

static void test_ad_referendum_counts_for_nothing_yet(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en", false);
    texts_insert(&t, USA, "start", "en", "A.");
    texts_agree(&t, DPRK, "usa-1-1", "en", "A.")->ad_referendum = true;
    assert_status(&t, "usa-1-1", "en", LS_CELL_OPEN, false);
    texts_agree(&t, DPRK, "usa-1-1", "en", "A.");
    assert_status(&t, "usa-1-1", "en", LS_CELL_AGREED, true);
    texts_free(&t);
}

static void test_deletion(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en", false);
    texts_insert(&t, USA, "start", "en", "A.");
    texts_op(&t, DPRK, op_of(LS_OP_DELETE, "usa-1-1", "en", ""));
    assert_status(&t, "usa-1-1", "en", LS_CELL_OPEN, false);
    ls_text_act *a = texts_agree(&t, USA, "usa-1-1", "en", NULL);
    a->ad_referendum = true;
    assert_status(&t, "usa-1-1", "en", LS_CELL_OPEN, false);
    a->ad_referendum = false;
    assert_status(&t, "usa-1-1", "en", LS_CELL_VACANT, true);
    assert_true(paragraph_of(texts_eval(&t), "usa-1-1")->gone);
    assert_false(texts_eval(&t)->clean); /* nothing is there */
    texts_propose(&t, DPRK, "usa-1-1", "en", "B.");
    assert_status(&t, "usa-1-1", "en", LS_CELL_VACANT, true);
    texts_free(&t);
}

/* What its only friend gives up is gone, without a word from the others; and anybody brings it back. */
static void test_given_up_and_revived(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en", false);
    texts_insert(&t, USA, "start", "en", "A.");
    texts_op(&t, USA, op_of(LS_OP_RETRACT, "usa-1-1", "en", ""));
    assert_status(&t, "usa-1-1", "en", LS_CELL_VACANT, false);
    texts_agree(&t, DPRK, "usa-1-1", "en", "A.");
    assert_status(&t, "usa-1-1", "en", LS_CELL_OPEN, false);
    texts_free(&t);
}

static void test_reopening_needs_all(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en", false);
    texts_insert(&t, USA, "start", "en", "A.");
    texts_agree(&t, DPRK, "usa-1-1", "en", "A.");
    texts_propose(&t, DPRK, "usa-1-1", "en", "B.");
    assert_agreed(&t, "usa-1-1", "en", "A.");
    assert_true(texts_eval(&t)->clean);
    assert_int_equal(cell_of(&t, "usa-1-1", "en")->reopening[DPRK].stance, LS_STANCE_VARIANT);
    texts_propose(&t, DPRK, "usa-1-1", "en", "A."); /* takes it back */
    assert_int_equal(cell_of(&t, "usa-1-1", "en")->reopening[DPRK].stance, LS_STANCE_NONE);
    texts_propose(&t, DPRK, "usa-1-1", "en", "C.");
    texts_op(&t, USA, op_of(LS_OP_REOPEN, "usa-1-1", "en", "")); /* no other words, but willing */
    assert_status(&t, "usa-1-1", "en", LS_CELL_OPEN, false);
    const ls_text_cell *c = cell_of(&t, "usa-1-1", "en");
    assert_bytes(ls_text_words(c, &c->position[USA]), str("A."));
    assert_bytes(ls_text_words(c, &c->position[DPRK]), str("C."));
    texts_agree(&t, USA, "usa-1-1", "en", "C.");
    assert_agreed(&t, "usa-1-1", "en", "C.");
    texts_free(&t);
}

static void test_reopened_by_accepting_the_other_words(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en", false);
    texts_insert(&t, USA, "start", "en", "A.");
    texts_agree(&t, DPRK, "usa-1-1", "en", "A.");
    texts_propose(&t, DPRK, "usa-1-1", "en", "B.");
    texts_agree(&t, USA, "usa-1-1", "en", "B.")->ad_referendum = true;
    assert_agreed(&t, "usa-1-1", "en", "A.");
    texts_agree(&t, USA, "usa-1-1", "en", "B.");
    assert_status(&t, "usa-1-1", "en", LS_CELL_AGREED, true);
    assert_agreed(&t, "usa-1-1", "en", "B.");
    const ls_text_state *s = texts_eval(&t);
    const ls_text_event *e = &s->event[s->event_count - 1];
    assert_true(e->reopened && e->agreed && e->locked);
    texts_free(&t);
}

static void test_nothing_is_agreed_until_everything_is(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en", true);
    texts_insert(&t, USA, "start", "en", "A.");
    texts_insert(&t, USA, "usa-1-1", "en", "B.");
    texts_agree(&t, DPRK, "usa-1-1", "en", "A.");
    assert_status(&t, "usa-1-1", "en", LS_CELL_AGREED, false);
    texts_propose(&t, DPRK, "usa-1-1", "en", "A or more.");
    assert_status(&t, "usa-1-1", "en", LS_CELL_OPEN, false);
    texts_agree(&t, DPRK, "usa-2-1", "en", "B.");
    texts_agree(&t, USA, "usa-1-1", "en", "A or more.");
    assert_status(&t, "usa-1-1", "en", LS_CELL_AGREED, true);
    assert_status(&t, "usa-2-1", "en", LS_CELL_AGREED, true);
    texts_propose(&t, DPRK, "usa-1-1", "en", "Less.");
    assert_agreed(&t, "usa-1-1", "en", "A or more.");
    texts_free(&t);
}

static void test_languages_are_equally_authentic(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en ko", false);
    texts_insert(&t, USA, "start", "en", "A.");
    texts_agree(&t, DPRK, "usa-1-1", "en", "A.");
    assert_status(&t, "usa-1-1", "en", LS_CELL_AGREED, true);
    assert_false(texts_eval(&t)->clean); /* it is missing in the other */
    texts_propose(&t, DPRK, "usa-1-1", "ko", "가.");
    texts_agree(&t, USA, "usa-1-1", "ko", "가.");
    assert_true(texts_eval(&t)->clean);
    texts_free(&t);
}

static ls_text_act *diverge(texts *t, size_t party, const char *paragraph)
{
    ls_text_act *a = texts_act(t, LS_TEXT_DIVERGE, party);
    a->paragraph = str(paragraph);
    a->language[0] = t->language[0];
    a->language[1] = t->language[1];
    a->text = str("they say different things");
    return a;
}

static void test_objection_stands_until_withdrawn(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en ko", false);
    texts_insert(&t, USA, "start", "en", "A.");
    texts_propose(&t, USA, "usa-1-1", "ko", "가.");
    texts_agree(&t, DPRK, "usa-1-1", "en", "A.");
    texts_agree(&t, DPRK, "usa-1-1", "ko", "가.");
    assert_true(texts_eval(&t)->clean);
    ls_hash id = diverge(&t, DPRK, "usa-1-1")->id;
    assert_false(texts_eval(&t)->clean);
    texts_act(&t, LS_TEXT_WITHDRAW, USA)->ref = id; /* it is not hers */
    assert_int_equal(texts_eval(&t)->objected, 1);
    texts_act(&t, LS_TEXT_WITHDRAW, DPRK)->ref = id;
    assert_true(texts_eval(&t)->clean);
    texts_act(&t, LS_TEXT_WITHDRAW, DPRK)->ref = id;
    assert_void(&t, "it takes back no objection of this party that stands");
    texts_free(&t);
}

static void test_roadmap_has_one_cell(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en ko", false);
    texts_insert(&t, USA, "start", "", "roadmap: 1");
    texts_agree(&t, DPRK, "usa-1-1", "", "roadmap: 1");
    assert_true(texts_eval(&t)->clean);
    texts_propose(&t, USA, "usa-1-1", "en", "roadmap: 2");
    assert_void(&t, "a piece of the roadmap has no language");
    diverge(&t, USA, "usa-1-1");
    assert_void(&t, "a piece of the roadmap has no language");
    texts_free(&t);
}

static void test_notes(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en", false);
    texts_insert(&t, USA, "start", "en", "A.");
    texts_op(&t, DPRK, op_of(LS_OP_NOTE, "usa-1-1", "en", "reserves its position"));
    assert_bytes(cell_of(&t, "usa-1-1", "en")->position[DPRK].note, str("reserves its position"));
    assert_int_equal(cell_of(&t, "usa-1-1", "en")->position[DPRK].stance, LS_STANCE_NONE);
    texts_agree(&t, DPRK, "usa-1-1", "en", "A."); /* a position without a note ends the note */
    assert_int_equal(cell_of(&t, "usa-1-1", "en")->position[DPRK].note.len, 0);
    texts_free(&t);
}

static void test_order(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en", false);
    texts_insert(&t, USA, "start", "en", "A.");
    texts_insert(&t, USA, "usa-1-1", "en", "D.");
    texts_insert(&t, DPRK, "usa-1-1", "en", "C.");
    assert_string_equal(order_of(&t), "usa-1-1 usa-2-1 dprk-1-1"); /* without knowledge of each other: by name */
    ls_text_op op = {.insert = LS_TEXT_PROSE};
    ls_text_place(texts_eval(&t), ls_text_find(&t.state, str("usa-1-1")), &op);
    texts_op(&t, DPRK, op);
    assert_string_equal(order_of(&t), "usa-1-1 dprk-2-1 usa-2-1 dprk-1-1");
    ls_text_place(texts_eval(&t), LS_TEXT_NOWHERE, &op);
    texts_op(&t, USA, op);
    assert_string_equal(order_of(&t), "usa-3-1 usa-1-1 dprk-2-1 usa-2-1 dprk-1-1");
    texts_free(&t);
}

static void test_what_is_void(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en", false);
    texts_insert(&t, USA, "start", "en", "A.");
    texts_propose(&t, DPRK, "usa-9-1", "en", "B.");
    assert_void(&t, "there is no such paragraph");
    texts_propose(&t, DPRK, "jpn-1-1", "en", "B.");
    assert_void(&t, "there is no such paragraph");
    texts_propose(&t, DPRK, "usa-1-1", "fr", "B.");
    assert_void(&t, "it is not a language of this text");
    texts_propose(&t, DPRK, "usa-1-1", "", "B.");
    assert_void(&t, "a paragraph has a language");
    texts_agree(&t, DPRK, "usa-1-1", "en", "C.");
    assert_void(&t, "nobody has proposed these words here");
    texts_op(&t, DPRK, op_of(LS_OP_REOPEN, "usa-1-1", "en", ""));
    assert_void(&t, "it is open");
    texts_insert(&t, DPRK, "usa-7-1", "en", "C.");
    assert_void(&t, "there is no such paragraph"); /* the words of one that could not be put anywhere */
    texts_agree(&t, DPRK, "usa-1-1", "en", "A.");
    t.act[t.count - 1].party = str("jpn");
    assert_void(&t, "its author does not negotiate this text");
    assert_status(&t, "usa-1-1", "en", LS_CELL_OPEN, false);
    texts_act(&t, LS_TEXT_EDIT, DPRK)->unreadable = "it is not canonical JSON";
    assert_void(&t, "it is not canonical JSON");
    assert_int_equal(t.state.missing, 0);
    texts_act(&t, LS_TEXT_EDIT, DPRK);
    assert_void(&t, "its file is not here");
    assert_int_equal(t.state.missing, 1);
    texts_insert(&t, USA, "start", "en", "E.");
    t.act[t.count - 1].seq = 1; /* no record has two acts of one number */
    texts_eval(&t);
    assert_int_equal(t.state.paragraph_count, 1);
    texts_free(&t);
}

static void test_openings_that_can_not_be(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {{"", "en"}, {"usa", ""}, {"usa usa", "en"}, {"usa", "en en"}, {"U", "en"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        texts t;
        texts_open(&t, wrong[i][0], wrong[i][1], false);
        assert_fault(ls_text_eval(&t.arena, &t.opening, 0, NULL, &t.state), ls_fault_text_opening);
        texts_free(&t);
    }
}

/* A long name leaves too little room for what a header holds. */
static void test_name_too_long(void **state)
{
    (void)state;
    texts t;
    char name[64];
    memset(name, 'a', 60);
    name[60] = '\0';
    texts_open(&t, name, "en", false);
    texts_op(&t, 0, op_insert(LS_TEXT_PROSE, "start"));
    assert_void(&t, "the paragraph's name would be too long");
    texts_free(&t);
}

/* No party uses up what another one needs. */
static void test_limits_are_of_each_party(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en", false);
    static ls_text_op ops[LS_TEXT_NUMBER_MAX];
    for (size_t i = 0; i < LS_TEXT_NUMBER_MAX; i++) {
        ops[i] = op_insert(LS_TEXT_PROSE, "start");
        if (i > 0) {
            ops[i].at_start = false;
            ops[i].paragraph.number = (uint32_t)i;
        }
    }
    texts_edit(&t, USA, LS_TEXT_NUMBER_MAX, ops);
    assert_int_equal(texts_eval(&t)->paragraph_count, LS_TEXT_PARAGRAPHS_MAX);
    for (size_t i = 0; i < LS_TEXT_PARAGRAPHS_MAX; i++) {
        assert_int_equal(t.state.order[i], i); /* one long chain */
    }
    texts_op(&t, USA, op_insert(LS_TEXT_PROSE, "start"));
    assert_void(&t, "one party inserts 4096 paragraphs and no more");
    texts_op(&t, DPRK, op_insert(LS_TEXT_PROSE, "start"));
    assert_string_equal(last_void(&t), "");
    for (size_t i = 0; i <= LS_TEXT_VARIANTS_MAX; i++) {
        char words[16];
        snprintf(words, sizeof words, "%zu", i);
        texts_propose(&t, USA, "dprk-1-1", "en", ls_arena_str(&t.arena, str(words)));
    }
    assert_void(&t, "one party brings 256 variants of a paragraph and no more");
    texts_propose(&t, DPRK, "dprk-1-1", "en", "one more");
    assert_string_equal(last_void(&t), "");
    texts_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_accept_and_it_is_locked),
        cmocka_unit_test(test_ad_referendum_counts_for_nothing_yet),
        cmocka_unit_test(test_deletion),
        cmocka_unit_test(test_given_up_and_revived),
        cmocka_unit_test(test_reopening_needs_all),
        cmocka_unit_test(test_reopened_by_accepting_the_other_words),
        cmocka_unit_test(test_nothing_is_agreed_until_everything_is),
        cmocka_unit_test(test_languages_are_equally_authentic),
        cmocka_unit_test(test_objection_stands_until_withdrawn),
        cmocka_unit_test(test_roadmap_has_one_cell),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_what_is_void),
        cmocka_unit_test(test_openings_that_can_not_be),
        cmocka_unit_test(test_name_too_long),
        cmocka_unit_test(test_limits_are_of_each_party),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
