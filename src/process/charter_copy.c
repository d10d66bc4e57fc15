/* A charter that outlives the document it was read from. */
#include "process/charter.h"

typedef struct copier {
    ls_arena *arena;
    bool failed;
} copier;

static void copy_slice(copier *c, ls_bytes *s)
{
    const char *to = ls_arena_str(c->arena, *s);
    c->failed |= to == NULL;
    s->ptr = (const uint8_t *)to;
}

static void copy_policy(copier *c, ls_policy *p)
{
    copy_slice(c, &p->log_url);
    for (size_t i = 0; i < p->witness_count; i++) {
        copy_slice(c, &p->witness[i].name);
        copy_slice(c, &p->witness[i].url);
    }
    for (size_t i = 0; i < p->group_count; i++) {
        copy_slice(c, &p->group[i].name);
    }
}

static void copy_party(copier *c, ls_party *p)
{
    copy_slice(c, &p->name);
    copy_slice(c, &p->title);
    copy_slice(c, &p->domain);
    for (size_t i = 0; i < p->signer_count; i++) {
        copy_slice(c, &p->signer[i].name);
        copy_slice(c, &p->signer[i].title);
    }
    for (size_t i = 0; i < p->threshold_count; i++) {
        copy_slice(c, &p->special[i].kind);
    }
}

static void copy_zone(copier *c, ls_zone *z)
{
    ls_zone_span *spans = ls_arena_array(c->arena, z->count, sizeof *spans);
    const char *name = ls_arena_str(c->arena, ls_bytes_str(z->name));
    if (spans == NULL || name == NULL) {
        c->failed = true;
        return;
    }
    memcpy(spans, z->spans, z->count * sizeof *spans);
    z->spans = spans;
    z->name = name;
}

static void copy_proofs(copier *c, ls_charter *to)
{
    ls_key_proof *proof = ls_arena_array(c->arena, to->proof_count + 1, sizeof *proof);
    c->failed |= proof == NULL;
    if (proof != NULL && to->proof_count > 0) {
        memcpy(proof, to->proof, to->proof_count * sizeof *proof);
    }
    to->proof = proof;
}

ls_charter *ls_charter_copy(ls_arena *arena, const ls_charter *from)
{
    copier c = {arena, false};
    ls_charter *to = ls_arena_alloc(arena, sizeof *to);
    if (to == NULL) {
        return NULL;
    }
    *to = *from;
    ls_bytes *const slices[] = {&to->name, &to->title, &to->origin, &to->policy_text};
    for (size_t i = 0; i < sizeof slices / sizeof *slices; i++) {
        copy_slice(&c, slices[i]);
    }
    copy_policy(&c, &to->policy);
    copy_zone(&c, &to->zone);
    copy_proofs(&c, to);
    for (size_t i = 0; i < to->cosigner_count; i++) {
        copy_slice(&c, &to->cosigner[i].name);
        copy_slice(&c, &to->cosigner[i].title);
    }
    for (size_t i = 0; i < to->audience_count; i++) {
        copy_slice(&c, &to->audience[i].name);
    }
    for (size_t i = 0; i < to->party_count; i++) {
        copy_party(&c, &to->party[i]);
    }
    return c.failed ? NULL : to;
}
