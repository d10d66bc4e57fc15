/* The words that text, JSON and pages share. */
#include "readout/show_parts.h"

void ls_put_together(const ls_comparison *c, const ls_topic *t, ls_buf *out)
{
    if (t->said_by == c->side_count) {
        ls_buf_put_str(out, c->side_count > 1 ? "said by all" : "said");
    } else {
        ls_buf_put_str(out, "said by ");
        for (size_t s = 0, n = 0; s < c->side_count; s++) {
            if (t->says[s]) {
                ls_buf_put_str(out, n++ > 0 ? ", " : "");
                ls_buf_put_bytes(out, c->side[s].name);
            }
        }
        ls_buf_put_str(out, t->said_by == 1 ? " alone" : "");
    }
    ls_buf_put_str(out, t->forces_differ ? "; differing in force" : "");
    ls_buf_put_str(out, t->values_differ ? "; differing in value" : "");
    ls_buf_put_str(out, t->contradiction_count > 0 ? "; contradicted" : "");
}

void ls_put_force(const ls_claim *c, ls_buf *out)
{
    ls_buf_put_str(out, c->denies ? "denies " : "");
    ls_buf_put_str(out, ls_force_name(c->force));
}

static void put_voice(const ls_voice *v, ls_buf *out)
{
    if (v->person.len > 0) {
        ls_buf_put_bytes(out, v->person);
        ls_buf_put_str(out, " (");
    }
    ls_buf_put_bytes(out, v->of);
    ls_buf_put_str(out, v->person.len > 0 ? ")" : "");
}

void ls_put_voices(const ls_claim *c, ls_buf *out)
{
    put_voice(&c->speaker, out);
    for (size_t i = 0; i < c->word_count; i++) {
        ls_buf_put_str(out, ", on the word of ");
        put_voice(&c->word[i], out);
    }
}

void ls_put_claim_name(const ls_comparison *c, const ls_topic_claim *k, ls_buf *out)
{
    ls_buf_put_bytes(out, c->side[k->at.side].name);
    ls_buf_put_str(out, ":");
    ls_buf_put_bytes(out, k->claim->id);
}

void ls_put_contradiction(const ls_comparison *c, const ls_topic *t, const ls_contradiction *x, ls_buf *out)
{
    ls_put_claim_name(c, &t->claim[x->a], out);
    ls_buf_put_str(out, " contradicts ");
    ls_put_claim_name(c, &t->claim[x->b], out);
    ls_buf_put_str(out, x->of_values ? ": two values" : ": one denies what the other says");
}

void ls_put_unsaid(const ls_comparison *c, const ls_topic *t, const ls_unsaid *u, ls_buf *out)
{
    ls_put_claim_name(c, &t->claim[u->claim], out);
    ls_buf_put_str(out, " quotes ");
    ls_buf_put_bytes(out, u->party);
    ls_buf_put_str(out, ", whose own readout says nothing of it");
}

void ls_put_state(const ls_topic_about *a, ls_buf *out)
{
    if (a->about->kind == LS_ABOUT_TOPIC) {
        ls_buf_put_str(out, "points at nothing on the record");
    } else if (!a->proved) {
        ls_buf_put_str(out, "the record was not asked");
    } else if (!a->proof.found) {
        ls_buf_put_str(out, "the record has nothing of it");
    } else {
        ls_buf_put_str(out, a->proof.state[0] != '\0' ? a->proof.state : "on the record");
    }
}

#define SHORT 12 /* digits of an id, for people */

void ls_put_deed(const ls_proof_deed *d, ls_buf *out)
{
    char time[LS_TIME_SIZE], hex[LS_HEX_HASH_SIZE];
    if (d->at != LS_PROOF_UNSTAMPED) {
        ls_time_format(d->at, time);
    }
    ls_hash_format(&d->act, hex);
    ls_buf_format(out, "%s ", ls_deed_name(d->deed));
    ls_buf_put_bytes(out, d->party);
    ls_buf_format(out, ", %s, act %.*s", d->at == LS_PROOF_UNSTAMPED ? "not stamped yet" : time, SHORT, hex);
}
