/* Measures and accords, as pages show them. */
#include "portal/put.h"

typedef struct word {
    const char *key, *code;
} word;

static const word states[LS_STATES] = {
    [LS_PENDING] = {"state.pending", "pending"},
    [LS_DUE] = {"state.due", "due"},
    [LS_BEGUN] = {"state.begun", "begun"},
    [LS_PERFORMED] = {"state.performed", "performed"},
    [LS_CONFIRMED] = {"state.confirmed", "confirmed"},
    [LS_DISPUTED] = {"state.disputed", "disputed"},
    [LS_OVERDUE] = {"state.overdue", "overdue"},
    [LS_KEPT] = {"state.kept", "kept"},
    [LS_BREACHED] = {"state.breached", "breached"},
    [LS_REVERSED] = {"state.reversed", "reversed"},
    [LS_CALLED_OFF] = {"state.called-off", "called-off"},
    [LS_ENDED] = {"state.ended", "ended"},
};

const char *ls_state_key(ls_state s)
{
    return states[s].key;
}

const char *ls_state_code(ls_state s)
{
    return states[s].code;
}

void ls_portal_put_state(ls_html *w, const ls_card *k, size_t measure, const char *tag, const char *id)
{
    const ls_measure_state *s = &k->state.measure[measure];
    const struct {
        bool is;
        const char *key;
    } marks[] = {{s->early, "mark.early"},
                 {s->begun_late, "mark.begun-late"},
                 {s->late, "mark.late"},
                 {s->held && (s->state == LS_PERFORMED || s->state == LS_CONFIRMED), "mark.held"},
                 {s->suspended, "mark.suspended"},
                 {s->in_dispute, "mark.in-dispute"},
                 {s->by_silence, "mark.by-silence"}};
    ls_html_statement_open(w, tag, id, "class", ls_html_format(w, "state s-%s", ls_state_code(s->state)), NULL);
    ls_html_word_in(w, "b", ls_state_key(s->state));
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (marks[i].is) {
            ls_html_str(w, ", ");
            ls_html_str(w, ls_html_word(w, marks[i].key));
        }
    }
    ls_html_close(w, tag);
}

void ls_portal_put_deadline(ls_html *w, const ls_card *k, size_t measure)
{
    const ls_measure_state *s = &k->state.measure[measure];
    if (s->has_deadline) {
        ls_html_deadline(w, s->deadline);
    } else {
        ls_html_str(w, ls_html_word(w, s->stopped ? "deadline.stands" : "deadline.none"));
    }
}

void ls_portal_put_score(ls_html *w, const ls_card *k, size_t measure)
{
    const ls_measure_state *s = &k->state.measure[measure];
    ls_html_say(w, "score.of", LS_WITH(ls_say_number(s->score)));
    if (s->assessed_by != LS_NO_ENTRY) {
        ls_html_str(w, " ");
        ls_html_say(w, "score.assessed", LS_WITH(ls_say_entry(s->assessed_by)));
    }
}

/* Each once, and in the order of the record. */
void ls_portal_put_evidence(ls_html *w, const ls_card *k, size_t measure)
{
    const ls_measure_state *s = &k->state.measure[measure];
    uint32_t entry[] = {s->performed_by, s->answered_by, ls_account_entry(&k->account, measure)};
    const size_t count = sizeof entry / sizeof *entry;
    uint32_t last = LS_NO_ENTRY;
    for (size_t i = 0; i < count; i++) {
        uint32_t next = LS_NO_ENTRY;
        for (size_t j = 0; j < count; j++) {
            bool later = last == LS_NO_ENTRY || entry[j] > last;
            next = entry[j] != LS_NO_ENTRY && later && entry[j] < next ? entry[j] : next;
        }
        if (next == LS_NO_ENTRY) {
            break;
        }
        ls_html_str(w, last == LS_NO_ENTRY ? "" : ", ");
        ls_html_entry(w, next);
        last = next;
    }
    if (last == LS_NO_ENTRY) {
        ls_html_str(w, ls_html_word(w, "evidence.none"));
    }
}

/* Accords. */

static void put_since(ls_html *w, const ls_card *k)
{
    const ls_accord_state *s = &k->state;
    if (s->signed_at == LS_TIME_OPEN) {
        ls_html_str(w, ls_html_word(w, "standing.never"));
    } else if (s->in_force <= k->query.at) {
        ls_html_say(w, "standing.in-force", LS_WITH(ls_say_date(s->in_force)));
    } else if (s->provisional <= k->query.at) {
        ls_html_say(w, "standing.provisional", LS_WITH(ls_say_date(s->provisional)));
    } else {
        ls_html_say(w, "standing.signed", LS_WITH(ls_say_date(s->signed_at)));
    }
}

void ls_portal_put_standing(ls_html *w, const ls_card *k, const char *tag, const char *id)
{
    const ls_accord_state *s = &k->state;
    ls_html_statement_open(w, tag, id, "class", "standing", NULL);
    put_since(w, k);
    if (s->ended != LS_TIME_OPEN) {
        ls_html_str(w, " ");
        ls_html_say(w, s->ended <= k->query.at ? "standing.ended" : "standing.ends",
                    LS_WITH(ls_say_deadline(s->ended)));
    }
    if (k->accord->amends >= 0) {
        ls_html_str(w, " ");
        ls_html_say(w, "standing.amended", LS_WITH(ls_say_entry(k->accord->index)));
    }
    ls_html_close(w, tag);
    ls_html_newline(w);
}

static ls_say scope_of(const ls_card *k, const ls_suspension *s)
{
    const ls_roadmap *m = k->accord->roadmap;
    return s->measure >= 0 ? ls_say_text(m->measures[s->measure].id)
           : s->track >= 0 ? ls_say_text(m->tracks[s->track].title)
                           : ls_say_text(m->title);
}

/* What the accord says that a suspension does. */
static const char *effect_of(const ls_suspension_rule *rule)
{
    static const char *const effects[2][2] = {{"suspension.moves-nothing", "suspension.others-stand"},
                                              {"suspension.own-stand", "suspension.all-stand"}};
    return effects[rule->stops_own][rule->counterpart_may_withhold];
}

static void put_suspension(ls_html *w, const ls_card *k, const ls_suspension *s, const char *id)
{
    bool lasts = s->until > k->query.at;
    const ls_say with[] = {ls_say_parties(LS_PARTY_BIT(s->by)),
                           scope_of(k, s),
                           ls_say_date(s->since),
                           ls_say_last_day(s->until),
                           ls_say_entry(s->index),
                           ls_say_word(effect_of(&k->accord->roadmap->suspension))};
    const char *key = !lasts ? "suspension.was" : s->until == LS_TIME_OPEN ? "suspension.is" : "suspension.is-until";
    ls_html_statement_open(w, "p", id, "class", lasts ? "notice warn" : "notice", NULL);
    ls_html_say(w, key, with, sizeof with / sizeof *with);
    ls_html_close(w, "p");
    ls_html_newline(w);
}

void ls_portal_put_suspensions(ls_html *w, const ls_card *k, const char *prefix)
{
    for (size_t p = 0; p < k->charter->party_count; p++) {
        ls_time left = k->state.left[p];
        if (left != LS_TIME_OPEN) {
            ls_html_statement_open(w, "p", ls_html_format(w, "%s-left-%zu", prefix, p), "class", "notice warn", NULL);
            ls_html_say(w, left > k->query.at ? "standing.notice" : "standing.left",
                        LS_WITH(ls_say_parties(LS_PARTY_BIT(p)), ls_say_deadline(left)));
            ls_html_close(w, "p");
        }
    }
    for (size_t i = 0; i < k->state.suspension_count; i++) {
        put_suspension(w, k, &k->state.suspension[i], ls_html_format(w, "%s-suspension-%zu", prefix, i));
    }
}
