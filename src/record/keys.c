/*
 * The charter in force: the one that was signed, as single keys were replaced, ended and added since, and as it was
 * amended. There are two of it. `charter` says who signs the next act. `watched` judges checkpoints and lags behind: a
 * change counts there once a stamp covers it, so that no change of keys or policy helps to make itself final.
 */
#include "record/internal.h"

/* Keys that were used. */

bool ls_raw_key_used(const ls_record *r, const ls_vkey *key)
{
    uint32_t found;
    for (table_walk w = ls_table_walk(&r->raws, key->key); ls_table_next(&w, &found);) {
        if (memcmp(r->raw[found].b, key->key, sizeof key->key) == 0) {
            return true;
        }
    }
    return false;
}

static void use_key(ls_record *r, const ls_vkey *key)
{
    if (ls_raw_key_used(r, key)) {
        return;
    }
    memcpy(r->raw[r->raw_count].b, key->key, sizeof key->key);
    ls_table_add(&r->raws, r->raw[r->raw_count].b, (uint32_t)r->raw_count);
    r->raw_count++;
}

size_t ls_change_key_count(const effect *e)
{
    size_t count = e->change.kind != CHANGE_NONE;
    ls_key_entry k;
    for (size_t i = 0; e->charter != NULL && ls_charter_key(e->charter, i, &k); i++) {
        count++;
    }
    return count;
}

/* Changing. */

size_t ls_host_of(const ls_charter *c, ls_bytes origin)
{
    ls_reader r = ls_reader_of(origin);
    ls_bytes domain;
    if (c->exercise) {
        ls_read_bytes(&r, strlen("exercise."));
    }
    if (!ls_read_until(&r, '/', &domain)) {
        return LS_NO_PARTY;
    }
    for (size_t i = 0; i < c->party_count; i++) {
        if (ls_bytes_equal(c->party[i].domain, domain)) {
            return i;
        }
    }
    return LS_NO_PARTY;
}

static const struct {
    const char *kind;
    change_kind change;
} changing[] = {{"rekey", CHANGE_KEY},
                {"revoke", CHANGE_KEY},
                {"delegate", CHANGE_DELEGATE},
                {"amend", CHANGE_AMEND},
                {"succeed", CHANGE_SUCCEED}};

change ls_change_of(const ls_act *act, size_t party)
{
    change x = {.party = party, .key = act->key, .until = act->has[LS_H_UNTIL] ? act->until : LS_TIME_OPEN};
    for (size_t i = 0; i < sizeof changing / sizeof *changing; i++) {
        x.kind = ls_bytes_is(act->kind, changing[i].kind) ? changing[i].change : x.kind;
    }
    x.until = ls_bytes_is(act->kind, "revoke") ? LS_TIME_ENDED : x.until;
    return x;
}

/* The cosigners of a host never count. */
static void set_host(ls_charter *c, size_t host)
{
    c->host = host;
    for (size_t i = 0; i < c->policy.witness_count; i++) {
        const ls_cosigner *k = ls_charter_cosigner(c, c->policy.witness[i].name);
        if (k != NULL && k->party == host && host != LS_NO_PARTY) {
            c->policy.witness[i].until = LS_TIME_ENDED;
        }
    }
}

/* The origin is the name of the key, which stands in the charter itself. */
static void set_ledger(ls_charter *c, const ls_vkey *key, size_t host)
{
    c->ledger = *key;
    c->origin = ls_bytes_str(c->ledger.name);
    c->policy.log = *key;
    set_host(c, host);
}

static void change_charter(ls_charter *c, const change *x, ls_time now)
{
    switch (x->kind) {
    case CHANGE_KEY:
        ls_charter_put_key(c, x->party, &x->key, x->until);
        break;
    case CHANGE_DELEGATE:
        (void)ls_charter_add_delegate(c, x->party, &x->key, x->until, now);
        break;
    case CHANGE_SUCCEED:
        set_ledger(c, &x->key, x->party);
        break;
    case CHANGE_AMEND: /* which puts another charter in its place */
    case CHANGE_NONE:
        break;
    }
}

void ls_change_apply(ls_record *r, const effect *e)
{
    ls_key_entry k;
    for (size_t i = 0; e->charter != NULL && ls_charter_key(e->charter, i, &k); i++) {
        use_key(r, k.key);
    }
    if (e->change.kind == CHANGE_NONE) {
        return;
    }
    change *x = &r->change[r->change_count++];
    *x = e->change;
    x->index = (uint32_t)(r->size - 1);
    if (x->kind != CHANGE_AMEND) {
        use_key(r, &x->key);
    }
    change_charter(r->charter, x, r->time);
    if (x->kind == CHANGE_AMEND) {
        r->charter = e->charter;
        r->charter_json = e->charter_json;
    } else if (x->kind == CHANGE_SUCCEED) {
        change_charter(r->watched, x, r->time);
    }
}

void ls_change_watch(ls_record *r)
{
    size_t before = r->changes_watched;
    for (; r->changes_watched < r->change_count; r->changes_watched++) {
        const change *x = &r->change[r->changes_watched];
        if (x->index >= r->stamped) {
            break;
        }
        r->watched = x->kind == CHANGE_AMEND ? x->amended : r->watched;
        change_charter(r->watched, x, r->time);
    }
    if (r->changes_watched > before) {
        set_ledger(r->watched, &r->charter->ledger, r->charter->host);
    }
}

ls_result ls_charter_follow(ls_charter **c, const ls_act *act, const ls_fetch *fetch, ls_arena *arena,
                            ls_detail *detail)
{
    const ls_party *by = act->by.count == 0 ? NULL : ls_charter_party(*c, act->by.name[0]);
    size_t party = ls_bytes_is(act->kind, "succeed") ? ls_host_of(*c, ls_bytes_str(act->key.name))
                                                     : (size_t)(by == NULL ? 0 : by - (*c)->party);
    change x = ls_change_of(act, party);
    if (x.kind == CHANGE_AMEND) {
        effect e = {0};
        ls_result r = ls_rule_read_charter(fetch, act, &e, detail);
        ls_arena_absorb(arena, &e.arena);
        LS_TRY(r);
        set_ledger(e.charter, &(*c)->ledger, (*c)->host);
        *c = e.charter;
    }
    change_charter(*c, &x, act->has[LS_H_AT] ? act->at : 0);
    return LS_SUCCESS;
}
