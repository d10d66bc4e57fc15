/* The parties of a charter: names, keys, thresholds. */
#include "process/charter_parts.h"

#define DOMAIN_MAX 190 /* so that a key's name, <domain>/<signer>, fits into LS_KEY_NAME_MAX */

/* Identifiers that must differ over the whole charter. */
typedef struct unique {
    ls_ids parties, domains, signers, sealing;
} unique;

static const char *const roles[] = {[LS_ROLE_PARTY] = "party",
                                    [LS_ROLE_MEDIATOR] = "mediator",
                                    [LS_ROLE_INSPECTORATE] = "inspectorate",
                                    [LS_ROLE_OBSERVER] = "observer"};

/* Acts of one party under semantics 1, for which thresholds make sense. */
static const char *const kinds[] = {"accord", "confirm", "declare", "missing", "object",
                                    "open",   "perform", "resume",  "suspend", "withdraw"};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static size_t find_word(ls_bytes word, const char *const *words, size_t count)
{
    size_t i = 0;
    while (i < count && !ls_bytes_is(word, words[i])) {
        i++;
    }
    return i;
}

static void read_role(ls_charter_reader *r, const ls_value *v, ls_party *p)
{
    ls_bytes word;
    if (!ls_field_line(v, "role", r->d, &word)) {
        return;
    }
    size_t role = find_word(word, roles, COUNT(roles));
    if (role == COUNT(roles)) {
        ls_diagnose(r->d, ls_field_mark(v, "role"), ls_near_hint(word, roles, COUNT(roles), r->d),
                    "role must be party, mediator, inspectorate or observer");
        return;
    }
    p->role = (ls_role)role;
}

/* Labels of a-z, 0-9 and '-', separated by dots. */
static bool domain_valid(ls_bytes domain)
{
    ls_reader r = ls_reader_of(domain);
    if (domain.len > DOMAIN_MAX || domain.ptr[domain.len - 1] == '.') {
        return false;
    }
    for (ls_bytes label; ls_read_until(&r, '.', &label);) {
        if (!ls_name_valid(label)) {
            return false;
        }
    }
    return true;
}

static void read_domain(ls_charter_reader *r, const ls_value *v, ls_party *p, unique *u)
{
    ls_bytes domain;
    if (!ls_field_line(v, "domain", r->d, &domain)) {
        return;
    }
    if (!domain_valid(domain)) {
        ls_diagnose(r->d, ls_field_mark(v, "domain"), "write it like: usa.example",
                    "domain must be words of a-z, 0-9 and '-' with dots between them");
        return;
    }
    ls_ids_add(&u->domains, domain, ls_field_mark(v, "domain"), r->d);
    p->domain = domain;
}

/* True if the key is named <domain>/<name>; an empty name stands for any. */
static bool key_named(const ls_vkey *key, ls_bytes domain, ls_bytes name)
{
    ls_reader r = ls_reader_of(ls_bytes_str(key->name));
    ls_bytes first;
    if (!ls_read_until(&r, '/', &first) || !ls_bytes_equal(first, domain)) {
        return false;
    }
    ls_bytes last = ls_read_bytes(&r, ls_reader_left(&r));
    return name.len == 0 ? ls_name_valid(last) : ls_bytes_equal(last, name);
}

static void read_signer(ls_charter_reader *r, const ls_value *v, const ls_party *p, ls_signer *s, unique *u)
{
    s->until = LS_TIME_OPEN;
    ls_value_check_map(v, "signer", LS_KEYS({"name", true}, {"title", false}, {"key", true}), r->d);
    bool named = ls_field_name(v, "name", r->d, &s->name);
    if (named) {
        ls_ids_add(&u->signers, s->name, ls_field_mark(v, "name"), r->d);
    }
    ls_field_line(v, "title", r->d, &s->title);
    bool keyed = ls_charter_read_vkey(r, v, "key", &s->key);
    if (named && keyed && p->domain.len > 0 && !key_named(&s->key, p->domain, s->name)) {
        ls_diagnose(r->d, ls_field_mark(v, "key"), NULL, "the key must be named %.*s/%.*s, not %s", (int)p->domain.len,
                    p->domain.ptr, (int)s->name.len, s->name.ptr, s->key.name);
    }
}

static void read_signers(ls_charter_reader *r, const ls_value *v, ls_party *p, unique *u)
{
    const ls_value *list = ls_field_list(v, "signers", 1, LS_SIGNERS_MAX, r->d);
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        read_signer(r, list->items[i], p, &p->signer[p->signer_count++], u);
    }
}

static void read_special(ls_charter_reader *r, const ls_entry *e, ls_party *p)
{
    int64_t count;
    if (find_word(e->key, kinds, COUNT(kinds)) == COUNT(kinds)) {
        ls_diagnose_warning(r->d, e->mark, ls_near_hint(e->key, kinds, COUNT(kinds), r->d),
                            "there is no kind of act with this name for which a threshold is known");
    }
    if (!ls_name_valid(e->key)) {
        ls_diagnose(r->d, e->mark, NULL, "thresholds are listed under kinds of act");
    } else if (ls_field_read_integer(e->value, "threshold", 1, (int64_t)p->signer_count, r->d, &count)) {
        p->special[p->threshold_count++] = (ls_threshold){e->key, (unsigned)count};
    }
}

/* Thresholds are at most the number of signers; if these could not be read, there is nothing to compare with. */
static void read_thresholds(ls_charter_reader *r, const ls_value *v, ls_party *p)
{
    int64_t threshold;
    if (p->signer_count == 0) {
        return;
    }
    if (ls_field_integer(v, "threshold", 1, (int64_t)p->signer_count, r->d, &threshold)) {
        p->threshold = (unsigned)threshold;
    }
    const ls_value *special = ls_value_get(v, "thresholds");
    if (special == NULL) {
        return;
    }
    if (special->type != LS_MAP || special->count > LS_RULES_MAX) {
        ls_diagnose(r->d, special->mark, "write it like: {declare: 2, open: 2}",
                    "thresholds must be a map of at most %d kinds of act", LS_RULES_MAX);
        return;
    }
    for (size_t i = 0; i < special->count; i++) {
        read_special(r, &special->entries[i], p);
    }
}

static void read_recovery(ls_charter_reader *r, const ls_value *v, ls_party *p)
{
    p->has_recovery = ls_charter_read_vkey(r, v, "recovery", &p->recovery);
    if (p->has_recovery && p->domain.len > 0 && !key_named(&p->recovery, p->domain, (ls_bytes){0})) {
        ls_diagnose(r->d, ls_field_mark(v, "recovery"), NULL, "the recovery key must be named %.*s/…, not %s",
                    (int)p->domain.len, p->domain.ptr, p->recovery.name);
    }
}

static void read_sealing(ls_charter_reader *r, const ls_value *v, ls_party *p, unique *u)
{
    static const uint8_t zeros[32];
    ls_bytes text;
    size_t len;
    if (!ls_field_line(v, "sealing", r->d, &text)) {
        return;
    }
    ls_mark mark = ls_field_mark(v, "sealing");
    if (!ls_base64_decode(text, p->sealing, sizeof p->sealing, &len) || len != sizeof p->sealing ||
        memcmp(p->sealing, zeros, sizeof zeros) == 0) {
        ls_diagnose(r->d, mark, NULL, "sealing must be the base64 of an X25519 public key of 32 bytes");
        return;
    }
    ls_ids_add(&u->sealing, text, mark, r->d);
}

static void read_party(ls_charter_reader *r, const ls_value *v, ls_party *p, unique *u)
{
    ls_value_check_map(v, "party",
                       LS_KEYS({"name", true}, {"title", true}, {"role", true}, {"domain", true}, {"signers", true},
                               {"threshold", true}, {"thresholds", false}, {"recovery", false}, {"sealing", true}),
                       r->d);
    if (ls_field_name(v, "name", r->d, &p->name)) {
        ls_ids_add(&u->parties, p->name, ls_field_mark(v, "name"), r->d);
    }
    ls_field_line(v, "title", r->d, &p->title);
    read_role(r, v, p);
    read_domain(r, v, p, u);
    read_signers(r, v, p, u);
    read_thresholds(r, v, p);
    read_recovery(r, v, p);
    read_sealing(r, v, p, u);
}

static bool init_unique(ls_charter_reader *r, unique *u)
{
    return ls_ids_init(&u->parties, "party", LS_PARTIES_MAX, r->arena, r->d) &&
           ls_ids_init(&u->domains, "domain", LS_PARTIES_MAX, r->arena, r->d) &&
           ls_ids_init(&u->signers, "signer", LS_PARTIES_MAX * LS_SIGNERS_MAX, r->arena, r->d) &&
           ls_ids_init(&u->sealing, "sealing key", LS_PARTIES_MAX, r->arena, r->d);
}

void ls_charter_read_parties(ls_charter_reader *r, const ls_value *charter)
{
    unique u;
    const ls_value *list = ls_field_list(charter, "parties", 2, LS_PARTIES_MAX, r->d);
    if (list == NULL || !init_unique(r, &u)) {
        return;
    }
    ls_charter *c = r->charter;
    size_t sides = 0, before = r->d->errors;
    for (size_t i = 0; i < list->count; i++) {
        read_party(r, list->items[i], &c->party[c->party_count++], &u);
        sides += c->party[i].role == LS_ROLE_PARTY ? 1 : 0;
    }
    if (sides < 2 && r->d->errors == before) {
        ls_diagnose(r->d, list->mark, NULL, "at least two must have the role party");
    }
}
