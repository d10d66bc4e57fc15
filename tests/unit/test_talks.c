/* What became of talks: every stage, and what must not lead there. docs/talks.md says what each means. */
#include "talks/effect.h"
#include "talks_story.h"

#define B(p) LS_PARTY_BIT(p)

static void proposal_is(talking *x, int day, uint32_t n, const char *stage, int since, ls_parties awaited)
{
    const ls_proposal_state *p = proposal(x, day, n);
    assert_string_equal(ls_proposal_stage_name(p->stage), stage);
    assert_int_equal(p->since, (ls_time)since * DAY);
    assert_int_equal(p->awaited, awaited);
}

static void meeting_is(talking *x, int day, uint32_t n, const char *stage, int since, ls_parties awaited)
{
    const ls_meeting_state *m = meeting(x, day, n);
    assert_string_equal(ls_meeting_stage_name(m->stage), stage);
    assert_int_equal(m->since, (ls_time)since * DAY);
    assert_int_equal(m->awaited, awaited);
}

static void statement_is(talking *x, int day, uint32_t n, const char *stage, int since)
{
    const ls_statement_state *p = statement(x, day, n);
    assert_string_equal(ls_statement_stage_name(p->stage), stage);
    assert_int_equal(p->since, (ls_time)since * DAY);
}

/* Letters. */

static void test_letters_thread(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t first = says(x, 1, "dprk letter to usa"), reply = says(x, 2, "usa letter to dprk about 1");
    says(x, 3, "dprk letter to usa about 2");
    says(x, NEVER, "rok letter to usa");
    uint32_t orphan = says(x, 5, "usa letter to rok about 4");
    const ls_talks_state *s = at_day(x, 6);
    assert_int_equal(s->letter_count, 4);
    assert_null(s->letter[0].answers);
    assert_int_equal(s->letter[0].replies, 1);
    assert_int_equal(s->letter[1].answers->index, first);
    assert_int_equal(s->letter[2].answers->index, reply);
    assert_int_equal(s->letter[2].thread->index, first);
    assert_int_equal(s->letter[3].letter->index, orphan); /* what it answers has no effect */
    assert_null(s->letter[3].answers);
    assert_int_equal(s->letter[3].thread->index, orphan);
    assert_int_equal(at_day(x, 2)->letter_count, 2);
    talking_end(x);
}

/* Proposals. */

static void test_a_proposal_is_accepted_by_all(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t p = says(x, 1, "dprk propose to usa,rok until 10");
    proposal_is(x, 1, p, "open", 1, B(USA) | B(ROK));
    assert_int_equal(proposal(x, 1, p)->deadline, 10 * DAY);
    uint32_t yes = says(x, 2, "usa accept about 1");
    says(x, 3, "jpn accept about 1"); /* it was not asked */
    proposal_is(x, 3, p, "open", 1, B(ROK));
    says(x, 4, "rok accept about 1");
    proposal_is(x, 4, p, "accepted", 4, 0);
    /* For good. */
    assert_int_equal(yes, 2);
    says(x, 5, "usa withdraw about 2");
    says(x, 6, "rok decline about 1");
    says(x, 7, "dprk withdraw about 1");
    proposal_is(x, 20, p, "accepted", 4, 0);
    assert_int_equal(proposal(x, 20, p)->accepted, B(USA) | B(ROK));
    assert_int_equal(proposal(x, 20, p)->deadline, LS_TIME_OPEN);
    talking_end(x);
}

static void test_an_answer_is_taken_back(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t p = says(x, 1, "dprk propose to usa,rok until 10");
    says(x, 2, "usa accept about 1");
    says(x, 3, "usa withdraw about 2");
    proposal_is(x, 3, p, "open", 1, B(USA) | B(ROK));
    says(x, 4, "usa decline about 1");
    proposal_is(x, 4, p, "declined", 4, 0);
    says(x, 5, "usa withdraw about 2"); /* was taken back before */
    proposal_is(x, 5, p, "declined", 4, 0);
    says(x, 6, "rok withdraw about 4"); /* another's */
    proposal_is(x, 6, p, "declined", 4, 0);
    says(x, 7, "usa accept about 1"); /* the last word counts */
    says(x, 8, "rok accept about 1");
    proposal_is(x, 8, p, "accepted", 8, 0);
    talking_end(x);
}

static void test_a_proposal_is_countered(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t p = says(x, 1, "dprk propose to usa until 10"), c = says(x, 2, "usa propose to dprk until 12 about 1");
    proposal_is(x, 2, p, "countered", 2, 0);
    proposal_is(x, 2, c, "open", 2, B(DPRK));
    assert_int_equal(proposal(x, 2, p)->counter->index, c);
    says(x, 3, "usa withdraw about 2");
    proposal_is(x, 3, p, "countered", 2, 0);
    proposal_is(x, 3, c, "withdrawn", 3, 0);
    proposal_is(x, 30, p, "countered", 2, 0);
    says(x, 4, "usa accept about 1"); /* after all */
    proposal_is(x, 4, p, "accepted", 4, 0);
    talking_end(x);
}

static void test_a_proposal_lapses(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t p = says(x, 1, "dprk propose to usa until 10");
    ls_time limit = 11 * DAY; /* with the grace */
    assert_int_equal(ls_talks_proposal(as_known(x, limit, limit), p)->stage, LS_PROPOSAL_OPEN);
    assert_int_equal(ls_talks_proposal(as_known(x, limit + 1, limit + 1), p)->stage, LS_PROPOSAL_LAPSED);
    says(x, 11, "usa accept about 1"); /* at the limit */
    proposal_is(x, 12, p, "accepted", 11, 0);
    x->time[2] = limit + 1;
    proposal_is(x, 12, p, "lapsed", 11, 0);
    assert_int_equal(proposal(x, 12, p)->late, B(USA));
    says(x, 13, "dprk withdraw about 1");
    proposal_is(x, 13, p, "lapsed", 11, 0);
    talking_end(x);
}

static void test_a_declined_proposal_stays_so(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t p = says(x, 1, "dprk propose to usa until 10");
    says(x, 2, "usa decline about 1");
    says(x, 12, "usa accept about 1");
    proposal_is(x, 20, p, "declined", 2, 0);
    assert_int_equal(proposal(x, 20, p)->late, 0);
    talking_end(x);
}

static void test_an_appointment_accepts(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t p = says(x, 1, "dprk propose to usa until 10");
    uint32_t a = says(x, 5, "dprk+usa appoint about 1 due 9 name hanoi");
    proposal_is(x, 5, p, "accepted", 5, 0);
    assert_int_equal(proposal(x, 5, p)->appointment->index, a);
    meeting_is(x, 5, a, "confirmed", 5, 0);
    talking_end(x);
}

/* Meetings. */

static void test_a_meeting_is_confirmed_by_all(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t m = says(x, 1, "usa meet to dprk,rok due 20 until 10 name visit");
    meeting_is(x, 1, m, "planned", 1, B(DPRK) | B(ROK));
    assert_int_equal(meeting(x, 1, m)->deadline, 10 * DAY);
    says(x, 2, "dprk accept about 1");
    says(x, 3, "usa accept about 1"); /* who planned it is not asked */
    meeting_is(x, 3, m, "planned", 1, B(ROK));
    says(x, 4, "rok accept about 1");
    meeting_is(x, 4, m, "confirmed", 4, 0);
    meeting_is(x, 15, m, "confirmed", 4, 0);
    says(x, 16, "dprk withdraw about 2"); /* after the limit it lapses at once */
    meeting_is(x, 17, m, "lapsed", 16, 0);
    talking_end(x);
}

static void test_a_meeting_lapses_unconfirmed(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t m = says(x, 1, "usa meet to dprk until 10 name visit"), plain = says(x, 1, "usa meet to dprk name other");
    says(x, 12, "dprk accept about 1");
    meeting_is(x, 13, m, "lapsed", 11, 0);
    assert_int_equal(meeting(x, 13, m)->late, B(DPRK));
    meeting_is(x, 1000, plain, "planned", 1, B(DPRK));
    says(x, 14, "dprk hold about 1 on 13"); /* it took place all the same */
    meeting_is(x, 14, m, "held", 14, 0);
    talking_end(x);
}

static void test_a_meeting_is_declined(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t m = says(x, 1, "usa meet to dprk,rok until 10 name visit");
    says(x, 2, "dprk decline about 1");
    meeting_is(x, 2, m, "declined", 2, 0);
    says(x, 3, "usa withdraw about 1");
    meeting_is(x, 3, m, "withdrawn", 3, 0);
    says(x, 4, "dprk accept about 1");
    says(x, 4, "rok accept about 1");
    says(x, 4, "rok defer about 1 due 30");
    meeting_is(x, 5, m, "withdrawn", 3, 0);
    talking_end(x);
}

static void test_a_meeting_is_postponed_to_a_day(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t m = says(x, 1, "dprk+usa appoint due 8 name new-york");
    meeting_is(x, 1, m, "confirmed", 1, 0);
    uint32_t d = says(x, 7, "dprk defer about 1 due 19");
    meeting_is(x, 7, m, "postponed", 7, B(USA)); /* nobody sets a date for others */
    assert_int_equal(meeting(x, 7, m)->due, 19);
    assert_int_equal(meeting(x, 7, m)->dated_by->index, d);
    says(x, 8, "dprk accept about 1");
    meeting_is(x, 8, m, "postponed", 7, B(USA));
    uint32_t yes = says(x, 9, "usa accept about 1");
    meeting_is(x, 9, m, "confirmed", 9, 0);
    says(x, 10, "dprk withdraw about 2"); /* then the first date counts again */
    meeting_is(x, 10, m, "confirmed", 9, 0);
    assert_int_equal(meeting(x, 10, m)->due, 8);
    assert_null(meeting(x, 10, m)->postponed);
    assert_int_equal(yes, 4);
    talking_end(x);
}

static void test_words_are_about_a_date(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t m = says(x, 1, "usa meet to dprk,rok due 20 name visit");
    uint32_t yes = says(x, 2, "dprk accept about 1");
    uint32_t later = says(x, 3, "rok defer about 1 due 25");
    meeting_is(x, 3, m, "postponed", 3, B(DPRK) | B(USA));
    says(x, 4, "dprk withdraw about 2"); /* of a date that does not count now */
    says(x, 5, "usa decline about 1");
    meeting_is(x, 5, m, "declined", 5, 0);
    says(x, 6, "rok withdraw about 3");
    meeting_is(x, 6, m, "planned", 6, B(ROK)); /* dprk's word is there again */
    says(x, 7, "dprk withdraw about 2");
    meeting_is(x, 7, m, "planned", 6, B(DPRK) | B(ROK));
    assert_int_equal(yes + later, 5);
    talking_end(x);
}

/* A host that holds an acceptance back does not make it one of another day. */
static void test_who_had_not_seen_the_new_day(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t m = says(x, 1, "usa meet to dprk due 20 name visit");
    says(x, 2, "usa defer about 1 due 25");
    says(x, 3, "dprk accept about 1 seen 2"); /* entries 0 and 1 */
    meeting_is(x, 3, m, "postponed", 2, B(DPRK));
    assert_int_equal(meeting(x, 3, m)->unaware, B(DPRK));
    says(x, 4, "usa withdraw about 2");
    says(x, 5, "dprk accept about 1 seen 4"); /* of the 25th, as far as it knew */
    meeting_is(x, 5, m, "planned", 4, B(DPRK));
    says(x, 6, "dprk accept about 1 seen 5");
    meeting_is(x, 6, m, "confirmed", 6, 0);
    assert_int_equal(meeting(x, 6, m)->unaware, 0);
    talking_end(x);
}

static void test_a_meeting_is_postponed_without_a_day(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t m = says(x, 1, "usa meet to dprk due 8 until 6 name new-york");
    says(x, 2, "dprk defer about 1");
    meeting_is(x, 2, m, "postponed", 2, 0);
    says(x, 3, "usa accept about 1");          /* to nothing */
    meeting_is(x, 100, m, "postponed", 2, 0);  /* and `until` is over */
    says(x, 101, "jpn defer about 1 due 110"); /* it has no part in it */
    meeting_is(x, 101, m, "postponed", 2, 0);
    assert_int_equal(meeting(x, 101, m)->due, LS_NO_DAY);
    says(x, 102, "usa defer about 1 due 120");
    meeting_is(x, 102, m, "postponed", 2, B(DPRK));
    says(x, 103, "dprk accept about 1");
    meeting_is(x, 103, m, "confirmed", 103, 0);
    talking_end(x);
}

static void test_a_meeting_is_called_off(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t m = says(x, 1, "usa meet to dprk due 8 name visit");
    says(x, 2, "dprk accept about 1");
    says(x, 3, "jpn cancel about 1");
    meeting_is(x, 3, m, "confirmed", 2, 0);
    uint32_t off = says(x, 4, "usa cancel about 1");
    meeting_is(x, 4, m, "called off", 4, 0);
    assert_int_equal(meeting(x, 4, m)->cancelled_by, B(USA));
    says(x, 5, "dprk defer about 1 due 30");
    meeting_is(x, 5, m, "called off", 4, 0);
    says(x, 6, "usa withdraw about 4");
    meeting_is(x, 6, m, "confirmed", 6, 0);
    says(x, 7, "usa withdraw about 1"); /* what others have confirmed is called off, not withdrawn */
    meeting_is(x, 7, m, "confirmed", 6, 0);
    assert_int_equal(off, 4);
    talking_end(x);
}

static void test_a_meeting_is_held_by_somebodys_word(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t m = says(x, 1, "dprk+usa appoint due 8 name pyongyang-4");
    says(x, 9, "usa hold about 1 on 7");
    says(x, 10, "jpn hold about 1 on 7");
    meeting_is(x, 10, m, "held", 9, 0);
    assert_int_equal(meeting(x, 10, m)->held_by, B(USA));
    says(x, 11, "dprk cancel about 1");
    assert_true(meeting(x, 11, m)->disputed);
    meeting_is(x, 11, m, "held", 9, 0);
    says(x, 12, "usa hold about 1 on 8"); /* its other minutes */
    assert_int_equal(meeting(x, 12, m)->held_count, 1);
    assert_int_equal(meeting(x, 12, m)->held[0]->day, 8);
    says(x, 13, "usa withdraw about 5");
    assert_int_equal(meeting(x, 13, m)->held[0]->day, 7);
    says(x, 14, "usa withdraw about 2");
    meeting_is(x, 14, m, "called off", 14, 0);
    assert_false(meeting(x, 14, m)->disputed);
    talking_end(x);
}

static void test_minutes_are_agreed(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t m = says(x, 1, "usa meet to dprk,rok name pyongyang-4");
    says(x, 9, "usa hold about 1 on 7");
    says(x, 10, "dprk+usa minutes about 1");
    says(x, 11, "usa withdraw about 2");
    meeting_is(x, 11, m, "held", 9, 0);
    assert_int_equal(meeting(x, 11, m)->held_by, B(DPRK) | B(USA));
    assert_int_equal(meeting(x, 11, m)->held_count, 0);
    says(x, 12, "dprk+rok minutes about 1");
    says(x, 13, "usa hold about 1 on 7");
    says(x, 14, "usa withdraw about 6");
    assert_int_equal(meeting(x, 14, m)->held_by, B(DPRK) | B(USA) | B(ROK));
    assert_int_equal(meeting(x, 14, m)->minutes->index, 5);
    talking_end(x);
}

static void test_a_meeting_is_replaced(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t m = says(x, 1, "usa meet to dprk,rok name visit"),
             two = says(x, 2, "usa+dprk appoint about 1 due 9 name a");
    meeting_is(x, 2, m, "planned", 1, B(DPRK) | B(ROK)); /* two of three */
    uint32_t three = says(x, 3, "usa+dprk+rok appoint about 1 due 9 name b");
    meeting_is(x, 3, m, "replaced", 3, 0);
    assert_int_equal(meeting(x, 3, m)->replaced_by->index, three);
    meeting_is(x, 3, two, "confirmed", 2, 0);
    talking_end(x);
}

/* Groups and agendas. */

static void test_who_sits_in_a_group(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t g = says(x, 1, "usa group to dprk,rok name denuclearization");
    assert_int_equal(group(x, 1, g)->members, B(USA));
    assert_int_equal(group(x, 1, g)->invited, B(DPRK) | B(ROK));
    says(x, 2, "dprk enlist about 1");
    says(x, 3, "jpn enlist about 1"); /* not invited */
    says(x, 4, "rok quit about 1");
    assert_int_equal(group(x, 4, g)->members, B(USA) | B(DPRK));
    assert_int_equal(group(x, 4, g)->left, B(ROK));
    assert_int_equal(group(x, 4, g)->invited, 0);
    assert_int_equal(ls_group_refused(group(x, 4, g)), B(ROK));
    assert_int_equal(ls_group_refused(group(x, 3, g)), 0);
    uint32_t others = says(x, 5, "dprk enlist about 1");
    assert_int_equal(group(x, 5, g)->seat_count, 2);
    assert_int_equal(group(x, 5, g)->seat[1].named_by->index, others);
    assert_int_equal(group(x, 5, g)->seat[1].since, 2 * DAY);
    says(x, 6, "dprk quit about 1");
    assert_true(group(x, 6, g)->seat[1].left);
    says(x, 7, "dprk enlist about 1");
    assert_int_equal(group(x, 7, g)->seat[1].since, 7 * DAY);
    says(x, 8, "usa meet to dprk in 1 name stockholm");
    says(x, 9, "dprk report about 1 to usa");
    assert_int_equal(group(x, 9, g)->meetings, 1);
    assert_int_equal(group(x, 9, g)->reports, 1);
    says(x, 10, "dprk withdraw about 9");
    assert_int_equal(group(x, 10, g)->reports, 0);
    assert_true(x->state.group_report[0].withdrawn);
    assert_int_equal(x->state.meeting[0].group, 0);
    talking_end(x);
}

static void test_items_of_an_agenda(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t m = says(x, 1, "usa meet to dprk name visit");
    says(x, 2, "usa agenda about 1 name sites");
    says(x, 3, "dprk agenda about 1 name relief");
    says(x, 4, "dprk agenda about 1 name sites is settled");
    says(x, 5, "usa agenda about 1 name site is dropped");
    const ls_agenda *a = &meeting(x, 6, m)->agenda;
    assert_int_equal(a->count, 3);
    assert_bytes(a->item[0].latest->name, ls_bytes_str("sites"));
    assert_int_equal(a->item[0].latest->word, LS_AGENDA_SETTLED);
    assert_int_equal(a->item[0].first->by, USA);
    assert_int_equal(a->item[0].since, 4 * DAY);
    assert_int_equal(a->item[1].latest->word, LS_AGENDA_OPEN);
    assert_int_equal(a->item[2].latest->word, LS_AGENDA_DROPPED);
    talking_end(x);
}

/* Pledges, demands, claims. */

static void test_a_pledge_becomes_a_measure(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t p = says(x, 1, "rok pledge of dprk until 10 name yongbyon");
    statement_is(x, 1, p, "stands", 1);
    says(x, 2, "usa redeem about 1"); /* neither its author nor of whom it is */
    statement_is(x, 2, p, "stands", 1);
    uint32_t r = says(x, 3, "dprk redeem about 1");
    statement_is(x, 100, p, "became a measure", 3);
    assert_int_equal(statement(x, 100, p)->redeemed_by->index, r);
    says(x, 4, "rok withdraw about 1");
    statement_is(x, 4, p, "became a measure", 3);
    says(x, 5, "dprk withdraw about 3");
    statement_is(x, 5, p, "stands", 5);
    says(x, 6, "rok withdraw about 1");
    statement_is(x, 6, p, "withdrawn", 6);
    says(x, 7, "dprk redeem about 1");
    statement_is(x, 7, p, "withdrawn", 6);
    assert_false(statement(x, 7, p)->late);
    talking_end(x);
}

static void test_a_demand_lapses(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t d = says(x, 1, "usa demand of dprk until 10 name list"), open = says(x, 1, "usa demand name other");
    uint32_t c = says(x, 1, "dprk claim name site until 10");
    says(x, 2, "dprk redeem about 3"); /* a claim is no pledge */
    statement_is(x, 2, c, "stands", 1);
    says(x, 5, "dprk redeem about 1");
    says(x, 20, "dprk withdraw about 5"); /* then it lapses at once */
    statement_is(x, 19, d, "became a measure", 5);
    statement_is(x, 20, d, "lapsed", 20);
    statement_is(x, 20, c, "lapsed", 11);
    statement_is(x, 1000, open, "stands", 1);
    says(x, 21, "usa redeem about 1");
    statement_is(x, 21, d, "lapsed", 20);
    assert_true(statement(x, 21, d)->late);
    talking_end(x);
}

/* Debriefings. */

static void test_what_may_be_passed_on(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t m = says(x, 1, "usa meet to dprk name pyongyang-4");
    says(x, 2, "usa debrief about 1 to rok of dprk pass jpn");
    uint32_t fine = says(x, 3, "rok debrief about 2 to jpn,dprk");
    uint32_t further = says(x, 4, "jpn debrief about 3 to rok pass public"); /* rok let it tell nobody */
    const ls_debriefing_state *d = debriefing(x, 5, fine);
    assert_int_equal(d->beyond | d->pass_beyond, 0);
    assert_int_equal(d->against->index, 2);
    assert_int_equal(d->subject->index, m);
    d = debriefing(x, 5, further);
    assert_int_equal(d->beyond, 0);
    assert_true(d->public_beyond);
    assert_false(d->untold);
    talking_end(x);
}

static void test_what_is_passed_on_against_it(void **state)
{
    (void)state;
    talking *x = talking_begin();
    says(x, 1, "usa letter to dprk");
    says(x, 2, "usa debrief about 1 to rok");
    uint32_t breach = says(x, 3, "rok debrief about 1 to jpn pass jpn,dprk"); /* about the letter itself: the same */
    uint32_t unknown = says(x, 3, "jpn debrief about 1 to rok");              /* it was told before, by then */
    const ls_debriefing_state *d = debriefing(x, 4, breach);
    assert_int_equal(d->beyond, B(JPN));
    assert_int_equal(d->pass_beyond, B(JPN));
    assert_int_equal(d->against->index, 2);
    assert_false(debriefing(x, 4, unknown)->untold);
    says(x, 5, "usa withdraw about 2"); /* unsays nothing */
    assert_true(debriefing(x, 6, 2)->withdrawn);
    assert_int_equal(debriefing(x, 6, breach)->beyond, B(JPN));
    talking_end(x);
}

static void test_who_was_told_nothing(void **state)
{
    (void)state;
    talking *x = talking_begin();
    says(x, 1, "usa propose to dprk until 9");
    uint32_t d = says(x, 2, "jpn debrief about 1 to rok pass public");
    assert_true(debriefing(x, 3, d)->untold);
    assert_null(debriefing(x, 3, d)->against);
    assert_int_equal(debriefing(x, 3, d)->beyond, 0);
    uint32_t on = says(x, 4, "rok debrief about 2 to jpn pass public"); /* as it was let */
    assert_false(debriefing(x, 5, on)->public_beyond);
    uint32_t none = says(x, NEVER, "usa debrief about 1 to rok");
    assert_int_equal(at_day(x, 9)->debriefing_count, 2);
    assert_int_equal(none, 4);
    talking_end(x);
}

/* Time. */

static void test_what_has_no_effect_counts_nowhere(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t p = says(x, 1, "dprk propose to usa until 10");
    says(x, NEVER, "usa accept about 1");
    says(x, NEVER, "rok propose to usa until 10");
    says(x, 3, "usa accept about 3"); /* about nothing */
    proposal_is(x, 5, p, "open", 1, B(USA));
    assert_int_equal(at_day(x, 5)->proposal_count, 1);
    talking_end(x);
}

static void test_what_no_stamp_covers_counts_as_of_now(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t p = says(x, 1, "dprk propose to usa until 10");
    says(x, OPEN, "usa accept about 1");
    ls_time now = 5 * DAY;
    assert_int_equal(ls_talks_proposal(as_known(x, now, now), p)->stage, LS_PROPOSAL_ACCEPTED);
    assert_int_equal(ls_talks_proposal(as_known(x, now - 1, now), p)->stage, LS_PROPOSAL_OPEN);
    talking_end(x);
}

static void test_what_was_known_then(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t p = says(x, 1, "dprk propose to usa until 10");
    says(x, 5, "usa accept about 1");
    assert_int_equal(ls_talks_proposal(as_known(x, 20 * DAY, 4 * DAY), p)->stage, LS_PROPOSAL_LAPSED);
    assert_int_equal(ls_talks_proposal(as_known(x, 20 * DAY, 5 * DAY), p)->stage, LS_PROPOSAL_ACCEPTED);
    assert_null(ls_talks_proposal(as_known(x, 20 * DAY, 0), p));
    talking_end(x);
}

/* Receipts may show an act earlier than what it is about, and than what its author said before. */
static void test_nothing_counts_before_what_it_is_about(void **state)
{
    (void)state;
    talking *x = talking_begin();
    uint32_t p = says(x, 4, "dprk propose to usa until 10");
    says(x, 2, "usa accept about 1");
    proposal_is(x, 5, p, "accepted", 4, 0);
    uint32_t m = says(x, 5, "usa meet to dprk name visit");
    says(x, 8, "dprk accept about 3");
    says(x, 7, "dprk decline about 3");
    meeting_is(x, 9, m, "declined", 8, 0);
    talking_end(x);
}

/* What is awaited. */

static void test_duties(void **state)
{
    (void)state;
    talking *x = talking_begin();
    ls_talks_duty *d;
    size_t count;
    says(x, 1, "dprk propose to usa,rok until 10");
    says(x, 1, "usa meet to dprk due 3 until 5 name visit");
    says(x, 1, "usa group to dprk name work");
    says(x, 1, "rok pledge of dprk until 8 name y");
    says(x, 1, "usa+dprk appoint due 2 name done");
    says(x, 1, "usa+dprk appoint due 9 name later");
    says(x, 1, "usa defer about 6");
    at_day(x, 4);
    assert_success(ls_talks_duties(&x->query, &x->state, &x->arena, &d, &count));
    static const struct {
        size_t party;
        ls_talks_task task;
        uint32_t about;
        int until;
    } expected[] = {{DPRK, LS_TALKS_CONFIRM, 2, 5}, {DPRK, LS_TALKS_REDEEM, 4, 8}, {ROK, LS_TALKS_REDEEM, 4, 8},
                    {USA, LS_TALKS_ANSWER, 1, 10},  {ROK, LS_TALKS_ANSWER, 1, 10}, {DPRK, LS_TALKS_JOIN, 3, -1},
                    {DPRK, LS_TALKS_HELD, 5, -1},   {USA, LS_TALKS_HELD, 5, -1},   {DPRK, LS_TALKS_DATE, 6, -1},
                    {USA, LS_TALKS_DATE, 6, -1}};
    assert_int_equal(count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(d[i].party, expected[i].party);
        assert_int_equal(d[i].task, expected[i].task);
        assert_int_equal(d[i].about->index, expected[i].about);
        assert_int_equal(d[i].until, expected[i].until < 0 ? LS_TIME_OPEN : (ls_time)expected[i].until * DAY);
    }
    talking_end(x);
}

static void test_what_is_only_listed(void **state)
{
    (void)state;
    talking *x = talking_begin();
    says(x, 1, "usa text to dprk name treaty");
    says(x, 1, "usa schedule to dprk until 9");
    says(x, 2, "usa meet to dprk name visit");
    says(x, 3, "usa readout about 3");
    says(x, 3, "dprk readout about 3");
    says(x, 4, "usa withdraw about 4");
    const ls_talks_state *s = at_day(x, 5);
    assert_int_equal(s->text_count, 1);
    assert_int_equal(s->schedule_count, 1);
    assert_int_equal(s->readout_count, 2);
    assert_true(s->readout[0].withdrawn);
    assert_false(s->readout[1].withdrawn);
    assert_int_equal(s->meeting[0].readouts, 2);
    talking_end(x);
}

/* Acts that would change nothing. */

/* Whether this act, said now, changes anything; it is not said. */
static bool changes(talking *x, int day, const char *act)
{
    bool out;
    says(x, day, act);
    ls_talk said = x->fact[--x->count];
    at_day(x, day);
    assert_success(ls_talks_would_change(&x->query, &said, &x->arena, &out));
    return out;
}

static void test_what_would_change_nothing(void **state)
{
    (void)state;
    talking *x = talking_begin();
    says(x, 1, "dprk propose to usa,rok until 10");
    assert_true(changes(x, 2, "usa accept about 1"));
    assert_false(changes(x, 2, "jpn accept about 1")); /* was not asked */
    assert_false(changes(x, 12, "usa accept about 1"));
    uint32_t yes = says(x, 2, "usa accept about 1");
    assert_int_equal(yes, 2);
    assert_false(changes(x, 3, "usa accept about 1"));
    assert_true(changes(x, 3, "usa decline about 1"));
    assert_true(changes(x, 3, "usa withdraw about 2"));
    assert_true(changes(x, 3, "dprk withdraw about 1"));
    says(x, 4, "rok accept about 1");
    assert_false(changes(x, 5, "usa withdraw about 2")); /* accepted by all, for good */
    assert_false(changes(x, 5, "dprk withdraw about 1"));

    uint32_t m = says(x, 5, "usa meet to dprk name visit due 20");
    assert_int_equal(m, 4);
    assert_false(changes(x, 6, "usa accept about 4")); /* who planned it is not asked */
    assert_true(changes(x, 6, "dprk accept about 4"));
    says(x, 6, "dprk accept about 4");
    assert_false(changes(x, 7, "dprk accept about 4"));
    assert_false(changes(x, 7, "usa withdraw about 4")); /* confirmed; it can only be called off */
    assert_true(changes(x, 7, "dprk defer about 4 due 25"));
    assert_true(changes(x, 7, "usa cancel about 4"));
    uint32_t off = says(x, 7, "usa cancel about 4");
    assert_int_equal(off, 6);
    assert_false(changes(x, 8, "dprk accept about 4"));
    assert_false(changes(x, 8, "dprk defer about 4 due 25"));
    assert_true(changes(x, 8, "usa withdraw about 6"));
    says(x, 8, "usa withdraw about 6");
    assert_false(changes(x, 9, "usa withdraw about 6"));
    assert_true(changes(x, 9, "usa hold about 4 on 9"));
    assert_false(changes(x, 9, "jpn hold about 4 on 9"));

    says(x, 10, "usa demand of dprk name list until 15");
    assert_true(changes(x, 11, "usa withdraw about 8"));
    assert_false(changes(x, 17, "usa withdraw about 8")); /* lapsed */
    says(x, 11, "usa group to dprk name experts");
    assert_true(changes(x, 12, "dprk quit about 9"));
    assert_false(changes(x, 12, "jpn quit about 9"));
    /* Of what has no such state nothing is said. */
    assert_true(changes(x, 12, "usa letter to dprk"));
    assert_true(changes(x, 12, "dprk agenda about 9 name one"));
    assert_true(changes(x, 12, "usa accept about 77"));
    says(x, 12, "dprk agenda about 9 name one");
    assert_true(changes(x, 13, "dprk withdraw about 10"));
    talking_end(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_letters_thread),
        cmocka_unit_test(test_a_proposal_is_accepted_by_all),
        cmocka_unit_test(test_an_answer_is_taken_back),
        cmocka_unit_test(test_a_proposal_is_countered),
        cmocka_unit_test(test_a_proposal_lapses),
        cmocka_unit_test(test_a_declined_proposal_stays_so),
        cmocka_unit_test(test_an_appointment_accepts),
        cmocka_unit_test(test_a_meeting_is_confirmed_by_all),
        cmocka_unit_test(test_a_meeting_lapses_unconfirmed),
        cmocka_unit_test(test_a_meeting_is_declined),
        cmocka_unit_test(test_a_meeting_is_postponed_to_a_day),
        cmocka_unit_test(test_words_are_about_a_date),
        cmocka_unit_test(test_who_had_not_seen_the_new_day),
        cmocka_unit_test(test_a_meeting_is_postponed_without_a_day),
        cmocka_unit_test(test_a_meeting_is_called_off),
        cmocka_unit_test(test_a_meeting_is_held_by_somebodys_word),
        cmocka_unit_test(test_minutes_are_agreed),
        cmocka_unit_test(test_a_meeting_is_replaced),
        cmocka_unit_test(test_who_sits_in_a_group),
        cmocka_unit_test(test_items_of_an_agenda),
        cmocka_unit_test(test_a_pledge_becomes_a_measure),
        cmocka_unit_test(test_a_demand_lapses),
        cmocka_unit_test(test_what_may_be_passed_on),
        cmocka_unit_test(test_what_is_passed_on_against_it),
        cmocka_unit_test(test_who_was_told_nothing),
        cmocka_unit_test(test_what_has_no_effect_counts_nowhere),
        cmocka_unit_test(test_what_no_stamp_covers_counts_as_of_now),
        cmocka_unit_test(test_what_was_known_then),
        cmocka_unit_test(test_nothing_counts_before_what_it_is_about),
        cmocka_unit_test(test_duties),
        cmocka_unit_test(test_what_is_only_listed),
        cmocka_unit_test(test_what_would_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
