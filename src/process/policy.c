/*
 * The policy of a charter (C2SP tlog-policy): who must have cosigned a checkpoint for it to be final.
 *
 *   log <vkey> [<url>]
 *   witness <name> <vkey> [<url>]
 *   group <name> all|any|<k> <names…>
 *   quorum <name>|none
 *
 * This version runs ledgers with quorum none only; the other lines are held to their form.
 */
#include "process/charter_parts.h"
#include "process/plain.h"

#define WORDS_MAX (64 + 3)
#define POLICY_MAX 65536

typedef struct policy {
    ls_charter_reader *r;
    ls_mark mark;
    unsigned line;
    ls_ids names; /* of witnesses and groups */
    bool grouped[64];
    unsigned quorums;
} policy;

typedef struct words {
    size_t count;
    ls_bytes word[WORDS_MAX];
} words;

static void complain(policy *p, const char *what)
{
    ls_diagnose(p->r->d, p->mark, NULL, "policy, line %u: %s", p->line, what);
}

/* Splits at spaces; tabs are not plain text. */
static bool split(ls_bytes line, words *out)
{
    ls_reader r = ls_reader_of(line);
    out->count = 0;
    for (ls_bytes word; ls_read_until(&r, ' ', &word);) {
        if (word.len > 0 && out->count == WORDS_MAX) {
            return false;
        }
        if (word.len > 0) {
            out->word[out->count++] = word;
        }
    }
    return true;
}

static void add_name(policy *p, ls_bytes name)
{
    if (ls_bytes_is(name, "none")) {
        complain(p, "none is no name");
    } else if (ls_ids_find(&p->names, name) >= 0) {
        complain(p, "the name stands twice");
    } else if (p->names.count == p->names.cap) {
        complain(p, "too many names");
    } else {
        ls_ids_add(&p->names, name, p->mark, p->r->d);
    }
}

static void check_log(policy *p, const words *w)
{
    ls_vkey key;
    if (ls_failed(ls_vkey_parse(w->word[1], &key)) || memcmp(key.key, p->r->charter->ledger.key, sizeof key.key) != 0) {
        complain(p, "the log's key must be the ledger's");
    }
}

static void check_witness(policy *p, const words *w)
{
    ls_vkey key;
    add_name(p, w->word[1]);
    if (ls_failed(ls_vkey_parse(w->word[2], &key)) || key.type != LS_KEY_COSIGNATURE) {
        complain(p, "not a valid cosigner's key (type 04)");
        return;
    }
    ls_charter_add_key(p->r, key.key, p->mark);
}

static void check_group(policy *p, const words *w)
{
    uint64_t needed, members = w->count - 3;
    if (!ls_bytes_is(w->word[2], "all") && !ls_bytes_is(w->word[2], "any") &&
        (!ls_decimal_parse(w->word[2], members, &needed) || needed == 0)) {
        complain(p, "a group needs all, any, or a number from 1 to that of its members");
    }
    for (size_t i = 3; i < w->count; i++) {
        int member = ls_ids_find(&p->names, w->word[i]);
        if (member < 0) {
            complain(p, "a member of the group is not defined above");
        } else if (p->grouped[member]) {
            complain(p, "a name belongs to at most one group");
        } else {
            p->grouped[member] = true;
        }
    }
    add_name(p, w->word[1]);
}

static void check_quorum(policy *p, const words *w)
{
    if (++p->quorums > 1) {
        complain(p, "quorum stands twice");
    } else if (ls_bytes_is(w->word[1], "none")) {
        p->r->charter->quorum_none = true;
    } else if (ls_ids_find(&p->names, w->word[1]) < 0) {
        complain(p, "the quorum is not defined above");
    } else {
        complain(p, "this version runs a ledger only with quorum none");
    }
}

static const struct directive {
    const char *word;
    size_t min, max; /* words, with the directive's own */
    void (*check)(policy *p, const words *w);
} directives[] = {
    {"log", 2, 3, check_log},
    {"witness", 3, 4, check_witness},
    {"group", 4, WORDS_MAX, check_group},
    {"quorum", 2, 2, check_quorum},
};

static void check_line(policy *p, ls_bytes line)
{
    words w;
    if (!split(line, &w)) {
        complain(p, "too many words");
        return;
    }
    if (w.count == 0 || w.word[0].ptr[0] == '#') {
        return;
    }
    for (size_t i = 0; i < sizeof directives / sizeof *directives; i++) {
        const struct directive *d = &directives[i];
        if (ls_bytes_is(w.word[0], d->word)) {
            if (w.count < d->min || w.count > d->max) {
                complain(p, "too few or too many words");
            } else {
                d->check(p, &w);
            }
            return;
        }
    }
    complain(p, "a line begins with log, witness, group, quorum or #");
}

void ls_charter_read_policy(ls_charter_reader *r, const ls_value *charter)
{
    const ls_value *v = ls_value_get(charter, "policy");
    policy p = {.r = r};
    if (v == NULL) {
        return;
    }
    if (v->type != LS_STRING || v->string.len > POLICY_MAX || !ls_plain_valid(v->string)) {
        ls_diagnose(r->d, v->mark, "write |, and the policy indented on the lines below it",
                    "policy must be plain text of at most %d bytes", POLICY_MAX);
        return;
    }
    if (!ls_ids_init(&p.names, "name", 64, r->arena, r->d)) {
        return;
    }
    p.mark = v->mark;
    ls_reader lines = ls_reader_of(v->string);
    for (ls_bytes line; ls_read_until(&lines, '\n', &line);) {
        p.line++;
        check_line(&p, line);
    }
    if (p.quorums == 0) {
        ls_diagnose(r->d, v->mark, "for a ledger on one machine write: quorum none", "policy needs a line quorum");
    }
    r->charter->policy_text = v->string;
}
