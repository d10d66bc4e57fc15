/* Before an act is signed: would it change anything? */
#include "cli/talking.h"
#include "talks/effect.h"

static bool kind_of(const char *kind, uint8_t *out)
{
    static const struct {
        const char *name;
        ls_talk_kind kind;
    } answers[] = {{"accept", LS_TALK_ACCEPT}, {"decline", LS_TALK_DECLINE},  {"defer", LS_TALK_DEFER},
                   {"cancel", LS_TALK_CANCEL}, {"hold", LS_TALK_HOLD},        {"quit", LS_TALK_QUIT},
                   {"redeem", LS_TALK_REDEEM}, {"withdraw", LS_TALK_WITHDRAW}};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        if (strcmp(answers[i].name, kind) == 0) {
            *out = (uint8_t)answers[i].kind;
            return true;
        }
    }
    return false;
}

/* What it is about, if that is on the record. */
static bool referred(const cli *c, const ls_act_draft *act, uint32_t *out)
{
    ls_hash id;
    uint64_t index;
    if (!ls_hash_parse(ls_buf_bytes(&act->value[LS_H_REF]), &id) || !ls_record_find(c->ws.record, &id, &index)) {
        return false;
    }
    *out = (uint32_t)index;
    return true;
}

static int32_t day_of(const ls_act_draft *act, ls_header h)
{
    ls_date date;
    return ls_date_parse(ls_buf_bytes(&act->value[h]), &date) ? (int32_t)ls_date_to_days(date) : LS_NO_DAY;
}

/* Who may say it at all is for acceptance to tell. */
static bool is_asked(const ls_talk *thing, const ls_talk *said)
{
    bool answer = said->kind == LS_TALK_ACCEPT || said->kind == LS_TALK_DECLINE;
    ls_parties who = thing->kind == LS_TALK_PROPOSE && answer ? thing->to : ls_talk_involved(thing);
    return (who & LS_PARTY_BIT(said->by)) != 0;
}

static ls_result refuse(cli *c, const cli_talks *judged, const ls_talk *thing)
{
    const char *stands = cli_talk_stands(c, judged, thing);
    const char *what = thing->name.len > 0
                           ? cli_text(c, thing->name)
                           : ls_arena_format(&c->arena, "the %s in entry %u", cli_talk_kind(thing), thing->index);
    ls_hint(&c->detail, "lockstep talks shows where everything stands, and who is awaited");
    return ls_fail_with(&ls_fault_usage, &c->detail, "this would change nothing: of %s, the record says \"%s\"", what,
                        stands);
}

ls_result cli_talk_needed(cli *c, const char *kind, const ls_act_draft *act)
{
    cli_talks judged;
    bool changes;
    ls_hash accord;
    bool named = ls_hash_parse(ls_buf_bytes(&act->value[LS_H_ACCORD]), &accord);
    ls_talk said = {.group = LS_NO_ENTRY,
                    .until = LS_TIME_OPEN,
                    .day = day_of(act, LS_H_DATE),
                    .due = day_of(act, LS_H_DUE),
                    .accord = (int16_t)(named ? ls_record_find_accord(c->ws.record, &accord) : -1),
                    .of = LS_TALK_JOINT};
    if (!kind_of(kind, &said.kind) || !referred(c, act, &said.ref)) {
        return LS_SUCCESS;
    }
    const ls_talks all = ls_record_talks(c->ws.record);
    const ls_talk *thing = ls_talks_answered(&all, &said);
    said.by = (uint8_t)cli_own_party(c);
    said.index = said.seen = (uint32_t)ls_record_size(c->ws.record);
    if (thing == NULL || !is_asked(thing, &said)) {
        return LS_SUCCESS;
    }
    LS_TRY(cli_talks_now(c, &judged));
    LS_TRY(ls_talks_would_change(&judged.query, &said, &c->arena, &changes));
    return changes ? LS_SUCCESS : refuse(c, &judged, thing);
}
