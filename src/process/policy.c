/* Policies (C2SP tlog-policy), line by line: names are defined before they are used, so groups form a forest. */
#include "process/policy.h"
#include "process/field.h"
#include "process/plain.h"
#include <lockstep/limits.h>

#define NAMES_MAX (LS_POLICY_WITNESSES_MAX + LS_POLICY_GROUPS_MAX)
#define WORDS_MAX (NAMES_MAX + 3)

/* What a name stands for: the i-th witness or the i-th group, and whether a group has it already. */
typedef struct named {
    bool group, taken;
    size_t index;
} named;

typedef struct reading {
    ls_diagnostics *d;
    ls_mark mark;
    unsigned line;
    ls_policy *policy;
    ls_ids names;
    named named[NAMES_MAX]; /* beside names */
    unsigned quorums;
} reading;

typedef struct words {
    size_t count;
    ls_bytes word[WORDS_MAX];
} words;

static void complain(reading *r, const char *what)
{
    ls_diagnose(r->d, r->mark, NULL, "policy, line %u: %s", r->line, what);
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

static void add_name(reading *r, ls_bytes name, named stands_for)
{
    if (ls_bytes_is(name, "none")) {
        complain(r, "none is no name");
    } else if (ls_ids_find(&r->names, name) >= 0) {
        complain(r, "the name stands twice");
    } else {
        r->named[r->names.count] = stands_for;
        ls_ids_add(&r->names, name, r->mark, r->d);
    }
}

/* The optional last word of a line. No address stands in a charter that http/client.h would refuse to ask. */
static ls_bytes read_url(reading *r, const words *w, size_t at)
{
    if (w->count <= at) {
        return (ls_bytes){0};
    }
    ls_bytes url = w->word[at];
    bool plain = url.len <= LS_REMOTE_URL_MAX;
    for (size_t i = 0; i < url.len; i++) {
        plain &= url.ptr[i] >= 0x21 && url.ptr[i] <= 0x7E && url.ptr[i] != '?' && url.ptr[i] != '#';
    }
    if (!ls_bytes_starts(url, "https://") && !ls_bytes_starts(url, "http://")) {
        complain(r, "a URL begins with https:// or http://");
    } else if (!plain) {
        complain(r, "a URL here has neither ? nor #, plain characters only, and at most 899 bytes");
    }
    return url;
}

static void read_log(reading *r, const words *w)
{
    if (r->policy->has_log) {
        complain(r, "log stands twice: a process has one ledger");
    }
    r->policy->has_log = true;
    r->policy->log_url = read_url(r, w, 2);
    if (ls_failed(ls_vkey_parse(w->word[1], &r->policy->log)) || r->policy->log.type != LS_KEY_ED25519) {
        complain(r, "not a valid ledger's key (type 01)");
    }
}

static bool key_stands_above(const ls_policy *p, const ls_vkey *key)
{
    for (size_t i = 0; i < p->witness_count; i++) {
        if (memcmp(p->witness[i].key.key, key->key, sizeof key->key) == 0) {
            return true;
        }
    }
    return false;
}

static void read_witness(reading *r, const words *w)
{
    ls_policy *p = r->policy;
    if (p->witness_count == LS_POLICY_WITNESSES_MAX) {
        complain(r, "at most 32 witnesses");
        return;
    }
    ls_witness witness = {.name = w->word[1], .url = read_url(r, w, 3)};
    if (ls_failed(ls_vkey_parse(w->word[2], &witness.key)) || witness.key.type != LS_KEY_COSIGNATURE) {
        complain(r, "not a valid cosigner's key (type 04)");
    } else if (key_stands_above(p, &witness.key)) {
        complain(r, "the key stands twice");
    }
    add_name(r, witness.name, (named){.index = p->witness_count});
    witness.until = INT64_MAX;
    p->witness[p->witness_count++] = witness;
}

static void add_member(reading *r, ls_group *g, ls_bytes name)
{
    int member = ls_ids_find(&r->names, name);
    if (member < 0) {
        complain(r, "a member of the group is not defined above");
    } else if (r->named[member].taken) {
        complain(r, "a name belongs to at most one group");
    } else {
        r->named[member].taken = true;
        *(r->named[member].group ? &g->groups : &g->witnesses) |= UINT32_C(1) << r->named[member].index;
    }
}

/* all, any, or a number from 1 to that of the members. */
static bool read_needed(ls_bytes word, size_t members, unsigned *out)
{
    uint64_t needed = ls_bytes_is(word, "any") ? 1 : members;
    if (!ls_bytes_is(word, "all") && !ls_bytes_is(word, "any") &&
        (!ls_decimal_parse(word, members, &needed) || needed == 0)) {
        return false;
    }
    *out = (unsigned)needed;
    return true;
}

static void read_group(reading *r, const words *w)
{
    ls_policy *p = r->policy;
    if (p->group_count == LS_POLICY_GROUPS_MAX) {
        complain(r, "at most 32 groups");
        return;
    }
    ls_group group = {.name = w->word[1]};
    if (!read_needed(w->word[2], w->count - 3, &group.needed)) {
        complain(r, "a group needs all, any, or a number from 1 to that of its members");
    }
    for (size_t i = 3; i < w->count; i++) {
        add_member(r, &group, w->word[i]);
    }
    add_name(r, group.name, (named){.group = true, .index = p->group_count});
    p->group[p->group_count++] = group;
}

static void read_quorum(reading *r, const words *w)
{
    int name = ls_ids_find(&r->names, w->word[1]);
    if (++r->quorums > 1) {
        complain(r, "quorum stands twice");
    } else if (ls_bytes_is(w->word[1], "none")) {
        r->policy->quorum = LS_QUORUM_NONE;
    } else if (name < 0) {
        complain(r, "the quorum is not defined above");
    } else {
        r->policy->quorum = r->named[name].group ? LS_QUORUM_GROUP : LS_QUORUM_WITNESS;
        r->policy->quorum_index = r->named[name].index;
    }
}

static const struct directive {
    const char *word;
    size_t min, max; /* words, with the directive's own */
    void (*read)(reading *r, const words *w);
} directives[] = {
    {"log", 2, 3, read_log},
    {"witness", 3, 4, read_witness},
    {"group", 4, WORDS_MAX, read_group},
    {"quorum", 2, 2, read_quorum},
};

static void read_line(reading *r, ls_bytes line)
{
    words w;
    if (!split(line, &w)) {
        complain(r, "too many words");
        return;
    }
    if (w.count == 0 || w.word[0].ptr[0] == '#') {
        return;
    }
    for (size_t i = 0; i < sizeof directives / sizeof *directives; i++) {
        const struct directive *d = &directives[i];
        if (ls_bytes_is(w.word[0], d->word)) {
            if (w.count < d->min || w.count > d->max) {
                complain(r, "too few or too many words");
            } else {
                d->read(r, &w);
            }
            return;
        }
    }
    complain(r, "a line begins with log, witness, group, quorum or #");
}

void ls_policy_read(ls_arena *arena, ls_bytes text, ls_mark mark, ls_diagnostics *d, ls_policy *out)
{
    size_t before = d->errors;
    if (text.len > LS_POLICY_MAX || !ls_plain_valid(text)) {
        ls_diagnose(d, mark, "write |, and the policy indented on the lines below it",
                    "policy must be plain text of at most %d bytes", LS_POLICY_MAX);
        return;
    }
    ls_policy policy = {0};
    reading r = {.d = d, .mark = mark, .policy = &policy};
    if (!ls_ids_init(&r.names, "name", NAMES_MAX, arena, d)) {
        return;
    }
    ls_reader lines = ls_reader_of(text);
    for (ls_bytes line; ls_read_until(&lines, '\n', &line);) {
        r.line++;
        read_line(&r, line);
    }
    if (r.quorums == 0) {
        ls_diagnose(d, mark, "for a ledger on one machine write: quorum none", "policy needs a line quorum");
    }
    if (d->errors == before) {
        *out = policy;
    }
}

static void put_words(ls_buf *out, ls_bytes word, ls_bytes url)
{
    ls_buf_put_bytes(out, word);
    ls_buf_put_str(out, url.len > 0 ? " " : "");
    ls_buf_put_bytes(out, url);
    ls_buf_put_u8(out, '\n');
}

static void put_key(ls_buf *out, const ls_vkey *key, ls_bytes url)
{
    char text[LS_VKEY_SIZE];
    ls_vkey_format(key, text);
    put_words(out, ls_bytes_str(text), url);
}

static void put_group(const ls_policy *p, const ls_group *g, ls_buf *out)
{
    ls_buf_format(out, "group %.*s %u", (int)g->name.len, g->name.ptr, g->needed);
    for (size_t i = 0; i < p->witness_count; i++) {
        if ((g->witnesses >> i & 1) != 0) {
            ls_buf_format(out, " %.*s", (int)p->witness[i].name.len, p->witness[i].name.ptr);
        }
    }
    for (size_t i = 0; i < p->group_count; i++) {
        if ((g->groups >> i & 1) != 0) {
            ls_buf_format(out, " %.*s", (int)p->group[i].name.len, p->group[i].name.ptr);
        }
    }
    ls_buf_put_u8(out, '\n');
}

void ls_policy_format(const ls_policy *p, ls_buf *out)
{
    static const ls_bytes none = {(const uint8_t *)"none", 4};
    ls_buf_put_str(out, "log ");
    put_key(out, &p->log, p->log_url);
    for (size_t i = 0; i < p->witness_count; i++) {
        const ls_witness *w = &p->witness[i];
        ls_buf_format(out, "witness %.*s ", (int)w->name.len, w->name.ptr);
        put_key(out, &w->key, w->url);
    }
    for (size_t i = 0; i < p->group_count; i++) {
        put_group(p, &p->group[i], out);
    }
    ls_buf_put_str(out, "quorum ");
    put_words(out,
              p->quorum == LS_QUORUM_NONE      ? none
              : p->quorum == LS_QUORUM_WITNESS ? p->witness[p->quorum_index].name
                                               : p->group[p->quorum_index].name,
              ls_bytes_of(NULL, 0));
}

static bool group_met(const ls_group *g, ls_witnesses who, uint32_t groups_met)
{
    int have = __builtin_popcount(g->witnesses & who) + __builtin_popcount(g->groups & groups_met);
    return (unsigned)have >= g->needed;
}

/* Members stand above their group, so one pass from the top decides all. */
bool ls_policy_met(const ls_policy *p, ls_witnesses who)
{
    uint32_t groups_met = 0;
    for (size_t i = 0; i < p->group_count; i++) {
        groups_met |= group_met(&p->group[i], who, groups_met) ? UINT32_C(1) << i : 0;
    }
    switch (p->quorum) {
    case LS_QUORUM_WITNESS:
        return (who >> p->quorum_index & 1) != 0;
    case LS_QUORUM_GROUP:
        return (groups_met >> p->quorum_index & 1) != 0;
    case LS_QUORUM_NONE:
        break;
    }
    return true;
}
