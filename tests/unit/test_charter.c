/* Tests of charters: every key read, and one refusal, with its place, for each rule. */
#include "crypto/crypto.h"
#include "marks.h"
#include "process/charter.h"

/*
 * Keys are written @name#n: the key of this name that seed n makes (#4n: a cosigner's key); @~n is the base64 of n.
 */
static const char charter[] = "{\n"
                              "\"charter\": 1,\n"
                              "\"name\": \"pyongyang\",\n"
                              "\"title\": \"The process of 2018\",\n"
                              "\"exercise\": true,\n"
                              "\"semantics\": 1,\n"
                              "\"suite\": 1,\n"
                              "\"ledger\": {\"origin\": \"exercise.rok.example/pyongyang\",\n"
                              "\"key\": \"@exercise.rok.example/pyongyang#1\"},\n"
                              "\"policy\": \"quorum none\\n\",\n"
                              "\"time\": {\"zone\": \"Asia/Pyongyang\",\n"
                              "\"offsets\": [{\"from\": \"2015-08-14T15:00:00Z\", \"offset\": \"+08:30\"},\n"
                              "{\"from\": \"2018-05-04T15:00:00Z\", \"offset\": \"+09:00\"}],\n"
                              "\"closing\": \"24:00\"},\n"
                              "\"stamp-interval\": \"1 day\",\n"
                              "\"grace\": \"24 hours\",\n"
                              "\"expires-limit\": \"30 days\",\n"
                              "\"limits\": {\"rows\": 2000000,\n"
                              "\"attachment-bytes\": 1073741824},\n"
                              "\"parties\": [\n"
                              "{\"name\": \"dprk\",\n"
                              "\"title\": \"Democratic People's Republic of Korea\",\n"
                              "\"role\": \"party\",\n"
                              "\"domain\": \"dprk.example\",\n"
                              "\"signers\": [{\"name\": \"dprk-1\", \"title\": \"Envoy\",\n"
                              "\"key\": \"@dprk.example/dprk-1#2\"},\n"
                              "{\"name\": \"dprk-2\",\n"
                              "\"key\": \"@dprk.example/dprk-2#3\"}],\n"
                              "\"threshold\": 1,\n"
                              "\"thresholds\": {\"declare\": 2, \"open\": 2},\n"
                              "\"recovery\": \"@dprk.example/recovery#4\",\n"
                              "\"sealing\": \"@~1\"},\n"
                              "{\"name\": \"usa\",\n"
                              "\"title\": \"United States of America\",\n"
                              "\"role\": \"party\",\n"
                              "\"domain\": \"usa.example\",\n"
                              "\"signers\": [{\"name\": \"usa-1\",\n"
                              "\"key\": \"@usa.example/usa-1#5\"}],\n"
                              "\"threshold\": 1,\n"
                              "\"sealing\": \"@~2\"},\n"
                              "{\"name\": \"rok\",\n"
                              "\"title\": \"Republic of Korea\",\n"
                              "\"role\": \"mediator\",\n"
                              "\"domain\": \"rok.example\",\n"
                              "\"signers\": [{\"name\": \"rok-1\",\n"
                              "\"key\": \"@rok.example/rok-1#6\"}],\n"
                              "\"threshold\": 1,\n"
                              "\"sealing\": \"@~3\"}\n"
                              "]}\n";

typedef struct fixture {
    ls_arena arena;
    ls_diagnostics d;
    ls_charter charter;
} fixture;

static int set_up_group(void **state)
{
    (void)state;
    return ls_failed(ls_crypto_init()) ? -1 : 0;
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->d.arena = &f->arena;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    ls_arena_free(&f->arena);
    free(f);
    return 0;
}

static void put_key(ls_buf *out, ls_bytes reference)
{
    const uint8_t *hash = memchr(reference.ptr, '#', reference.len);
    assert_non_null(hash);
    ls_bytes name = ls_bytes_of(reference.ptr, (size_t)(hash - reference.ptr));
    int number = atoi((const char *)hash + 1);
    uint8_t seed[LS_SEED_SIZE] = {(uint8_t)(number % 40)}, public_key[LS_PUBLIC_KEY_SIZE], secret[LS_SECRET_KEY_SIZE];
    char text[LS_VKEY_SIZE];
    ls_vkey key;
    ls_ed25519_keypair(seed, public_key, secret);
    ls_vkey_make(name, number >= 40 ? LS_KEY_COSIGNATURE : LS_KEY_ED25519, public_key, &key);
    ls_vkey_format(&key, text);
    ls_buf_put_str(out, text);
}

/* The text with its keys put in. */
static const char *render(ls_arena *arena, const char *text)
{
    ls_buf out = {0};
    for (const char *at = text; *at != 0;) {
        size_t plain = strcspn(at, "@");
        ls_buf_put(&out, at, plain);
        at += plain;
        if (*at == 0) {
            break;
        }
        size_t len = strcspn(at + 1, "\" \\");
        if (at[1] == '~') {
            uint8_t key[32] = {(uint8_t)atoi(at + 2)};
            ls_buf_put_base64(&out, ls_bytes_of(key, sizeof key));
        } else {
            put_key(&out, ls_bytes_of(at + 1, len));
        }
        at += 1 + len;
    }
    const char *rendered = ls_arena_str(arena, ls_buf_bytes(&out));
    ls_buf_free(&out);
    return rendered;
}

static void read_charter(fixture *f, const char *text)
{
    memset(&f->d, 0, sizeof f->d);
    f->d.arena = &f->arena;
    memset(&f->charter, 0, sizeof f->charter);
    ls_charter_read(&f->arena, marked_json(&f->arena, render(&f->arena, text)), &f->d, &f->charter);
    /* Whatever is wrong, nothing of it comes out. */
    assert_int_equal(f->d.errors == 0, f->charter.party_count != 0);
}

static void reads_every_key(void **state)
{
    fixture *f = *state;
    const ls_charter *c = &f->charter;
    read_charter(f, charter);
    assert_int_equal(f->d.count, 0);
    assert_true(ls_bytes_is(c->name, "pyongyang"));
    assert_true(c->exercise);
    assert_true(ls_bytes_is(c->origin, "exercise.rok.example/pyongyang"));
    assert_string_equal(c->ledger.name, "exercise.rok.example/pyongyang");
    assert_true(c->quorum_none);
    assert_true(ls_bytes_is(c->policy_text, "quorum none\n"));
    assert_string_equal(c->zone.name, "Asia/Pyongyang");
    assert_int_equal(c->zone.count, 2);
    assert_int_equal(c->zone.spans[0].offset, 30600);
    assert_int_equal(c->zone.spans[1].offset, 32400);
    assert_int_equal(c->zone.spans[1].from, 1525446000); /* date -u -d 2018-05-04T15:00:00Z +%s */
    assert_int_equal(c->closing, 86400);
    assert_int_equal(c->stamp_interval, 86400);
    assert_int_equal(c->grace, 86400);
    assert_int_equal(c->expires_limit, 30 * 86400);
    assert_int_equal(c->rows_limit, 2000000);
    assert_int_equal(c->attachment_limit, 1073741824);
    assert_int_equal(c->party_count, 3);
    assert_int_equal(c->party[2].role, LS_ROLE_MEDIATOR);

    const ls_party *dprk = ls_charter_party(c, ls_bytes_str("dprk"));
    assert_ptr_equal(dprk, &c->party[0]);
    assert_int_equal(dprk->signer_count, 2);
    assert_true(dprk->has_recovery);
    assert_false(c->party[1].has_recovery);
    assert_int_equal(dprk->sealing[0], 1);
    assert_ptr_equal(ls_party_signer(dprk, ls_bytes_str("dprk-2")), &dprk->signer[1]);
    assert_string_equal(dprk->signer[1].key.name, "dprk.example/dprk-2");
    assert_true(ls_bytes_is(dprk->signer[0].title, "Envoy"));
    assert_int_equal(ls_party_threshold(dprk, ls_bytes_str("declare")), 2);
    assert_int_equal(ls_party_threshold(dprk, ls_bytes_str("perform")), 1);
    assert_null(ls_party_signer(dprk, ls_bytes_str("usa-1")));
    assert_null(ls_charter_party(c, ls_bytes_str("prc")));
    assert_null(ls_party_signer(NULL, ls_bytes_str("usa-1")));
}

/* The canonical JSON that is signed says the same as what people wrote. */
static void canonical_form_reads_the_same(void **state)
{
    fixture *f = *state;
    ls_buf canonical = {0};
    read_charter(f, charter);
    ls_json_canonical(marked_json(&f->arena, render(&f->arena, charter)), &canonical);
    ls_value *again = NULL;
    ls_charter second = {0};
    assert_success(ls_json_parse(&f->arena, ls_buf_bytes(&canonical), &again, NULL));
    ls_charter_read(&f->arena, again, &f->d, &second);
    assert_int_equal(f->d.errors, 0);
    assert_int_equal(second.party_count, 3);
    assert_memory_equal(&second.party[1].signer[0].key, &f->charter.party[1].signer[0].key, sizeof(ls_vkey));
    ls_buf_free(&canonical);
}

static const struct {
    const char *from, *to;
    unsigned line, column;
    const char *says, *hint;
} cases[] = {
    {"\"charter\": 1,", "\"charter\": 2,", 2, 12, "this program knows only charter: 1", NULL},
    {"\"charter\": 1,", "\"charter\": \"1\",", 2, 12, "this program knows only charter: 1", NULL},
    {"\"semantics\": 1", "\"semantics\": 2", 6, 14, "semantics: 1", NULL},
    {"\"suite\": 1", "\"suite\": true", 7, 10, "suite: 1", NULL},
    {"\"title\"", "\"tilte\"", 4, 1, "charter has no key 'tilte'", "did you mean 'title'?"},
    {"\"title\"", "\"tilte\"", 1, 1, "charter lacks the key 'title'", NULL},
    {"\"pyongyang\"", "\"Pyongyang\"", 3, 9, "name must be a name", "use a-z"},
    {"\"pyongyang\"", "2018", 3, 9, "name must be text", "put it in quotes"},
    {"\"The process of 2018\"", "true", 4, 10, "title must be text", "put it in quotes"},
    {"\"The process of 2018\"", "[]", 4, 10, "title must be text", NULL},
    {"\"The process of 2018\"", "\"\"", 4, 10, "title must not be empty", NULL},
    {"of 2018", "of\\n2018", 4, 10, "title must be one line", NULL},
    {"of 2018",
     "\xe2\x80\xae"
     "8102",
     4, 10, "title holds a character that does not show", NULL},
    {"true", "\"true\"", 5, 13, "exercise must be true or false", "without quotes"},
    {"\"exercise\": true", "\"exercise\": false", 8, 22, "only the origin of an exercise", "exercise: true"},
    {"exercise.rok.example/pyongyang\"", "rok.example/pyongyang\"", 8, 22, "begins with exercise.", "put exercise."},
    {"exercise.rok.example/pyongyang\"", "exercise.a b\"", 8, 22, "origin must be ASCII", NULL},
    {"@exercise.rok.example/pyongyang#1", "@exercise.rok.example/seoul#1", 9, 8, "must be named like the origin", NULL},
    {"@exercise.rok.example/pyongyang#1", "@exercise.rok.example/pyongyang#41", 9, 8, "not a cosigner's", NULL},
    {"@exercise.rok.example/pyongyang#1", "pyongyang+00+AA==", 9, 8, "not a valid verifier key", "all of it copied"},
    {"@exercise.rok.example/pyongyang#1", "@exercise.rok.example/pyongyang#2", 26, 8, "stands twice, first in line 9",
     NULL},
    {"quorum none\\n", "", 10, 11, "policy needs a line quorum", "quorum none"},
    {"quorum none\\n", "quorum none\\nquorum none\\n", 10, 11, "line 2: quorum stands twice", NULL},
    {"quorum none\\n", "quorum all\\n", 10, 11, "line 1: the quorum is not defined", NULL},
    {"quorum none\\n", "quorum\\n", 10, 11, "line 1: too few or too many words", NULL},
    {"quorum none\\n", "# x\\n\\nquorums none\\n", 10, 11, "line 3: a line begins with", NULL},
    {"quorum none\\n", "quorum\\tnone\\n", 10, 11, "policy must be plain text", NULL},
    {"\"quorum none\\n\"", "[]", 10, 11, "policy must be plain text", "write |"},
    {"quorum none\\n", "log @rok.example/x#9\\nquorum none\\n", 10, 11, "the log's key must be the ledger's", NULL},
    {"quorum none\\n", "witness w @w.example/w#9\\nquorum none\\n", 10, 11, "line 1: not a valid cosigner's", NULL},
    {"quorum none\\n", "witness none @w.example/w#49\\nquorum none\\n", 10, 11, "line 1: none is no name", NULL},
    {"quorum none\\n", "witness w @w.example/w#49\\nquorum w\\n", 10, 11, "witness 'w' is not one of the cosigners",
     "list it"},
    {"quorum none\\n", "witness w @w.example/w#49\\nwitness w @w.example/v#50\\nquorum none\\n", 10, 11,
     "line 2: the name stands twice", NULL},
    {"quorum none\\n", "witness w @w.example/w#45\\nquorum none\\n", 10, 11, "stands twice, first in line 38", NULL},
    {"quorum none\\n", "group g all w\\nquorum none\\n", 10, 11, "line 1: a member of the group is not defined", NULL},
    {"quorum none\\n", "witness w @w.example/w#49\\ngroup g 2 w\\nquorum none\\n", 10, 11, "line 2: a group needs",
     NULL},
    {"quorum none\\n", "witness w @w.example/w#49\\ngroup g any w\\ngroup h any w\\nquorum none\\n", 10, 11,
     "line 3: a name belongs to at most one", NULL},
    {"\"2018-05-04T15:00:00Z\"", "\"2018-05-04T15:00:60Z\"", 13, 10, "from must be a real time", "write it like"},
    {"\"2018-05-04T15:00:00Z\"", "\"2015-08-14T15:00:00Z\"", 13, 10, "offsets must stand in order", NULL},
    {"+08:30", "08:30", 12, 56, "offset must be a difference", "+09:00"},
    {"+08:30", "+18:01", 12, 56, "offset must be a difference", NULL},
    {"+08:30", "+08:60", 12, 56, "offset must be a difference", NULL},
    {"+08:30", "+8:30", 12, 56, "offset must be a difference", NULL},
    {"+08:30", "+08:30:00", 12, 56, "offset must be a difference", NULL},
    {"{\"from\": \"2018", "{\"form\": \"2018", 13, 2, "offset has no key 'form'", "did you mean 'from'?"},
    {"24:00", "24:01", 14, 12, "closing must be an hour", "end of the day"},
    {"24:00", "00:00", 14, 12, "closing must be an hour", "end of the day"},
    {"24:00", "8 pm", 14, 12, "closing must be an hour", NULL},
    {"\"1 day\"", "\"1 month\"", 15, 19, "months and years have no fixed length", "hours, days or weeks"},
    {"\"1 day\"", "\"0 days\"", 15, 19, "stamp-interval must be a length of time", "24 hours"},
    {"\"1 day\"", "1", 15, 19, "stamp-interval must be a length of time", "24 hours"},
    {"\"1 day\"", "\"400 days\"", 15, 19, "at most 366 days", NULL},
    {"\"24 hours\"", "\"1 year\"", 16, 10, "grace: months and years", NULL},
    {"\"30 days\"", "\"thirty days\"", 17, 18, "expires-limit must be a length", NULL},
    {"\"rows\": 2000000", "\"rows\": 0", 18, 20, "rows must lie between 1", NULL},
    {"\"rows\": 2000000", "\"rows\": \"many\"", 18, 20, "rows must be a whole number", "without quotes"},
    {"1073741824", "-1", 19, 21, "attachment-bytes must lie", NULL},
    {"\"name\": \"usa\"", "\"name\": \"dprk\"", 33, 10, "party 'dprk' stands twice, first in line 21, column 10", NULL},
    {"\"role\": \"mediator\"", "\"role\": \"mediators\"", 43, 9, "role must be", "did you mean 'mediator'?"},
    {"\"domain\": \"usa.example\"", "\"domain\": \"USA.example\"", 36, 11, "domain must be words", "usa.example"},
    {"\"domain\": \"usa.example\"", "\"domain\": \"usa..example\"", 36, 11, "domain must be words", NULL},
    {"\"domain\": \"usa.example\"", "\"domain\": \"usa.example.\"", 36, 11, "domain must be words", NULL},
    {"\"domain\": \"usa.example\"", "\"domain\": \"dprk.example\"", 36, 11, "domain 'dprk.example' stands twice", NULL},
    {"\"domain\": \"usa.example\"", "\"domain\": \"us.example\"", 38, 8, "the key must be named us.example/usa-1",
     NULL},
    {"\"name\": \"usa-1\"", "\"name\": \"dprk-1\"", 37, 22, "signer 'dprk-1' stands twice, first in line 25, column 22",
     NULL},
    {"usa-1#5", "usa-2#5", 38, 8, "the key must be named usa.example/usa-1, not usa.example/usa-2", NULL},
    {"usa-1#5", "usa-1#3", 38, 8, "stands twice, first in line 28, column 8", NULL},
    {"usa-1#5", "usa-1#4", 38, 8, "stands twice, first in line 31, column 13", NULL}, /* a recovery key */
    {"usa-1#5", "usa-1#45", 38, 8, "must be an Ed25519 key (type 01)", NULL},
    {"\"threshold\": 1", "\"threshold\": 3", 29, 14, "threshold must lie between 1 and 2", NULL},
    {"\"threshold\": 1", "\"threshold\": 0", 29, 14, "threshold must lie between 1 and 2", NULL},
    {"\"declare\": 2", "\"declare\": 3", 30, 27, "threshold must lie between 1 and 2", NULL},
    {"{\"declare\": 2, \"open\": 2}", "2", 30, 15, "thresholds must be a map", NULL},
    {"\"declare\": 2", "\"De clare\": 2", 30, 16, "thresholds are listed under kinds", NULL},
    {"@dprk.example/recovery#4", "@usa.example/recovery#4", 31, 13, "must be named dprk.example/", NULL},
    {"@~2", "@~1", 40, 12, "sealing key", NULL},
    {"@~2", "@~0", 40, 12, "sealing must be the base64", NULL},
    {"@~2", "AAAA", 40, 12, "sealing must be the base64", NULL},
    {"\"sealing\": \"@~2\"", "\"recovery\": 7", 33, 1, "party lacks the key 'sealing'", NULL},
    {"\"signers\": [{\"name\": \"usa-1\",\n\"key\": \"@usa.example/usa-1#5\"}]", "\"signers\": []", 37, 12,
     "signers must have from 1 to 32 items, not 0", NULL},
    {"\"signers\": [{\"name\": \"usa-1\",\n\"key\": \"@usa.example/usa-1#5\"}]", "\"signers\": {}", 37, 12,
     "signers must be a list", "'- '"},
};

static void refusals(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        read_charter(f, edited(&f->arena, charter, cases[i].from, cases[i].to));
        assert_diagnosed(&f->d, cases[i].line, cases[i].column, cases[i].says, cases[i].hint);
        assert_true(f->d.errors > 0);
    }
}

static void what_is_allowed(void **state)
{
    static const struct {
        const char *from, *to;
    } allowed[] = {
        {"quorum none\\n", "quorum none"},
        {"quorum none\\n", "# of one machine\\n\\n  quorum  none\\n"},
        {"quorum none\\n", "log @exercise.rok.example/pyongyang#1 https://rok.example/\\nwitness w @w.example/w#49\\n"
                           "witness v @v.example/v#50\\ngroup g 2 w v\\ngroup h all g\\nquorum none\\n"},
        {"+08:30", "-18:00"},
        {"24:00", "00:01"},
    };
    fixture *f = *state;
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
        read_charter(f, edited(&f->arena, charter, allowed[i].from, allowed[i].to));
        if (f->d.count > 0) {
            fail_msg("case %zu: %s", i, f->d.item[0].text);
        }
    }
    assert_int_equal(f->charter.zone.spans[0].offset, 30600);
}

static void at_least_two_sides(void **state)
{
    fixture *f = *state;
    const char *text = edited(&f->arena, charter, "\"party\"", "\"observer\"");
    read_charter(f, text);
    assert_diagnosed(&f->d, 20, 12, "at least two must have the role party", NULL);
    read_charter(f, edited(&f->arena, text, "\"mediator\"", "\"party\""));
    assert_int_equal(f->d.errors, 0);
}

/* A threshold for a kind that nobody knows is probably misspelled, but may belong to a newer program. */
static void unknown_kinds_are_warned_of(void **state)
{
    fixture *f = *state;
    read_charter(f, edited(&f->arena, charter, "\"declare\": 2", "\"delcare\": 2"));
    assert_int_equal(f->d.errors, 0);
    assert_int_equal(f->d.count, 1);
    assert_true(f->d.item[0].warning);
    assert_diagnosed(&f->d, 30, 16, "no kind of act with this name", "did you mean 'declare'?");
}

static void all_errors_at_once(void **state)
{
    fixture *f = *state;
    const char *text = charter;
    text = edited(&f->arena, text, "24:00", "25:00");
    text = edited(&f->arena, text, "\"1 day\"", "\"1 month\"");
    text = edited(&f->arena, text, "\"role\": \"mediator\"", "\"role\": \"host\"");
    text = edited(&f->arena, text, "usa-1#5", "usa-1#6");
    read_charter(f, text);
    assert_int_equal(f->d.errors, 4);
    assert_diagnosed(&f->d, 14, 12, "closing", NULL);
    assert_diagnosed(&f->d, 15, 19, "no fixed length", NULL);
    assert_diagnosed(&f->d, 43, 9, "role", NULL);
    assert_diagnosed(&f->d, 46, 8, "stands twice, first in line 38", NULL);
}

static void not_a_charter_at_all(void **state)
{
    static const char *const texts[] = {"[]",
                                        "{}",
                                        "{\"parties\": [1, 2]}",
                                        "{\"parties\": [{}, {}]}",
                                        "{\"ledger\": 1, \"time\": [], \"limits\": true, \"policy\": 1}",
                                        "{\"time\": {\"offsets\": [1, []]}}"};
    fixture *f = *state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        read_charter(f, texts[i]);
        assert_true(f->d.errors > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_every_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(canonical_form_reads_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refusals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_allowed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(at_least_two_sides, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unknown_kinds_are_warned_of, set_up, tear_down),
        cmocka_unit_test_setup_teardown(all_errors_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(not_a_charter_at_all, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("charter", tests, set_up_group, NULL);
}
