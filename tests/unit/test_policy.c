/*
 * Tests of policies: what reads and what does not, and what a policy lets happen. The answers about quorums are
 * compared with those of a program that tries every set of witnesses, and every pair of quorums, on trees made at
 * random.
 */
#include "crypto/crypto.h"
#include "process/quorums.h"
#include "vectors.h"

#define WITNESSES 8 /* at most, where all pairs are tried */

typedef struct fixture {
    ls_arena arena;
    ls_diagnostics d;
    ls_policy policy;
} fixture;

static int set_up_group(void **state)
{
    (void)state;
    return ls_failed(ls_crypto_init()) ? -1 : 0;
}

static int set_up(void **state)
{
    *state = calloc(1, sizeof(fixture));
    return 0;
}

static int tear_down(void **state)
{
    ls_arena_free(&((fixture *)*state)->arena);
    free(*state);
    return 0;
}

/* The n-th cosigner's verifier key; type 01 with plain set. */
static void put_vkey(ls_buf *out, unsigned n, bool plain)
{
    uint8_t seed[LS_SEED_SIZE] = {(uint8_t)(n + 1)}, public_key[LS_PUBLIC_KEY_SIZE], secret[LS_SECRET_KEY_SIZE];
    char name[32], text[LS_VKEY_SIZE];
    ls_vkey key;
    snprintf(name, sizeof name, "w%u.example/w", n);
    ls_ed25519_keypair(seed, public_key, secret);
    ls_vkey_make(ls_bytes_str(name), plain ? LS_KEY_ED25519 : LS_KEY_COSIGNATURE, public_key, &key);
    ls_vkey_format(&key, text);
    ls_buf_put_str(out, text);
}

/* @n is the key of cosigner n, @@n the ledger's or a signer's. */
static ls_bytes render(ls_arena *arena, const char *text)
{
    ls_buf out = {0};
    for (; *text != 0; text++) {
        if (*text != '@') {
            ls_buf_put_u8(&out, (uint8_t)*text);
            continue;
        }
        bool plain = text[1] == '@';
        char *end;
        put_vkey(&out, (unsigned)strtoul(text + (plain ? 2 : 1), &end, 10), plain);
        text = end - 1;
    }
    ls_bytes kept = ls_bytes_str(ls_arena_str(arena, ls_buf_bytes(&out)));
    ls_buf_free(&out);
    return kept;
}

static void read_policy(fixture *f, const char *text)
{
    memset(&f->d, 0, sizeof f->d);
    f->d.arena = &f->arena;
    memset(&f->policy, 0xee, sizeof f->policy);
    ls_policy_read(&f->arena, render(&f->arena, text), (ls_mark){7, 3}, &f->d, &f->policy);
}

static void read_well(fixture *f, const char *text)
{
    read_policy(f, text);
    if (f->d.count > 0) {
        fail_msg("%s in:\n%s", f->d.item[0].text, text);
    }
}

#define FOUR "witness a @0\nwitness b @1\nwitness c @2\nwitness d @3\n"

static void reads_every_line(void **state)
{
    fixture *f = *state;
    read_well(f, "# who\n\nlog @@9 https://ledger.example/\n  witness a @0\nwitness b @1 http://b.example/w\n"
                 "group pair all a b\nwitness c @2\ngroup all-of-it any pair c\nquorum all-of-it\n");
    const ls_policy *p = &f->policy;
    assert_true(p->has_log);
    assert_string_equal(p->log.name, "w9.example/w");
    assert_bytes(p->log_url, ls_bytes_str("https://ledger.example/"));
    assert_int_equal(p->witness_count, 3);
    assert_bytes(p->witness[1].name, ls_bytes_str("b"));
    assert_bytes(p->witness[1].url, ls_bytes_str("http://b.example/w"));
    assert_int_equal(p->witness[0].url.len, 0);
    assert_string_equal(p->witness[2].key.name, "w2.example/w");
    assert_int_equal(p->group_count, 2);
    assert_int_equal(p->group[0].needed, 2);
    assert_int_equal(p->group[0].witnesses, 3);
    assert_int_equal(p->group[1].needed, 1);
    assert_int_equal(p->group[1].witnesses, 4);
    assert_int_equal(p->group[1].groups, 1);
    assert_int_equal(p->quorum, LS_QUORUM_GROUP);
    assert_int_equal(p->quorum_index, 1);
    static const bool met[8] = {false, false, false, true, true, true, true, true};
    for (ls_witnesses who = 0; who < 8; who++) {
        assert_int_equal(ls_policy_met(p, who), met[who]);
    }
}

static void quorums_of_one_and_none(void **state)
{
    fixture *f = *state;
    read_well(f, "witness a @0\nwitness b @1\nquorum b\n");
    assert_int_equal(f->policy.quorum, LS_QUORUM_WITNESS);
    assert_false(ls_policy_met(&f->policy, 1));
    assert_true(ls_policy_met(&f->policy, 2));
    read_well(f, "witness a @0\nquorum none");
    assert_int_equal(f->policy.quorum, LS_QUORUM_NONE);
    assert_true(ls_policy_met(&f->policy, 0));
}

static void refusals(void **state)
{
    static const char *const cases[][2] = {
        {"", "policy needs a line quorum"},
        {"quorum none\nquorum none\n", "line 2: quorum stands twice"},
        {"quorum a\n", "line 1: the quorum is not defined above"},
        {"quorum a\nwitness a @0\n", "line 1: the quorum is not defined above"},
        {"quorum\n", "too few or too many words"},
        {"quorum none none\n", "too few or too many words"},
        {"witness a\nquorum none\n", "too few or too many words"},
        {"witness a @0 https://a b\nquorum none\n", "too few or too many words"},
        {"witness a @0 ftp://a.example\nquorum none\n", "line 1: a URL begins with"},
        {"log @@9 a.example\nquorum none\n", "line 1: a URL begins with"},
        {"witness a @0 https://a.example/w?x=1\nquorum none\n", "line 1: a URL here has neither"},
        {"witness a @0 https://a.example/w#x\nquorum none\n", "line 1: a URL here has neither"},
        {"witness a @0 https://\xc3\xa4.example\nquorum none\n", "line 1: a URL here has neither"},
        {"log @@9 https://a.example/?\nquorum none\n", "line 1: a URL here has neither"},
        {"witness a @@0\nquorum none\n", "line 1: not a valid cosigner's key (type 04)"},
        {"log @9\nquorum none\n", "line 1: not a valid ledger's key (type 01)"},
        {"log @@9\nlog @@9\nquorum none\n", "line 2: log stands twice"},
        {"witness a @0\nwitness a @1\nquorum a\n", "line 2: the name stands twice"},
        {"witness a @0\nwitness b @0\nquorum a\n", "line 2: the key stands twice"},
        {"witness none @0\nquorum none\n", "line 1: none is no name"},
        {"group g all a\nquorum none\n", "line 1: a member of the group is not defined above"},
        {"witness a @0\ngroup g all g\nquorum g\n", "line 2: a member of the group is not defined above"},
        {FOUR "group g 0 a b\nquorum g\n", "line 5: a group needs all, any"},
        {FOUR "group g 3 a b\nquorum g\n", "line 5: a group needs all, any"},
        {FOUR "group g 01 a b\nquorum g\n", "line 5: a group needs all, any"},
        {FOUR "group g most a b\nquorum g\n", "line 5: a group needs all, any"},
        {FOUR "group g any a a\nquorum g\n", "line 5: a name belongs to at most one group"},
        {FOUR "group g any a b\ngroup h any b c\nquorum g\n", "line 6: a name belongs to at most one group"},
        {FOUR "group a any b c\nquorum a\n", "line 5: the name stands twice"},
        {"witnesses a @0\nquorum none\n", "line 1: a line begins with"},
        {"quorum\tnone\n", "plain text"},
        {"quorum none\r\n", "plain text"},
    };
    fixture *f = *state;
    static const ls_policy untouched_size;
    uint8_t before[sizeof untouched_size];
    memset(before, 0xee, sizeof before);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        read_policy(f, cases[i][0]);
        if (f->d.errors == 0 || strstr(f->d.item[0].text, cases[i][1]) == NULL) {
            fail_msg("wanted %s, got %s", cases[i][1], f->d.errors == 0 ? "none" : f->d.item[0].text);
        }
        assert_int_equal(f->d.item[0].mark.line, 7);
        assert_memory_equal(&f->policy, before, sizeof before);
    }
}

static void limits(void **state)
{
    fixture *f = *state;
    ls_buf text = {0};
    for (unsigned i = 0; i < LS_POLICY_WITNESSES_MAX; i++) {
        ls_buf_format(&text, "witness w%u @%u\ngroup g%u any w%u\n", i, i, i, i);
    }
    size_t at_most = text.len;
    ls_buf_put_str(&text, "quorum g31\n");
    read_well(f, ls_buf_cstr(&text));
    assert_int_equal(f->policy.witness_count, 32);
    assert_int_equal(f->policy.group_count, 32);
    assert_true(ls_policy_met(&f->policy, UINT32_C(1) << 31));
    text.len = at_most;
    ls_buf_put_str(&text, "witness x @40\nquorum none\n");
    read_policy(f, ls_buf_cstr(&text));
    assert_string_equal(f->d.item[0].text, "policy, line 65: at most 32 witnesses");
    text.len = at_most;
    ls_buf_put_str(&text, "group x any g1 g2\nquorum none\n");
    read_policy(f, ls_buf_cstr(&text));
    assert_string_equal(f->d.item[0].text, "policy, line 65: at most 32 groups");
    for (unsigned over = 0; over < 2; over++) {
        text.len = 0;
        ls_buf_format(&text, "witness a @0 https://%0*u\nquorum none\n", 899 - 8 + (int)over, 7);
        read_policy(f, ls_buf_cstr(&text));
        assert_int_equal(f->d.errors, over);
    }
    ls_buf_free(&text);
}

/* A tree of groups made at random, kept apart from what the parser makes of its text. */
typedef struct node {
    unsigned needed, count, member[WITNESSES + 6]; /* a member below WITNESSES is a witness, else a group */
} node;

typedef struct tree {
    unsigned witnesses, groups;
    node group[6];
} tree;

static uint32_t roll(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u; /* Numerical Recipes' generator: the same trees in each run */
    return *seed >> 8;
}

static void make_tree(uint32_t *seed, tree *t)
{
    unsigned loose[WITNESSES + 6], count = t->witnesses = 1 + roll(seed) % WITNESSES;
    t->groups = 1 + roll(seed) % 5;
    for (unsigned i = 0; i < count; i++) {
        loose[i] = i;
    }
    for (unsigned g = 0; g < t->groups; g++) {
        node *n = &t->group[g];
        unsigned left = g + 1 == t->groups ? count : 1 + roll(seed) % count;
        for (n->count = 0; n->count < left; n->count++) {
            unsigned at = roll(seed) % count;
            n->member[n->count] = loose[at];
            loose[at] = loose[--count];
        }
        n->needed = 1 + roll(seed) % n->count;
        loose[count++] = WITNESSES + g;
    }
}

static bool node_met(const tree *t, unsigned member, unsigned who)
{
    if (member < WITNESSES) {
        return (who >> member & 1) != 0;
    }
    const node *n = &t->group[member - WITNESSES];
    unsigned have = 0;
    for (unsigned i = 0; i < n->count; i++) {
        have += node_met(t, n->member[i], who);
    }
    return have >= n->needed;
}

static bool tree_met(const tree *t, unsigned who)
{
    return node_met(t, WITNESSES + t->groups - 1, who);
}

static void write_tree(const tree *t, ls_buf *out)
{
    for (unsigned i = 0; i < t->witnesses; i++) {
        ls_buf_format(out, "witness m%u @%u\n", i, i);
    }
    for (unsigned g = 0; g < t->groups; g++) {
        const node *n = &t->group[g];
        ls_buf_format(out, "group m%u %u", WITNESSES + g, n->needed);
        for (unsigned i = 0; i < n->count; i++) {
            ls_buf_format(out, " m%u", n->member[i]);
        }
        ls_buf_put_u8(out, '\n');
    }
    ls_buf_format(out, "quorum m%u\n", WITNESSES + t->groups - 1);
}

static bool minimal(const tree *t, unsigned who)
{
    for (unsigned i = 0; i < WITNESSES; i++) {
        if ((who >> i & 1) != 0 && tree_met(t, who & ~(1u << i))) {
            return false;
        }
    }
    return tree_met(t, who);
}

static bool splits(const tree *t, unsigned by)
{
    unsigned all = 1u << t->witnesses;
    for (unsigned a = 0; a < all; a++) {
        for (unsigned b = a; tree_met(t, a) && b < all; b++) {
            if ((a & b & ~by) == 0 && tree_met(t, b)) {
                return true;
            }
        }
    }
    return false;
}

static void compare_counts(const tree *t, const ls_policy *p)
{
    ls_quorums q;
    uint64_t count = 0, least = 0;
    unsigned smallest = WITNESSES;
    bool found[1 << WITNESSES] = {0};
    ls_quorums_count(p, &q);
    for (unsigned who = 0; who < 1u << t->witnesses; who++) {
        assert_int_equal(ls_policy_met(p, who), tree_met(t, who));
        count += tree_met(t, who);
        found[who] = minimal(t, who);
        least += found[who];
        smallest = tree_met(t, who) && (unsigned)__builtin_popcount(who) < smallest ? (unsigned)__builtin_popcount(who)
                                                                                    : smallest;
    }
    /* The brute-force count is of all witnesses; those outside the quorum's tree stand in half of the sets each. */
    assert_int_equal(q.count << (t->witnesses - (unsigned)__builtin_popcount(q.used)), count);
    assert_int_equal(q.minimal, least);
    assert_int_equal(q.smallest, smallest);
    for (uint64_t i = 0; i < q.minimal; i++) {
        ls_witnesses m = ls_quorums_minimal(p, i);
        assert_true(found[m]); /* each of them, and none twice */
        found[m] = false;
    }
}

static void every_set_of_witnesses(void **state)
{
    fixture *f = *state;
    uint32_t seed = 3;
    unsigned split = 0;
    for (unsigned round = 0; round < 400; round++) {
        tree t;
        ls_buf text = {0};
        make_tree(&seed, &t);
        write_tree(&t, &text);
        read_well(f, ls_buf_cstr(&text));
        compare_counts(&t, &f->policy);
        for (unsigned by = 0; by < 1u << t.witnesses; by = by * 2 + roll(&seed) % 2 + (by == 0)) {
            bool expected = splits(&t, by);
            split += expected;
            if (ls_quorums_split(&f->policy, by) != expected) {
                fail_msg("split by %x: not %d:\n%s", by, expected, ls_buf_cstr(&text));
            }
        }
        ls_buf_free(&text);
    }
    assert_true(split > 100);
}

/* As many as there may be: counts by the binomial theorem. */
static void the_largest_policy(void **state)
{
    fixture *f = *state;
    ls_buf text = {0}, members = {0};
    for (unsigned i = 0; i < 32; i++) {
        ls_buf_format(&text, "witness w%u @%u\n", i, i);
        ls_buf_format(&members, " w%u", i);
    }
    ls_buf_format(&text, "group g 16%s\nquorum g\n", ls_buf_cstr(&members));
    read_well(f, ls_buf_cstr(&text));
    ls_quorums q;
    ls_quorums_count(&f->policy, &q);
    assert_int_equal(q.minimal, 601080390);                         /* 32 over 16 */
    assert_int_equal(q.count, (UINT64_C(1) << 31) + 601080390 / 2); /* half, and half of the middle */
    assert_int_equal(q.smallest, 16);
    assert_int_equal(ls_quorums_minimal(&f->policy, 0), 0x0000ffff);
    assert_int_equal(ls_quorums_minimal(&f->policy, q.minimal - 1), 0xffff0000);
    assert_true(ls_quorums_split(&f->policy, 0));
    ls_buf_free(&text);
    ls_buf_free(&members);
}

/* Two sides, two outsiders; South Korea hosts. Parties 0 to 2, cosigner i is witness @i. */
static void make_charter(fixture *f, const char *policy, ls_charter *c)
{
    static const struct {
        const char *name;
        size_t party;
    } cosigners[] = {{"dprk", 0}, {"usa", 1}, {"iaea", LS_NO_PARTY}, {"sweden", LS_NO_PARTY}};
    static const char *const parties[] = {"North Korea", "United States", "South Korea"};
    memset(c, 0, sizeof *c);
    read_well(f, policy);
    c->policy = f->policy;
    c->host = 2;
    for (size_t i = 0; i < 3; i++) {
        c->party[c->party_count++] =
            (ls_party){.title = ls_bytes_str(parties[i]), .role = i == 2 ? LS_ROLE_MEDIATOR : LS_ROLE_PARTY};
    }
    for (size_t i = 0; i < 4; i++) {
        c->cosigner[c->cosigner_count++] = (ls_cosigner){.name = ls_bytes_str(cosigners[i].name),
                                                         .title = ls_bytes_str(cosigners[i].name),
                                                         .party = cosigners[i].party};
    }
}

#define WITNESS_LINES "witness dprk @0\nwitness usa @1\nwitness iaea @2\nwitness sweden @3\n"

static bool is_weak(const ls_policy_analysis *a, ls_weakness what, const char *who)
{
    for (size_t i = 0; i < a->count; i++) {
        if (a->weak[i].what == what && ls_bytes_is(a->weak[i].who, who)) {
            return true;
        }
    }
    return false;
}

static void who_could_do_what(void **state)
{
    fixture *f = *state;
    ls_charter *c = malloc(sizeof *c);
    ls_policy_analysis a;
    assert_non_null(c);

    make_charter(f, WITNESS_LINES "group g 3 dprk usa iaea sweden\nquorum g\n", c);
    ls_policy_analyse(c, &a);
    assert_int_equal(a.count, 0);
    assert_int_equal(a.quorums.count, 5);
    assert_int_equal(a.quorums.minimal, 4);
    assert_int_equal(a.better, 0);

    make_charter(f, WITNESS_LINES "group g all dprk usa iaea sweden\nquorum g\n", c);
    ls_policy_analyse(c, &a);
    assert_int_equal(a.count, 4);
    assert_true(is_weak(&a, LS_WEAK_STOP, "North Korea") && is_weak(&a, LS_WEAK_STOP, "sweden"));
    assert_int_equal(a.better, 3);
    assert_true(a.mended);

    make_charter(f, WITNESS_LINES "group g 2 dprk usa iaea sweden\nquorum g\n", c);
    ls_policy_analyse(c, &a);
    assert_int_equal(a.count, 1);
    assert_true(is_weak(&a, LS_WEAK_HOST, ""));

    make_charter(f, WITNESS_LINES "group g 2 dprk usa iaea\nquorum g\n", c);
    ls_policy_analyse(c, &a);
    assert_int_equal(a.count, 3);
    assert_true(is_weak(&a, LS_WEAK_SPLIT, "United States") && is_weak(&a, LS_WEAK_SPLIT, "iaea"));
    assert_int_equal(a.better, 0); /* all three would let each of them stop the clock */

    make_charter(f, WITNESS_LINES "quorum usa\n", c);
    ls_policy_analyse(c, &a);
    assert_int_equal(a.count, 2);
    assert_true(is_weak(&a, LS_WEAK_STOP, "United States") && is_weak(&a, LS_WEAK_ALONE, "United States"));

    /* Both cosigners of one party count as that party's. */
    make_charter(f, WITNESS_LINES "group g 3 dprk usa iaea sweden\nquorum g\n", c);
    c->cosigner[2].party = 1;
    ls_policy_analyse(c, &a);
    assert_int_equal(a.count, 2);
    assert_true(is_weak(&a, LS_WEAK_STOP, "United States") && is_weak(&a, LS_WEAK_SPLIT, "United States"));

    make_charter(f, "quorum none\n", c);
    c->host = LS_NO_PARTY;
    ls_policy_analyse(c, &a);
    assert_int_equal(a.count, 0);
    free(c);
}

static void audiences_and_hosts(void **state)
{
    fixture *f = *state;
    ls_charter *c = malloc(sizeof *c);
    ls_policy_analysis a;
    assert_non_null(c);
    make_charter(f, WITNESS_LINES "group g 3 dprk usa iaea sweden\nquorum g\n", c);
    c->audience[c->audience_count++] = (ls_audience){ls_bytes_str("inspectors"), 3};
    c->host = LS_NO_PARTY;
    ls_policy_analyse(c, &a);
    assert_int_equal(a.count, 2);
    assert_true(is_weak(&a, LS_WEAK_NO_HOST, "") && is_weak(&a, LS_WEAK_AUDIENCE, "inspectors"));

    /* The host is neutral, but that it holds a file proves nothing against it. */
    c->cosigner[2].party = 2;
    c->audience[0].parties = 7;
    c->host = 2;
    ls_policy_analyse(c, &a);
    assert_true(is_weak(&a, LS_WEAK_AUDIENCE, "inspectors"));
    c->host = 0;
    ls_policy_analyse(c, &a);
    assert_false(is_weak(&a, LS_WEAK_AUDIENCE, "inspectors"));
    free(c);
}

static void warnings_say_what_mends_them(void **state)
{
    fixture *f = *state;
    ls_charter *c = malloc(sizeof *c);
    assert_non_null(c);
    make_charter(f, WITNESS_LINES "group g all dprk usa iaea sweden\nquorum g\n", c);
    ls_policy_warn(c, (ls_mark){4, 1}, &f->d);
    assert_int_equal(f->d.errors, 0);
    assert_int_equal(f->d.count, 4);
    assert_true(f->d.item[0].warning);
    assert_int_equal(f->d.item[0].mark.line, 4);
    assert_string_equal(f->d.item[0].text, "North Korea alone could stop the clock: every quorum needs its cosigner");
    assert_string_equal(f->d.item[0].hint, "take 3 of the 4");
    make_charter(f, WITNESS_LINES "group g 2 dprk usa iaea\nquorum g\n", c);
    ls_policy_warn(c, (ls_mark){4, 1}, &f->d);
    assert_non_null(strstr(f->d.item[1].text, "United States and the host together could show two histories"));
    assert_non_null(strstr(f->d.item[1].hint, "add cosigners of outsiders"));
    free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_every_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(quorums_of_one_and_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refusals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(limits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_set_of_witnesses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_largest_policy, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_could_do_what, set_up, tear_down),
        cmocka_unit_test_setup_teardown(audiences_and_hosts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(warnings_say_what_mends_them, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("policy", tests, set_up_group, NULL);
}
