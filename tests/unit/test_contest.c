/*
 * Tests of what is said of declarations afterwards: notifications of changes, by who declared; and that others do not
 * accept a declaration, an opening or a notification.
 */
#include "inspected_acts.h"

static ls_bytes notify(fixture *f, size_t party, const char *declaration, const char *what)
{
    ls_bytes note = said(f, party, "notify", LS_H_DECLARATION, declaration, LS_H_CHANGE, what, END);
    return change(f, note, LS_H_ATTACHMENT, "rows");
}

/* The head that a party had verified when it signed: so many entries. */
static ls_bytes with_head(fixture *f, ls_bytes note, uint64_t size)
{
    ls_buf base64 = {0};
    ls_hash root;
    ls_record_root(f->record, size, &root);
    ls_buf_put_base64(&base64, ls_bytes_of(root.b, sizeof root.b));
    const char *head = ls_arena_format(&f->arena, "%llu %s", (unsigned long long)size, ls_buf_cstr(&base64));
    ls_buf_free(&base64);
    return change(f, note, LS_H_HEAD, head);
}

static void test_changes(void **state)
{
    fixture *f = *state;
    static const char *const words[] = {"moved", "converted", "eliminated", "changed", "new", "corrected"};
    static const char *const wrong[] = {"move", "lost", "destroyed", "news", "correct"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t before = count_facts(f);
        take(f, notify(f, DPRK, "sites", words[i]));
        const ls_fact *x = told(f, LS_FACT_NOTIFY, LS_NO_SUBJECT);
        assert_int_equal(count_facts(f), before + 1);
        assert_int_equal(x->by, DPRK);
        assert_int_equal(x->ref, LS_NO_ENTRY);
        assert_int_equal(ls_record_at(f->record, f->entry_count - 1).measure, -1);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        refused(f, notify(f, DPRK, "sites", wrong[i]), "there is no change");
    }
    assert_int_equal(count_inspected(f), 0);
}

/* Of what was declared, by whom, and before the act's head. */
static void test_what_was_declared(void **state)
{
    fixture *f = *state;
    refused(f, notify(f, ROK, "sites", "moved"), "rok has not declared sites");
    refused(f, notify(f, USA, "sites", "moved"), "usa has not declared sites");
    refused(f, notify(f, DPRK, "stores", "moved"), "dprk has not declared stores");
    refused(f, notify(f, DPRK, "depots", "moved"), "dprk has not declared depots");
    take(f, change(f, fixture_declare(f, fixture_inventory, NULL), LS_H_DECLARATION, "stores"));
    acceptable(f, notify(f, DPRK, "stores", "moved"));
    refused(f, with_head(f, notify(f, DPRK, "stores", "moved"), f->entry_count - 1), "before this act's head");
    refused(f, with_head(f, notify(f, DPRK, "sites", "moved"), 3), "head lies before");
}

/* One that came too late is none. */
static void test_a_declaration_that_lapses(void **state)
{
    fixture *f = *state;
    uint64_t late =
        take(f, brief(f, change(f, fixture_declare(f, fixture_inventory, NULL), LS_H_DECLARATION, "stores")));
    acceptable(f, notify(f, DPRK, "stores", "moved"));
    pass(f, 60);
    assert_true(ls_record_at(f->record, late).lapsed);
    refused(f, notify(f, DPRK, "stores", "moved"), "has not declared stores");
    acceptable(f, notify(f, DPRK, "sites", "moved"));
}

/* Who contests what. */

static void test_contest(void **state)
{
    fixture *f = *state;
    uint64_t opened = take(f, fixture_open_act(f, 0, 1, ls_bytes_str("an opening")));
    uint64_t notified = take(f, notify(f, DPRK, "sites", "moved"));
    const uint64_t fits[] = {DECLARED, opened, notified};
    static const size_t others[] = {USA, ROK}; /* who signed the accord, and who did not */
    for (size_t i = 0; i < 3; i++) {
        for (size_t p = 0; p < 2; p++) {
            take(f, about(f, others[p], "contest", fits[i]));
            const ls_fact *x = told(f, LS_FACT_CONTEST, LS_NO_SUBJECT);
            assert_int_equal(x->by, others[p]);
            assert_int_equal(x->ref, fits[i]);
        }
        refused(f, about(f, DPRK, "contest", fits[i]), "another party's declaration, opening or notification");
        acceptable(f, about(f, USA, "contest", fits[i])); /* twice is harmless */
    }
    refused(f, about(f, USA, "contest", 0), "another party's");
    refused(f, about(f, USA, "contest", 1), "another party's");
    refused(f, about(f, USA, "contest", 2), "another party's");
    refused(f, about(f, USA, "contest", notified + 1), "another party's"); /* a contest */
    refused(f, change(f, about(f, USA, "contest", DECLARED), LS_H_REF, ONES), "another party's");
    refused(f, with_text(f, about(f, USA, "contest", DECLARED), ""), "needs a text");
}

/* Of a declaration under another accord it is none of this one's. */
static void test_of_another_accord(void **state)
{
    fixture *f = *state;
    ls_hash first = f->accord;
    take(f, accord_with(f, original, NULL));
    refused(f, about(f, USA, "contest", DECLARED), "another party's");
    refused(f, notify(f, DPRK, "sites", "moved"), "has not declared sites");
    f->accord = first;
    acceptable(f, about(f, USA, "contest", DECLARED));
    /* Of an earlier version of the same it is. */
    amend(f, original);
    acceptable(f, about(f, USA, "contest", DECLARED));
    acceptable(f, notify(f, DPRK, "sites", "moved"));
    f->accord = first;
    refused(f, about(f, USA, "contest", DECLARED), "the accord was amended");
    refused(f, notify(f, DPRK, "sites", "moved"), "the accord was amended");
}

static void test_taking_back(void **state)
{
    fixture *f = *state;
    uint64_t contested = take(f, about(f, ROK, "contest", DECLARED));
    refused(f, take_back(f, USA, contested), "only its own acts");
    take(f, take_back(f, ROK, contested));
    const ls_fact *x = told(f, LS_FACT_WITHDRAW, LS_NO_SUBJECT);
    assert_int_equal(x->ref, contested);
    assert_int_equal(x->by, ROK);
    uint64_t notified = take(f, notify(f, DPRK, "sites", "moved"));
    refused(f, take_back(f, DPRK, notified), "notify can't be withdrawn");
    /* Under the next version, too. */
    contested = take(f, about(f, ROK, "contest", notified));
    amend(f, original);
    take(f, take_back(f, ROK, contested));
    told(f, LS_FACT_WITHDRAW, LS_NO_SUBJECT);
    assert_int_equal(ls_record_at(f->record, f->entry_count - 1).accord, 1);
}

/* Neither performs anything, or counts as a word about a measure. */
static void test_nothing_changes(void **state)
{
    fixture *f = *state;
    take(f, notify(f, DPRK, "sites", "eliminated"));
    take(f, about(f, USA, "contest", DECLARED));
    refused(f, said(f, USA, "object", LS_H_MEASURE, "declare-sites", LS_H_REF, entry_id(f, f->entry_count - 1), END),
            "not about this measure");
    refused(f, said(f, USA, "confirm", LS_H_MEASURE, "open-near", END), "nothing to confirm");
    acceptable(f, said(f, USA, "confirm", LS_H_MEASURE, "declare-sites", END));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON(inspected, test_changes),
        ON(inspected, test_what_was_declared),
        ON(inspected, test_a_declaration_that_lapses),
        ON(inspected, test_contest),
        ON(inspected, test_of_another_accord),
        ON(inspected, test_taking_back),
        ON(inspected, test_nothing_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
