/* Who may make which act, as acceptance has it. */
#include "rehearsal/script.h"

static ls_parties performers(const ls_roadmap *m, size_t i)
{
    return m->measures[i].by | m->measures[i].may_join;
}

static ls_parties declarers(const ls_roadmap *m, size_t i)
{
    return LS_PARTY_BIT(m->declarations[i].by);
}

static ls_parties verifiers(const ls_roadmap *m, size_t i)
{
    return m->measures[i].verifiers;
}

static ls_parties witnesses(const ls_roadmap *m, size_t i)
{
    return m->measures[i].verifiers | m->measures[i].witnesses;
}

static ls_parties callers_off(const ls_roadmap *m, size_t i)
{
    return m->measures[i].may_call_off;
}

static ls_parties joiners(const ls_roadmap *m, size_t i)
{
    return m->measures[i].may_join;
}

static ls_parties assessors(const ls_roadmap *m, size_t i)
{
    (void)i;
    return m->assessors;
}

static ls_parties extenders(const ls_roadmap *m, size_t i)
{
    (void)i;
    return m->extension.by;
}

static ls_parties attestors(const ls_roadmap *m, size_t i)
{
    return m->events[i].attested_by;
}

static ls_parties holders(const ls_roadmap *m, size_t i)
{
    return LS_PARTY_BIT(m->rights[i].of);
}

static ls_parties complainants(const ls_roadmap *m, size_t i)
{
    return m->disputes[i].open_to;
}

static ls_parties disputants(const ls_roadmap *m, size_t i)
{
    return m->disputes[i].open_to | m->disputes[i].settled_by;
}

static ls_parties settlers(const ls_roadmap *m, size_t i)
{
    return m->disputes[i].settled_by;
}

static ls_parties signatories(const ls_roadmap *m, size_t i)
{
    (void)i;
    return m->signed_by;
}

static ls_parties anybody(const ls_roadmap *m, size_t i)
{
    (void)m;
    (void)i;
    return ~(ls_parties)0;
}

static const struct {
    ls_parties (*of)(const ls_roadmap *m, size_t subject);
    const char *does_not; /* usa … fuel-oil */
} who[] = {[MAY_PERFORM] = {performers, "does not perform"},
           [MAY_DECLARE] = {declarers, "does not make the declaration"},
           [MAY_VERIFY] = {verifiers, "does not verify"},
           [MAY_WITNESS] = {witnesses, "does not verify"},
           [MAY_CALL_OFF] = {callers_off, "may not call off"},
           [MAY_JOIN] = {joiners, "may not join"},
           [MAY_ASSESS] = {assessors, "does not assess"},
           [MAY_EXTEND] = {extenders, "may not extend"},
           [MAY_ATTEST] = {attestors, "does not attest"},
           [MAY_USE] = {holders, "does not have the right"},
           [MAY_COMPLAIN] = {complainants, "may not open a dispute under"},
           [MAY_DISPUTE] = {disputants, "has no part in"},
           [MAY_SETTLE] = {settlers, "does not settle disputes under"},
           [MAY_SIGN] = {signatories, "has not signed"},
           [MAY_ANYBODY] = {anybody, ""}};

/* "that is for: usa, rok" */
static const char *hint_parties(ls_script_reader *r, ls_parties parties)
{
    const char *names = "";
    for (size_t p = 0; names != NULL && p < r->known.charter->party_count; p++) {
        ls_bytes name = r->known.charter->party[p].name;
        if ((parties & LS_PARTY_BIT(p)) != 0) {
            names = ls_arena_format(r->known.arena, "%s%s %.*s", names, names[0] == '\0' ? "" : ",", (int)name.len,
                                    name.ptr);
        }
    }
    bool any = names != NULL && names[0] != '\0';
    return any ? ls_arena_format(r->known.arena, "that is for:%s", names) : "that is for no party";
}

void ls_script_check_may(ls_script_reader *r, const ls_value *v, ls_may may, size_t subject, ls_bytes about,
                         const ls_scripted *s)
{
    size_t party = may == MAY_PERFORM ? s->fact.party : s->fact.by;
    ls_parties may_all = who[may].of(r->known.roadmap, subject);
    ls_bytes name = r->known.charter->party[party].name;
    if ((may_all & LS_PARTY_BIT(party)) == 0) {
        ls_diagnose(r->known.d, ls_field_mark(v, "by"), hint_parties(r, may_all), "%.*s %s %.*s", (int)name.len,
                    name.ptr, who[may].does_not, (int)about.len, about.ptr);
    }
}
