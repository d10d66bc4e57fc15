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

#define PROOF "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw=="

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
    assert_false(c->counts_first_day);
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
    {"\"24:00\"", "\"24:00\", \"counting\": \"from tomorrow\"", 14, 33, "counting must be: from the next day",
     "left out"},
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

/* What a charter says when the record is watched over: South Korea hosts; the outsider is the last of the cosigners. */
static const char *watched(fixture *f)
{
    const char *text = charter;
    text = edited(&f->arena, text, "\"key\": \"@exercise.rok.example/pyongyang#1\"}",
                  "\"key\": \"@exercise.rok.example/pyongyang#1\", \"host\": \"rok\"}");
    text = edited(&f->arena, text, "quorum none\\n",
                  "witness usa @usa.example/cosigner#50 https://usa.example/\\n"
                  "witness iaea @iaea.example/w#52\\ngroup g all usa iaea\\nquorum g\\n");
    text = edited(&f->arena, text, "1073741824},", "1073741824, \"open-until\": \"90 days\"},");
    text = edited(&f->arena, text, "@usa.example/usa-1#5\"}],",
                  "@usa.example/usa-1#5\", \"until\": \"2019-12-31T00:00:00Z\"}],\n"
                  "\"access\": [\"@usa.example/reader#20\", \"@usa.example/editor#21\"],");
    return edited(&f->arena, text, "]}\n",
                  "],\n\"access\": \"public\",\n"
                  "\"audiences\": {\"inspectors\": [\"usa\", \"rok\"]},\n"
                  "\"cosigners\": [{\"name\": \"usa\", \"party\": \"usa\", \"key\": \"@usa.example/cosigner#50\",\n"
                  "\"receipts\": \"@usa.example/receipts#22\"},\n"
                  "{\"name\": \"seoul\", \"party\": \"rok\", \"title\": \"Seoul\",\n"
                  "\"key\": \"@rok.example/c#51\", \"receipts\": \"@rok.example/r#23\"},\n"
                  "{\"name\": \"iaea\", \"key\": \"@iaea.example/w#52\",\n"
                  "\"receipts\": \"@iaea.example/r#24\"}],\n"
                  "\"proofs\": [{\"key\": \"@iaea.example/w#52\", \"proof\": \"" PROOF "\"}]}\n");
}

static void reads_who_watches(void **state)
{
    fixture *f = *state;
    const ls_charter *c = &f->charter;
    read_charter(f, watched(f));
    assert_int_equal(f->d.count, 0);
    assert_int_equal(c->host, 2);
    assert_false(c->quorum_none);
    assert_int_equal(c->policy.witness_count, 2);
    assert_true(ls_bytes_starts(c->policy_text, "witness usa usa.example/cosigner+"));
    assert_true(c->public_access);
    assert_int_equal(c->open_until_limit, 90 * 86400);
    assert_int_equal(c->cosigner_count, 3);
    assert_int_equal(c->cosigner[0].party, 1);
    assert_true(ls_bytes_is(c->cosigner[0].title, "United States of America"));
    assert_true(ls_bytes_is(c->cosigner[1].title, "Seoul"));
    assert_true(ls_bytes_is(c->cosigner[2].title, "iaea"));
    assert_int_equal(c->cosigner[2].party, LS_NO_PARTY);
    assert_string_equal(c->cosigner[2].receipts.name, "iaea.example/r");
    assert_ptr_equal(ls_charter_cosigner(c, ls_bytes_str("seoul")), &c->cosigner[1]);
    assert_null(ls_charter_cosigner(c, ls_bytes_str("rok")));
    assert_int_equal(c->audience_count, 1);
    assert_int_equal(ls_charter_audience(c, ls_bytes_str("inspectors"))->parties, 6);
    assert_null(ls_charter_audience(c, ls_bytes_str("process")));
    const ls_party *usa = &c->party[1];
    assert_int_equal(usa->signer[0].until, 1577750400); /* date -u -d 2019-12-31 +%s */
    assert_int_equal(c->party[0].signer[0].until, LS_TIME_OPEN);
    assert_int_equal(usa->delegate_count, 2);
    assert_true(ls_bytes_is(ls_vkey_last(&usa->delegate[1].key), "editor"));
    assert_int_equal(usa->delegate[1].until, LS_TIME_OPEN);
    assert_int_equal(c->proof_count, 1);
    assert_string_equal(c->proof[0].key.name, "iaea.example/w");
    assert_int_equal(c->proof[0].proof[63], 63);
    assert_int_equal(ls_party_threshold_max(&c->party[0]), 2);
    assert_int_equal(ls_party_threshold_max(usa), 1);
}

/* Without them: nobody is named, and reading takes a note. */
static void nobody_watches(void **state)
{
    fixture *f = *state;
    const ls_charter *c = &f->charter;
    read_charter(f, charter);
    assert_int_equal(c->host, LS_NO_PARTY);
    assert_false(c->public_access);
    assert_int_equal(c->cosigner_count + c->audience_count + c->proof_count + c->party[0].delegate_count, 0);
    assert_int_equal(c->open_until_limit, 0);
}

static void every_key_once(void **state)
{
    static const struct {
        ls_key_purpose purpose;
        size_t party;
        const char *owner, *name;
    } expected[] = {
        {LS_KEY_OF_LEDGER, LS_NO_PARTY, "", "exercise.rok.example/pyongyang"},
        {LS_KEY_OF_SIGNER, 0, "dprk", "dprk.example/dprk-1"},
        {LS_KEY_OF_SIGNER, 0, "dprk", "dprk.example/dprk-2"},
        {LS_KEY_OF_RECOVERY, 0, "dprk", "dprk.example/recovery"},
        {LS_KEY_OF_SIGNER, 1, "usa", "usa.example/usa-1"},
        {LS_KEY_OF_DELEGATE, 1, "usa", "usa.example/reader"},
        {LS_KEY_OF_DELEGATE, 1, "usa", "usa.example/editor"},
        {LS_KEY_OF_SIGNER, 2, "rok", "rok.example/rok-1"},
        {LS_KEY_OF_COSIGNER, 1, "usa", "usa.example/cosigner"},
        {LS_KEY_OF_RECEIPTS, 1, "usa", "usa.example/receipts"},
        {LS_KEY_OF_COSIGNER, 2, "rok", "rok.example/c"},
        {LS_KEY_OF_RECEIPTS, 2, "rok", "rok.example/r"},
        {LS_KEY_OF_COSIGNER, LS_NO_PARTY, "iaea", "iaea.example/w"},
        {LS_KEY_OF_RECEIPTS, LS_NO_PARTY, "iaea", "iaea.example/r"},
    };
    fixture *f = *state;
    ls_key_entry e;
    read_charter(f, watched(f));
    size_t count = sizeof expected / sizeof *expected;
    for (size_t i = 0; i < count; i++) {
        assert_true(ls_charter_key(&f->charter, i, &e));
        assert_int_equal(e.purpose, expected[i].purpose);
        assert_int_equal(e.party, expected[i].party);
        assert_true(ls_bytes_is(e.owner, expected[i].owner));
        assert_string_equal(e.key->name, expected[i].name);
        assert_int_equal(e.until, i == 4 ? 1577750400 : LS_TIME_OPEN);
    }
    assert_false(ls_charter_key(&f->charter, count, &e));
    assert_false(ls_charter_key(&f->charter, SIZE_MAX, &e));
    assert_true(ls_bytes_is(ls_vkey_last(&f->charter.ledger), "pyongyang"));
}

/* Edits of the watched charter; the places are checked by their line only. */
static void watching_refused(void **state)
{
    static const struct {
        const char *from, *to;
        unsigned line;
        const char *says;
    } wrong[] = {
        {"\"host\": \"rok\"", "\"host\": \"prk\"", 9, "there is no party 'prk'"},
        {"\"host\": \"rok\"", "\"host\": \"usa\"", 10, "witness 'usa' is the host's"},
        {"\"name\": \"usa\", \"party\"", "\"name\": \"us\", \"party\"", 10, "not one of the cosigners"},
        {"witness usa @usa.example/cosigner#50", "witness usa @usa.example/cosigner#53", 10, "has another key"},
        {"witness usa @usa.example/cosigner#50", "witness usa @usa.example/x#50", 10, "has another key"},
        {"\"90 days\"", "\"90 months\"", 19, "no fixed length"},
        {"\"2019-12-31T00:00:00Z\"", "\"2019-12-31\"", 38, "until must be a real time"},
        {"@usa.example/reader#20", "@rok.example/reader#20", 39, "a delegate's key must be named usa.example/"},
        {"@usa.example/reader#20", "@usa.example/reader#5", 39, "stands twice, first in line 38"},
        {"@usa.example/reader#20", "@usa.example/usa-1#20", 39, "key name 'usa.example/usa-1 (01)' stands twice"},
        {"@usa.example/reader#20", "@usa.example/reader#50", 39, "must be an Ed25519 key"},
        {"\"access\": \"public\"", "\"access\": \"open\"", 51, "access must be public or process"},
        {"[\"usa\", \"rok\"]}", "[\"usa\", \"prk\"]}", 52, "there is no party 'prk'"},
        {"[\"usa\", \"rok\"]}", "[\"usa\", \"usa\"]}", 52, "a party stands twice"},
        {"[\"usa\", \"rok\"]}", "[]}", 52, "an audience must be a list of parties"},
        {"[\"usa\", \"rok\"]}", "\"usa\"}", 52, "an audience must be a list of parties"},
        {"{\"inspectors\": [\"usa\", \"rok\"]}", "[]", 52, "audiences must be a map"},
        {"\"inspectors\"", "\"public\"", 52, "public and process are there already"},
        {"{\"name\": \"rok\",\n", "{\"name\": \"public\",\n", 42, "and this one is everybody's"},
        {"{\"name\": \"rok\",\n", "{\"name\": \"process\",\n", 42, "and this one is everybody's"},
        {"\"inspectors\"", "\"rok\"", 52, "a party is an audience of its own name already"},
        {"\"inspectors\"", "\"process\"", 52, "public and process are there already"},
        {"\"inspectors\"", "\"Inspectors\"", 52, "an audience has a name of a-z"},
        {"\"party\": \"usa\"", "\"party\": \"us\"", 53, "there is no party 'us'"},
        {", \"party\": \"usa\"", "", 53, "not named like a party"},
        {"\"name\": \"seoul\"", "\"name\": \"dprk\"", 55, "not named like a party"},
        {"\"name\": \"seoul\"", "\"name\": \"usa\"", 55, "cosigner 'usa' stands twice"},
        {"@rok.example/c#51", "@usa.example/c#51", 56, "must be named rok.example/"},
        {"@rok.example/r#23", "@usa.example/r#23", 56, "must be named rok.example/"},
        {"@rok.example/r#23", "@rok.example/r#22", 56, "stands twice, first in line 54"},
        {"\"@rok.example/c#51\"", "\"@rok.example/c#15\"", 56, "must be a cosigner's key (type 04)"},
        {"\"@rok.example/r#23\"", "\"@rok.example/r#53\"", 56, "must be an Ed25519 key"},
        {"\"receipts\": \"@iaea.example/r#24\"", "\"party\": \"dprk\"", 57, "cosigner lacks the key 'receipts'"},
        {"\"proofs\": [{\"key\": \"@iaea.example/w#52\"", "\"proofs\": [{\"key\": \"iaea\"", 59,
         "not a valid verifier"},
        {PROOF, "AAAA", 59, "proof must be the base64"},
    };
    fixture *f = *state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        bool found = false;
        read_charter(f, edited(&f->arena, watched(f), wrong[i].from, wrong[i].to));
        for (size_t k = 0; k < f->d.count; k++) {
            found = found || (f->d.item[k].mark.line == wrong[i].line && !f->d.item[k].warning &&
                              strstr(f->d.item[k].text, wrong[i].says) != NULL);
        }
        if (!found) {
            fail_msg("%s: line %u: %s", wrong[i].says, f->d.item[0].mark.line, f->d.item[0].text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_every_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(canonical_form_reads_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refusals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_who_watches, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody_watches, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_key_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(watching_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_allowed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(at_least_two_sides, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unknown_kinds_are_warned_of, set_up, tear_down),
        cmocka_unit_test_setup_teardown(all_errors_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(not_a_charter_at_all, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("charter", tests, set_up_group, NULL);
}
