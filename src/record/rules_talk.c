/*
 * Acts of talks: one rule for all of them, over the rows of the table. Each begins something that bears a name, or is
 * about an act that did; who may say it follows from whom that act is by and addressed to. What becomes of it is the
 * business of talks/.
 */
#include "record/rules.h"

/* The header that names what such an act begins, or LS_HEADER_COUNT. */
static ls_header space_of(const act_rule *rule)
{
    static const ls_header spaces[] = {LS_H_MEETING, LS_H_GROUP, LS_H_TEXT, LS_H_ITEM};
    for (size_t i = 0; rule->talk.begins && i < sizeof spaces / sizeof *spaces; i++) {
        if ((rule->required >> spaces[i] & 1) != 0) {
            return spaces[i];
        }
    }
    return LS_HEADER_COUNT;
}

static ls_result take_ref(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const talk_rule *rule = &e->rule->talk;
    e->talk.ref = e->referred == NONE ? LS_NO_ENTRY : e->referred;
    if (!act->has[LS_H_REF]) {
        return LS_SUCCESS;
    }
    if (e->referred == NONE || !ls_entry_effective(r, e->referred)) {
        return ls_refuse(detail, "lockstep log lists the acts", "ref names no act on the record that has effect");
    }
    const ls_talk *about = ls_talk_find(r, e->referred);
    bool fits = rule->refs == 0 || (about != NULL && (rule->refs >> about->kind & 1) != 0);
    return fits ? LS_SUCCESS
                : ls_refuse(detail, "lockstep talks lists what there is", "ref does not name what a %s can be about",
                            e->rule->kind);
}

/* Names of parties as a set. */
static ls_result take_parties(const ls_record *r, const ls_names *names, bool public_too, ls_parties *out, bool *all,
                              ls_detail *detail)
{
    for (size_t i = 0; i < names->count; i++) {
        const ls_party *p = ls_charter_party(r->charter, names->name[i]);
        if (p != NULL) {
            *out |= LS_PARTY_BIT(p - r->charter->party);
        } else if (public_too && ls_bytes_is(names->name[i], "public")) {
            *all = true;
        } else {
            return ls_refuse(detail, "lockstep charter show lists the parties", "%.*s is not a party of the charter",
                             (int)names->name[i].len, names->name[i].ptr);
        }
    }
    return LS_SUCCESS;
}

static ls_result take_people(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    ls_talk *x = &e->talk;
    bool joint = act->shape == LS_SHAPE_JOINT;
    LS_TRY(take_parties(r, joint ? &act->by : &act->to, false, &x->to, NULL, detail));
    LS_TRY(take_parties(r, &act->pass_to, true, &x->pass_to, &x->pass_public, detail));
    if (!joint && (x->to & LS_PARTY_BIT(e->by)) != 0) {
        return ls_refuse(detail, NULL, "it is addressed to its author");
    }
    x->of = LS_TALK_JOINT;
    if (act->has[LS_H_OF]) {
        const ls_names of = {1, {act->raw[LS_H_OF]}};
        ls_parties party = 0;
        LS_TRY(take_parties(r, &of, false, &party, NULL, detail));
        x->of = (uint8_t)(ls_charter_party(r->charter, of.name[0]) - r->charter->party);
    }
    return LS_SUCCESS;
}

/* What it begins bears a name that nothing else of its kind bears. */
static ls_result take_name(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    ls_header space = space_of(e->rule);
    ls_header h = space != LS_HEADER_COUNT ? space : LS_H_ITEM;
    if (space != LS_HEADER_COUNT && ls_talk_named(r, space, act->raw[space]) != NULL) {
        return ls_refuse(detail, "choose another name", "there is a %s %.*s already", ls_header_name(space),
                         (int)act->raw[space].len, act->raw[space].ptr);
    }
    e->talk.name = act->has[h] ? act->raw[h] : (ls_bytes){0};
    return LS_SUCCESS;
}

/* The group in which it happens. */
static ls_result take_group(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    e->talk.group = LS_NO_ENTRY;
    if (!act->has[LS_H_GROUP] || e->talk.kind == LS_TALK_GROUP) {
        return LS_SUCCESS;
    }
    ls_bytes name = act->raw[LS_H_GROUP];
    const ls_talk *group = ls_talk_named(r, LS_H_GROUP, name);
    if (group == NULL) {
        return ls_refuse(detail, "lockstep group create makes one", "there is no working group %.*s", (int)name.len,
                         name.ptr);
    }
    e->talk.group = group->index;
    return LS_SUCCESS;
}

static ls_result take_word(const ls_act *act, effect *e, ls_detail *detail)
{
    ls_header h = act->has[LS_H_METHOD] ? LS_H_METHOD : LS_H_CHANGE;
    const char *const *words = e->rule->talk.words;
    if (!act->has[h]) {
        return LS_SUCCESS;
    }
    for (uint8_t i = 0; i == 0 || words[i] != NULL; i++) {
        if (words[i] != NULL && ls_bytes_is(act->raw[h], words[i])) {
            e->talk.word = i;
            return LS_SUCCESS;
        }
    }
    return ls_refuse(detail, NULL, "%s has no %s %.*s", e->rule->kind, ls_header_name(h), (int)act->raw[h].len,
                     act->raw[h].ptr);
}

static ls_result check_who(const ls_record *r, const effect *e, ls_detail *detail)
{
    talk_who who = e->rule->talk.who;
    const ls_talk *about = e->referred == NONE ? NULL : ls_talk_find(r, e->referred);
    if (who == TALK_ANYBODY || e->by == LS_NOBODY || about == NULL) {
        return LS_SUCCESS;
    }
    bool meeting = about->kind == LS_TALK_MEET || about->kind == LS_TALK_APPOINT;
    ls_parties may = who == TALK_ADDRESSEE && !meeting ? about->to
                     : who != TALK_OWNER
                         ? ls_talk_involved(about)
                         : LS_PARTY_BIT(about->by) | (about->of == LS_TALK_JOINT ? 0 : LS_PARTY_BIT(about->of));
    ls_bytes name = r->charter->party[e->by].name;
    return (may & LS_PARTY_BIT(e->by)) != 0
               ? LS_SUCCESS
               : ls_refuse(detail, "lockstep show says whom it is by and addressed to",
                           "%.*s is not one that may say %s of it", (int)name.len, name.ptr, e->rule->kind);
}

ls_result ls_rule_accept_talk(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const talk_rule *rule = &e->rule->talk;
    if (e->accord_index >= 0) {
        LS_TRY(ls_rule_require_accord(r, e, detail));
    }
    e->talks = true;
    e->talk = (ls_talk){.kind = (uint8_t)rule->kind,
                        .by = e->by == LS_NOBODY ? LS_TALK_JOINT : (uint8_t)e->by,
                        .until = act->has[LS_H_UNTIL] ? act->until : LS_TIME_OPEN,
                        .value = act->commitment,
                        .seen = (uint32_t)act->head_size,
                        .day = act->has[LS_H_DATE] ? (int32_t)ls_date_to_days(act->date) : LS_NO_DAY,
                        .due = act->has[LS_H_DUE] ? (int32_t)ls_date_to_days(act->due) : LS_NO_DAY,
                        .accord = (int16_t)e->accord_index};
    LS_TRY(take_ref(r, act, e, detail));
    LS_TRY(take_people(r, act, e, detail));
    LS_TRY(take_name(r, act, e, detail));
    LS_TRY(take_group(r, act, e, detail));
    LS_TRY(take_word(act, e, detail));
    LS_TRY(check_who(r, e, detail));
    return rule->check == NULL ? LS_SUCCESS : rule->check(r, act, e, detail);
}

void ls_rule_apply_talk(ls_record *r, const ls_act *act, const effect *e)
{
    (void)act;
    ls_talk_add(r, &e->talk, space_of(e->rule));
}
