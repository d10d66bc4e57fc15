/* What the record says to a claim. */
#include "readout/compare_parts.h"

typedef enum effect { CONSENTS, REFUSES, TAKES_BACK, NEITHER } effect;

static const struct {
    const char *name;
    effect effect;
} deeds[LS_DEEDS] = {
    [LS_DEED_SIGNED] = {"signed by", CONSENTS},
    [LS_DEED_PROPOSED] = {"proposed by", CONSENTS},
    [LS_DEED_ACCEPTED] = {"accepted by", CONSENTS},
    [LS_DEED_CONFIRMED] = {"confirmed by", CONSENTS},
    [LS_DEED_AGREED] = {"agreed by", CONSENTS},
    [LS_DEED_PLEDGED] = {"pledged by", CONSENTS},
    [LS_DEED_AD_REFERENDUM] = {"agreed ad referendum by", TAKES_BACK},
    [LS_DEED_DECLINED] = {"declined by", REFUSES},
    [LS_DEED_OBJECTED] = {"objected to by", REFUSES},
    [LS_DEED_COUNTERED] = {"countered by", REFUSES},
    [LS_DEED_CALLED_OFF] = {"called off by", REFUSES},
    [LS_DEED_POSTPONED] = {"postponed by", TAKES_BACK},
    [LS_DEED_WITHDREW] = {"withdrawn by", TAKES_BACK},
    [LS_DEED_DEMANDED] = {"demanded by", NEITHER},
    [LS_DEED_CLAIMED] = {"claimed by", NEITHER},
    [LS_DEED_PERFORMED] = {"performed by", NEITHER},
    [LS_DEED_STATED] = {"stated by", NEITHER},
};

const char *ls_deed_name(ls_deed d)
{
    return deeds[d].name;
}

const char *ls_proof_verdict_name(ls_proof_verdict v)
{
    static const char *const names[LS_VERDICTS] = {
        [LS_VERDICT_NONE] = "not asked",      [LS_VERDICT_NOTHING] = "nothing", [LS_VERDICT_SHOWS] = "shows",
        [LS_VERDICT_SHOWS_NOT] = "shows not", [LS_VERDICT_AGAINST] = "against", [LS_VERDICT_SILENT] = "silent",
    };
    return names[v];
}

/* The last that counts, of one party. */
static effect consent_of(const ls_proof *p, ls_bytes party)
{
    effect last = NEITHER;
    for (size_t i = 0; i < p->deed_count; i++) {
        effect e = deeds[p->deed[i].deed].effect;
        if (e != NEITHER && ls_bytes_equal(p->deed[i].party, party)) {
            last = e;
        }
    }
    return last;
}

/* Who consents, or refuses, in a list; how many. Parties that neither consent nor refuse: wanted is NEITHER. */
static size_t list_parties(const ls_proof *p, effect wanted, ls_buf *out)
{
    size_t count = 0;
    for (size_t i = 0; i < p->party_count; i++) {
        effect e = consent_of(p, p->party[i]);
        e = e == TAKES_BACK ? NEITHER : e;
        if (e == wanted) {
            ls_buf_put_str(out, count++ > 0 ? ", " : "");
            ls_buf_put_bytes(out, p->party[i]);
        }
    }
    return count;
}

static size_t list_deed(const ls_proof *p, ls_deed deed, ls_buf *out)
{
    size_t count = 0;
    for (size_t i = 0; i < p->deed_count; i++) {
        if (p->deed[i].deed == deed) {
            ls_buf_put_str(out, count++ > 0 ? ", " : "");
            ls_buf_put_bytes(out, p->deed[i].party);
        }
    }
    return count;
}

typedef struct judging {
    const ls_proof *proof;
    const ls_claim *claim;
    ls_buf words;
    ls_buf list; /* of parties */
} judging;

static ls_proof_verdict say(judging *j, ls_proof_verdict v, const char *words, ls_bytes what)
{
    ls_buf_put_str(&j->words, words);
    ls_buf_put_bytes(&j->words, what);
    return v;
}

static const ls_proof_value *value_of(const judging *j)
{
    const ls_claim *c = j->claim;
    for (size_t i = 0; c->value.len > 0 && c->about.aspect.len > 0 && i < j->proof->value_count; i++) {
        if (ls_bytes_equal(j->proof->value[i].aspect, c->about.aspect)) {
            return &j->proof->value[i];
        }
    }
    return NULL;
}

static ls_proof_verdict say_value(judging *j, ls_proof_verdict v, const ls_proof_value *value)
{
    ls_buf_put_str(&j->words, "the record has the ");
    ls_buf_put_bytes(&j->words, value->aspect);
    return say(j, v, " ", value->value);
}

/* All whose consent it takes have given it. */
static ls_proof_verdict judge_whole(judging *j)
{
    const ls_proof_value *value = value_of(j);
    bool denies = j->claim->denies;
    if (value != NULL && !ls_bytes_equal(value->value, j->claim->value)) {
        return say_value(j, denies ? LS_VERDICT_SHOWS : LS_VERDICT_AGAINST, value);
    }
    list_parties(j->proof, CONSENTS, &j->list);
    return say(j, denies ? LS_VERDICT_AGAINST : LS_VERDICT_SHOWS, "the record shows the agreement of ",
               ls_buf_bytes(&j->list));
}

static ls_proof_verdict judge_agreed(judging *j)
{
    ls_proof_verdict other = j->claim->denies ? LS_VERDICT_SHOWS : LS_VERDICT_SHOWS_NOT;
    if (j->proof->party_count == 0) {
        return say(j, other, "the record shows no agreement", (ls_bytes){0});
    }
    if (list_parties(j->proof, REFUSES, &j->list) > 0) {
        return say(j, j->claim->denies ? LS_VERDICT_SHOWS : LS_VERDICT_AGAINST, "the record shows the refusal of ",
                   ls_buf_bytes(&j->list));
    }
    if (list_parties(j->proof, NEITHER, &j->list) > 0) {
        return say(j, other, "the record shows no agreement of ", ls_buf_bytes(&j->list));
    }
    return judge_whole(j);
}

static ls_proof_verdict judge_demanded(judging *j)
{
    if (list_deed(j->proof, LS_DEED_DEMANDED, &j->list) > 0) {
        return say(j, j->claim->denies ? LS_VERDICT_AGAINST : LS_VERDICT_SHOWS, "the record shows a demand of ",
                   ls_buf_bytes(&j->list));
    }
    return say(j, j->claim->denies ? LS_VERDICT_SHOWS : LS_VERDICT_SHOWS_NOT, "the record shows no demand",
               (ls_bytes){0});
}

static ls_proof_verdict judge_characterised(judging *j)
{
    const ls_proof_value *value = value_of(j);
    if (value == NULL) {
        return say(j, LS_VERDICT_SILENT, "no record shows a judgement", (ls_bytes){0});
    }
    bool same = ls_bytes_equal(value->value, j->claim->value);
    return say_value(j, same != j->claim->denies ? LS_VERDICT_SHOWS : LS_VERDICT_AGAINST, value);
}

static ls_proof_verdict judge(judging *j)
{
    if (j->claim->about.kind == LS_ABOUT_TOPIC) {
        return say(j, LS_VERDICT_NOTHING, "it points at nothing on the record", (ls_bytes){0});
    }
    if (!j->proof->found) {
        return say(j, LS_VERDICT_NOTHING, "the record has nothing of it", (ls_bytes){0});
    }
    if (j->proof->unread != NULL) {
        return say(j, LS_VERDICT_SILENT, j->proof->unread, (ls_bytes){0});
    }
    switch (j->claim->force) {
    case LS_FORCE_AGREED:
        return judge_agreed(j);
    case LS_FORCE_DEMANDED:
        return judge_demanded(j);
    case LS_FORCE_CHARACTERISED:
        return judge_characterised(j);
    case LS_FORCE_DISCUSSED:
        return say(j, LS_VERDICT_SILENT, "it is on the record, which does not show what was discussed", (ls_bytes){0});
    case LS_FORCE_HOPED:
    case LS_FORCES:
        break;
    }
    return say(j, LS_VERDICT_SILENT, "no record shows a hope", (ls_bytes){0});
}

ls_result ls_proof_judge(ls_arena *arena, const ls_proof *p, const ls_claim *c, ls_proof_verdict *out,
                         const char **words)
{
    judging j = {.proof = p, .claim = c};
    ls_proof_verdict v = judge(&j);
    bool lost = j.words.failed || j.list.failed;
    const char *kept = lost ? NULL : ls_arena_str(arena, ls_buf_bytes(&j.words));
    ls_buf_free(&j.words);
    ls_buf_free(&j.list);
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *out = v;
    *words = kept;
    return LS_SUCCESS;
}

/* Of a topic. */

static ls_result ask(const ls_comparing *c, ls_topic_about *a)
{
    a->proof = (ls_proof){.state = ""};
    a->words = ls_about_words(c->arena, a->about);
    if (a->words == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (c->prover == NULL || a->about->kind == LS_ABOUT_TOPIC) {
        return LS_SUCCESS;
    }
    LS_TRY(c->prover->prove(c->prover->context, c->arena, a->about, &a->proof));
    a->proved = true;
    return LS_SUCCESS;
}

/* The index of what the claim is about, asked for once. */
static ls_result find_about(const ls_comparing *c, ls_topic *t, const ls_about *about, size_t *out)
{
    size_t i = 0;
    while (i < t->about_count && ls_about_order(t->about[i].about, about) != 0) {
        i++;
    }
    if (i == t->about_count) {
        t->about[i].about = about;
        LS_TRY(ask(c, &t->about[i]));
        t->about_count++;
    }
    *out = i;
    return LS_SUCCESS;
}

ls_result ls_topic_prove(const ls_comparing *c, ls_topic *t)
{
    t->about = ls_arena_array(c->arena, t->aligned ? t->claim_count : 1, sizeof *t->about);
    if (t->about == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < t->claim_count; i++) {
        ls_topic_claim *k = &t->claim[i];
        LS_TRY(find_about(c, t, &k->claim->about, &k->about));
        if (c->prover != NULL) {
            LS_TRY(ls_proof_judge(c->arena, &t->about[k->about].proof, k->claim, &k->verdict, &k->words));
        }
    }
    return LS_SUCCESS;
}
