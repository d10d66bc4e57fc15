/* Who may make which act, as acceptance has it. */
#include "rehearsal/script.h"

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

void ls_script_check_may(ls_script_reader *r, const ls_value *v, ls_who who, size_t subject, ls_bytes about,
                         const ls_scripted *s)
{
    size_t party = who == LS_WHO_PERFORMS ? s->fact.party : s->fact.by;
    ls_parties may = ls_who_may(r->known.roadmap, who, subject);
    ls_bytes name = r->known.charter->party[party].name;
    if ((may & LS_PARTY_BIT(party)) == 0) {
        ls_diagnose(r->known.d, ls_field_mark(v, "by"), hint_parties(r, may), "%.*s %s %.*s", (int)name.len, name.ptr,
                    ls_who_does_not(who), (int)about.len, about.ptr);
    }
}
