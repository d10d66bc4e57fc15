/*
 * Draws: two commitments, two nonces, rows opened. Of what one side says twice the first act in the ledger counts, even
 * if it came too late, so that nobody can choose afterwards, by showing receipts, which of two acts it was.
 * A nonce opens the last commitment before it, and no other: acceptance takes a second one only where what came before
 * had no effect, and that may have some again, by receipts, once the rows are known.
 */
#include "inspection/parts.h"

typedef struct drawing {
    ls_inspecting *s;
    const ls_inspection *rule;
    size_t count; /* of happenings */
    ls_draw_state *out;
} drawing;

static const ls_inspected *fact_of(const drawing *d, size_t i)
{
    return &d->s->fact[d->s->happening[i].fact];
}

/* The first act of this kind by this side after the i-th happening; d->count if there is none. */
static size_t first_said(const drawing *d, ls_inspected_kind kind, unsigned side, size_t i)
{
    while (i < d->count && (fact_of(d, i)->kind != kind || ls_inspecting_side(d->rule, fact_of(d, i)) != side)) {
        i++;
    }
    return i;
}

static ls_parties party(const drawing *d, unsigned side)
{
    return LS_PARTY_BIT(side == LS_SIDE_OF ? d->rule->of : d->rule->by);
}

/* The same, if it came by the deadline; else d->count, and who was too late is noted. */
static size_t in_time(drawing *d, ls_inspected_kind kind, unsigned side, size_t i, ls_time deadline)
{
    size_t found = first_said(d, kind, side, i);
    if (found < d->count && d->s->happening[found].time > deadline) {
        d->out->late |= party(d, side);
        return d->count;
    }
    return found;
}

static void enter(drawing *d, ls_draw_stage stage, ls_time since)
{
    d->out->stage = stage;
    d->out->since = since;
    d->out->deadline = LS_TIME_OPEN;
    d->out->awaited = 0;
}

static void await(drawing *d, ls_parties who, ls_time deadline)
{
    d->out->awaited = who;
    d->out->deadline = deadline;
}

/* Somebody did not say in time what had to be said. The inspecting side's silence decides, whatever the other did. */
static void default_of(drawing *d, ls_parties who, ls_time deadline)
{
    ls_time since = ls_inspecting_default(d->s, deadline);
    bool own = (who & party(d, LS_SIDE_BY)) != 0;
    if (since >= d->s->q->accord->at) {
        await(d, who, deadline);
        return;
    }
    enter(d, own ? LS_DRAW_FORFEITED : LS_DRAW_FREE, since);
    if (!own) {
        await(d, party(d, LS_SIDE_BY), LS_TIME_OPEN);
    }
}

/* The place behind both commitments; or 0: they are not both there. */
static size_t commit(drawing *d)
{
    ls_draw_state *out = d->out;
    ls_time deadline = ls_time_add(d->s->c, out->since, d->rule->draws.commit, 1, true), ready = out->since;
    ls_parties silent = 0;
    size_t behind = 0;
    for (unsigned side = 0; side < LS_SIDES; side++) {
        size_t found = in_time(d, LS_INSPECTED_COMMIT, side, 0, deadline);
        if (found == d->count) {
            silent |= party(d, side);
            continue;
        }
        out->commit[side] = fact_of(d, found);
        ready = ls_later(ready, d->s->happening[found].time);
        behind = found + 1 > behind ? found + 1 : behind;
    }
    if (silent != 0) {
        default_of(d, silent, deadline);
        return 0;
    }
    enter(d, LS_DRAW_REVEALING, ready);
    return behind;
}

/* The commitment that this side's nonce opens. */
static const ls_inspected *opened_by(const drawing *d, unsigned side, size_t reveal)
{
    size_t last = first_said(d, LS_INSPECTED_COMMIT, side, 0);
    for (size_t i = last; i < reveal; i = first_said(d, LS_INSPECTED_COMMIT, side, i + 1)) {
        last = i;
    }
    return fact_of(d, last);
}

/* One after the other: what is said before it may be said counts for nothing. The same result; `ready` is when the last
 * one was there. */
static size_t reveal(drawing *d, size_t behind, ls_time *ready)
{
    *ready = d->out->since;
    for (unsigned side = 0; side < LS_SIDES; side++) {
        ls_time deadline = ls_time_add(d->s->c, *ready, d->rule->draws.reveal, 1, true);
        size_t found = in_time(d, LS_INSPECTED_REVEAL, side, behind, deadline);
        if (found == d->count) {
            default_of(d, party(d, side), deadline);
            return 0;
        }
        d->out->reveal[side] = fact_of(d, found);
        d->out->commit[side] = opened_by(d, side, found);
        *ready = ls_later(*ready, d->s->happening[found].time);
        behind = found + 1;
    }
    return behind;
}

/* The inspecting side's report about a draw is its conclusion, once there is something to conclude. */
static void conclude(drawing *d, size_t report, ls_time ready)
{
    if (report < d->count) {
        enter(d, LS_DRAW_CONCLUDED, ls_later(d->s->happening[report].time, ready));
    }
}

/* The first such act of the inspecting side since the other is in default. */
static size_t first_since(const drawing *d, ls_inspected_kind kind)
{
    size_t i = first_said(d, kind, LS_SIDE_BY, 0);
    while (i < d->count && d->s->happening[i].time <= d->out->since) {
        i = first_said(d, kind, LS_SIDE_BY, i + 1);
    }
    return i;
}

/* The inspecting side chooses, or concludes without. The same result. */
static size_t choose(drawing *d, ls_time *ready)
{
    size_t found = first_since(d, LS_INSPECTED_CHOOSE), report = first_since(d, LS_INSPECTED_REPORT);
    if (report < found || found == d->count) {
        conclude(d, report, d->out->since);
        return 0;
    }
    d->out->choice = fact_of(d, found);
    *ready = d->s->happening[found].time;
    return found + 1;
}

static uint64_t add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* One act that opens rows; a blank one asks for a replacement, as long as there are any. */
static void take_opening(ls_draw_state *out, const ls_inspected *f)
{
    uint64_t spare = out->choice == NULL ? out->draw->spare : 0;
    uint64_t rows = out->choice == NULL ? out->draw->rows : out->choice->rows;
    out->opened = add(out->opened, f->rows);
    out->blank = add(out->blank, f->spare < f->rows ? f->spare : f->rows);
    out->to_open = add(rows, out->blank < spare ? out->blank : spare);
}

/* Rows that are opened late are opened, and their party was late. */
static void open_rows(drawing *d, size_t behind, ls_time ready)
{
    ls_draw_state *out = d->out;
    ls_time deadline = ls_time_add(d->s->c, ready, d->rule->draws.open, 1, true), complete = ready;
    enter(d, LS_DRAW_DRAWN, ready);
    out->to_open = out->choice == NULL ? out->draw->rows : out->choice->rows;
    for (size_t i = behind; (i = first_said(d, LS_INSPECTED_OPEN, LS_SIDE_OF, i)) < d->count; i++) {
        bool wanted = out->opened < out->to_open;
        ls_time t = d->s->happening[i].time;
        take_opening(out, fact_of(d, i));
        complete = wanted ? ls_later(complete, t) : complete;
        out->late |= wanted && t > deadline ? party(d, LS_SIDE_OF) : 0;
    }
    if (out->opened >= out->to_open) {
        enter(d, LS_DRAW_OPENED, complete);
        return;
    }
    if (ls_inspecting_default(d->s, deadline) < d->s->q->accord->at) {
        enter(d, LS_DRAW_UNOPENED, ls_inspecting_default(d->s, deadline));
    }
    await(d, party(d, LS_SIDE_OF), deadline);
}

void ls_inspecting_draw(ls_inspecting *s, size_t root, ls_draw_state *out)
{
    drawing d = {.s = s, .rule = s->fact[root].rule, .out = out};
    *out = (ls_draw_state){.draw = &s->fact[root]};
    enter(&d, LS_DRAW_COMMITTING, s->time[root]);
    if (ls_inspecting_is_beyond(s, root)) {
        out->stage = LS_DRAW_BEYOND;
        return;
    }
    d.count = ls_inspecting_list(s, root, s->q->accord->at);
    ls_time ready = out->since;
    size_t behind = commit(&d);
    behind = behind == 0 ? 0 : reveal(&d, behind, &ready);
    behind = out->stage == LS_DRAW_FREE ? choose(&d, &ready) : behind;
    if (behind > 0) {
        open_rows(&d, behind, ready);
        conclude(&d, first_said(&d, LS_INSPECTED_REPORT, LS_SIDE_BY, behind), ready);
    }
}
