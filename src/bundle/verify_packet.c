/* Packets: an excerpt, and what it is about: a draw, or a challenge and how it was answered. */
#include "bundle/verify_draw.h"

typedef unsigned long long ull;

ls_result ls_verify_find_act(ls_verifier *v, const ls_hash *id, uint64_t *index, const ls_act **out)
{
    *out = NULL;
    for (const ls_known_act *a = v->acts; a != NULL; a = a->next) {
        if (ls_hash_equal(&a->id, id)) {
            ls_act *act = ls_arena_alloc(v->arena, sizeof *act);
            if (act == NULL) {
                return ls_fail(&ls_fault_memory);
            }
            LS_TRY(ls_act_parse(a->note, false, act, NULL));
            *index = a->index;
            *out = act;
            return LS_SUCCESS;
        }
    }
    return LS_SUCCESS;
}

/* Challenges. */

static void tell_place(ls_verifier *v, const char *subject, const ls_act *act)
{
    ls_bytes by = act->raw[LS_H_BY], place = act->raw[LS_H_PLACE];
    ls_report_add(v->report, LS_FINDING_NOTE, subject, "%.*s says that something within %llu m of %.*s is not declared",
                  (int)by.len, by.ptr, (ull)act->radius, (int)place.len, place.ptr);
}

static ls_result see_row(void *context, uint32_t tranche, uint64_t row, const ls_opened_field *fields)
{
    ls_population_row *seen = context;
    (void)fields;
    *seen = (ls_population_row){tranche, row};
    return LS_SUCCESS;
}

/* A sheet's packet opens the row that it is about. */
static ls_result judge_single(ls_verifier *v, const ls_packet *p)
{
    bool opened = false;
    for (const ls_known_opening *o = v->openings; o != NULL && !opened; o = o->next) {
        ls_population_row row = {0};
        ls_opening_report again;
        if (o->act == LS_NO_ACT) {
            LS_TRY(ls_opening_verify(o->part, &o->declaration->declared, see_row, &row, &again));
            opened = ls_population_row_compare(&row, &p->row) == 0;
        }
    }
    if (!opened) {
        ls_report_add(v->report, LS_FINDING_FAILED, LS_PACKET_MEMBER, "it is about row %u/%llu, and does not open it",
                      (unsigned)p->row.tranche, (ull)p->row.row);
    }
    return LS_SUCCESS;
}

/* Answers stand in the file, or not; whether a row that was opened covers the place takes geodesics. */
static ls_result judge_challenge(ls_verifier *v, const ls_packet *p, const char *subject, const ls_act *challenge)
{
    bool answered = false;
    tell_place(v, subject, challenge);
    for (const ls_known_act *a = v->acts; a != NULL; a = a->next) {
        ls_act act;
        LS_TRY(ls_act_parse(a->note, false, &act, NULL));
        bool denies = ls_bytes_is(act.kind, "deny"), opens = ls_bytes_is(act.kind, "open");
        if ((!denies && !opens) || !act.has[LS_H_REF] || !ls_hash_equal(&act.ref, &challenge->id)) {
            continue;
        }
        answered = true;
        ls_report_add(v->report, LS_FINDING_NOTE, ls_verify_subject(v, a->index, &act), "%s",
                      denies ? "it denies that anything declared is there"
                             : "it opens rows in answer; whether one covers the place, lockstep inspections computes");
    }
    if (!answered && !p->single) {
        ls_report_add(v->report, LS_FINDING_NOTE, subject, "this file holds no answer to it");
    }
    return p->single ? judge_single(v, p) : LS_SUCCESS;
}

/* Members. */

static ls_result take_singles(ls_verifier *v)
{
    for (size_t i = 0; i < v->bundle->count; i++) {
        const ls_member *m = &v->bundle->members[i];
        char name[LS_BUNDLE_NAME_MAX + 1] = {0};
        const size_t prefix = sizeof LS_PACKET_OPENING - 1;
        uint64_t number;
        if (!ls_bytes_starts(m->name, LS_PACKET_OPENING) ||
            !ls_decimal_parse(ls_bytes_of(m->name.ptr + prefix, m->name.len - prefix), INT64_MAX, &number) ||
            number == 0) {
            continue;
        }
        memcpy(name, m->name.ptr, m->name.len);
        v->used[i] = true;
        LS_TRY(ls_verify_single_opening(v, name, m->content));
    }
    return LS_SUCCESS;
}

static ls_result judge(ls_verifier *v, const ls_packet *p)
{
    ls_packet_draw d = {.v = v, .packet = p};
    const char *kind = p->challenge ? "challenge" : "draw";
    LS_TRY(ls_verify_find_act(v, &p->about, &d.index, &d.act));
    if (d.act == NULL || !ls_bytes_is(d.act->kind, kind)) {
        char hex[LS_HEX_HASH_SIZE];
        ls_hash_format(&p->about, hex);
        ls_report_add(v->report, LS_FINDING_FAILED, LS_PACKET_MEMBER, "the %s that it is about is not in this file: %s",
                      kind, hex);
        return LS_SUCCESS;
    }
    d.subject = ls_verify_subject(v, d.index, d.act);
    if (p->challenge) {
        return judge_challenge(v, p, d.subject, d.act);
    }
    ls_result r = ls_verify_draw(&d);
    ls_buf_free(&d.opened);
    return r;
}

ls_result ls_verify_packet(ls_verifier *v)
{
    bool whole;
    const ls_member *m = ls_verify_take(v, LS_PACKET_MEMBER);
    ls_packet_report *shown = ls_arena_alloc(v->arena, sizeof *shown);
    if (shown == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_verify_excerpt_acts(v, &whole));
    if (!whole) {
        return LS_SUCCESS;
    }
    LS_TRY(take_singles(v));
    if (m == NULL || ls_failed(ls_packet_parse(m->content, &shown->packet))) {
        ls_report_add(v->report, LS_FINDING_FAILED, LS_PACKET_MEMBER, "%s",
                      m == NULL ? "it is missing: nothing says what this packet is about"
                                : ls_fault_packet_form.sentence);
        return LS_SUCCESS;
    }
    v->report->packet = shown;
    LS_TRY(judge(v, &shown->packet));
    ls_report_add(v->report, LS_FINDING_NOTE, LS_PACKET_MEMBER,
                  "these acts are on the record; whether they came in time to have effect, and what has become of it "
                  "since, only the whole record shows");
    return LS_SUCCESS;
}
