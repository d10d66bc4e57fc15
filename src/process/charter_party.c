/* The parties of a charter: names, keys, thresholds. */
#include "process/charter_parts.h"
#include "process/sealed.h"

#define DOMAIN_MAX 190 /* so that a key's name, <domain>/<signer>, fits into LS_KEY_NAME_MAX */

static const char *const roles[] = {[LS_ROLE_PARTY] = "party",
                                    [LS_ROLE_MEDIATOR] = "mediator",
                                    [LS_ROLE_INSPECTORATE] = "inspectorate",
                                    [LS_ROLE_OBSERVER] = "observer"};

/* Kinds of act under semantics 1, for which thresholds make sense. */
static const char *const kinds[] = {
    "accept",  "accord",  "agree",    "amend",    "annul",   "appoint", "cancel",  "claim",    "confirm", "debrief",
    "decline", "declare", "defer",    "delegate", "demand",  "edit",    "group",   "letter",   "meet",    "minutes",
    "missing", "object",  "open",     "perform",  "pledge",  "propose", "readout", "receipts", "redeem",  "rekey",
    "resume",  "revoke",  "schedule", "succeed",  "suspend", "text",    "withdraw"};

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

static void read_domain(ls_charter_reader *r, const ls_value *v, ls_party *p)
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
    ls_ids_add(&r->domains, domain, ls_field_mark(v, "domain"), r->d);
    p->domain = domain;
}

static void read_signer(ls_charter_reader *r, const ls_value *v, const ls_party *p, ls_signer *s)
{
    ls_value_check_map(v, "signer", LS_KEYS({"name", true}, {"title", false}, {"key", true}, {"until", false}), r->d);
    bool named = ls_field_name(v, "name", r->d, &s->name);
    if (named) {
        ls_ids_add(&r->signers, s->name, ls_field_mark(v, "name"), r->d);
    }
    ls_field_line(v, "title", r->d, &s->title);
    ls_charter_read_until(r, v, &s->until);
    bool keyed = ls_charter_read_vkey(r, v, "key", LS_KEY_ED25519, &s->key);
    if (named && keyed && p->domain.len > 0 && !ls_charter_key_named(&s->key, p->domain, s->name)) {
        ls_diagnose(r->d, ls_field_mark(v, "key"), NULL, "the key must be named %.*s/%.*s, not %s", (int)p->domain.len,
                    p->domain.ptr, (int)s->name.len, s->name.ptr, s->key.name);
    }
}

static void read_signers(ls_charter_reader *r, const ls_value *v, ls_party *p)
{
    const ls_value *list = ls_field_list(v, "signers", 1, LS_SIGNERS_MAX, r->d);
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        read_signer(r, list->items[i], p, &p->signer[p->signer_count++]);
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
    p->recovery_until = LS_TIME_OPEN;
    p->has_recovery = ls_charter_read_vkey(r, v, "recovery", LS_KEY_ED25519, &p->recovery);
    if (p->has_recovery && p->domain.len > 0 && !ls_charter_key_named(&p->recovery, p->domain, (ls_bytes){0})) {
        ls_diagnose(r->d, ls_field_mark(v, "recovery"), NULL, "the recovery key must be named %.*s/…, not %s",
                    (int)p->domain.len, p->domain.ptr, p->recovery.name);
    }
}

static void read_delegates(ls_charter_reader *r, const ls_value *v, ls_party *p)
{
    const ls_value *list = ls_field_list(v, "access", 1, LS_DELEGATES_MAX, r->d);
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        ls_delegate *d = &p->delegate[p->delegate_count++];
        d->until = LS_TIME_OPEN;
        if (!ls_charter_read_key(r, list->items[i], "access", LS_KEY_ED25519, &d->key)) {
            continue;
        }
        if (p->domain.len > 0 && !ls_charter_key_named(&d->key, p->domain, (ls_bytes){0})) {
            ls_diagnose(r->d, list->items[i]->mark, NULL, "a delegate's key must be named %.*s/…, not %s",
                        (int)p->domain.len, p->domain.ptr, d->key.name);
        }
    }
}

static void read_sealing(ls_charter_reader *r, const ls_value *v, ls_party *p)
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
    ls_ids_add(&r->sealing, text, mark, r->d);
}

static void read_party(ls_charter_reader *r, const ls_value *v, ls_party *p)
{
    ls_value_check_map(v, "party",
                       LS_KEYS({"name", true}, {"title", true}, {"role", true}, {"domain", true}, {"signers", true},
                               {"threshold", true}, {"thresholds", false}, {"recovery", false}, {"access", false},
                               {"sealing", true}),
                       r->d);
    if (ls_field_name(v, "name", r->d, &p->name)) {
        ls_ids_add(&r->parties, p->name, ls_field_mark(v, "name"), r->d);
        if (!ls_audience_restricted(p->name)) {
            ls_diagnose(r->d, ls_field_mark(v, "name"), "choose another name",
                        "a party is an audience of its own name, and this one is everybody's");
        }
    }
    ls_field_line(v, "title", r->d, &p->title);
    read_role(r, v, p);
    read_domain(r, v, p);
    read_signers(r, v, p);
    read_thresholds(r, v, p);
    read_recovery(r, v, p);
    read_delegates(r, v, p);
    read_sealing(r, v, p);
}

void ls_charter_read_parties(ls_charter_reader *r, const ls_value *charter)
{
    const ls_value *list = ls_field_list(charter, "parties", 2, LS_PARTIES_MAX, r->d);
    if (list == NULL) {
        return;
    }
    ls_charter *c = r->charter;
    size_t sides = 0, before = r->d->errors;
    for (size_t i = 0; i < list->count; i++) {
        read_party(r, list->items[i], &c->party[c->party_count++]);
        sides += c->party[i].role == LS_ROLE_PARTY ? 1 : 0;
    }
    if (sides < 2 && r->d->errors == before) {
        ls_diagnose(r->d, list->mark, NULL, "at least two must have the role party");
    }
}
