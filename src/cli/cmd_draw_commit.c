/* draw commit, draw reveal, draw choose: each side's part in a draw. What is revealed too early helps the other side,
 * so it is refused here, before anything is signed, whatever a ledger would say. */
#include "cli/draws.h"
#include "workspace/draw.h"
#include <sodium.h>
#include <stdlib.h>

typedef unsigned long long ull;

/* The draw in which this party has something to do. */
typedef struct turn {
    cli *c;
    cli_card judged;
    const ls_draw_state *draw;
    ls_draw_stage stage; /* in which it can be done */
    size_t me;
} turn;

static const char *party(const turn *t, size_t side)
{
    return cli_party_name(t->c, side == LS_SIDE_OF ? t->draw->draw->rule->of : t->draw->draw->rule->by);
}

static unsigned side(const turn *t)
{
    return t->draw->draw->rule->of == t->me ? LS_SIDE_OF : LS_SIDE_BY;
}

/* The only draw in this stage that waits for this party; or, to say why none does, the last one that it has a part in.
 */
static ls_result find_waiting(turn *t)
{
    const ls_inspection_state *s = &t->judged.inspection;
    const ls_draw_state *last = NULL;
    const char *places = "";
    size_t found = 0;
    for (size_t i = 0; i < s->draw_count; i++) {
        const ls_draw_state *x = &s->draw[i];
        last = x->draw->rule->of == t->me || x->draw->rule->by == t->me ? x : last;
        if (x->stage == t->stage && (x->awaited >> t->me & 1) != 0) {
            places = ls_arena_format(&t->c->arena, "%s%s%u", places, found++ > 0 ? ", " : "", x->draw->index);
            t->draw = x;
        }
    }
    t->draw = found == 0 ? last : t->draw;
    if (t->draw == NULL) {
        ls_hint(&t->c->detail, "the inspecting side begins one: lockstep draw INSPECTION --rows N");
        return ls_fail_with(&ls_fault_usage, &t->c->detail, "this party has no part in any draw");
    }
    if (found > 1) {
        ls_hint(&t->c->detail, "say which by its place: %s", places);
        return ls_fail_with(&ls_fault_usage, &t->c->detail, "several draws wait for this party");
    }
    return LS_SUCCESS;
}

static ls_result find_named(turn *t, const char *name)
{
    LS_TRY(cli_draw_find(t->c, name, &t->judged, &t->draw));
    const ls_inspection *rule = t->draw->draw->rule;
    if (rule->of != t->me && rule->by != t->me) {
        return ls_fail_with(&ls_fault_usage, &t->c->detail, "this draw is between %s and %s", party(t, LS_SIDE_OF),
                            party(t, LS_SIDE_BY));
    }
    return LS_SUCCESS;
}

static ls_result find_turn(turn *t)
{
    int accord;
    t->me = cli_own_party(t->c);
    if (t->c->argument_count > 0) {
        return find_named(t, t->c->argument[0]);
    }
    LS_TRY(cli_find_accord(t->c, &accord));
    LS_TRY(cli_card_now(t->c, accord, &t->judged));
    return find_waiting(t);
}

/* Somebody else is awaited; or nobody any more. */
static ls_result not_now(turn *t)
{
    const char *doing = t->stage == LS_DRAW_COMMITTING ? "committed" : "revealed";
    const ls_inspected *const *said = t->stage == LS_DRAW_COMMITTING ? t->draw->commit : t->draw->reveal;
    if (said[side(t)] != NULL) {
        return ls_fail_with(&ls_fault_usage, &t->c->detail, "this party has %s already, in act %u", doing,
                            said[side(t)]->index);
    }
    if (t->draw->stage == LS_DRAW_COMMITTING || t->draw->stage == LS_DRAW_REVEALING) {
        unsigned other = (t->draw->awaited >> t->draw->draw->rule->of & 1) != 0 ? LS_SIDE_OF : LS_SIDE_BY;
        ls_hint(&t->c->detail, "wait for %s, and for the stamp over its act: lockstep sync", party(t, other));
        return ls_fail_with(&ls_fault_usage, &t->c->detail,
                            t->draw->stage == LS_DRAW_COMMITTING ? "%s has not committed yet"
                                                                 : "%s reveals first, and has not yet",
                            party(t, other));
    }
    ls_hint(&t->c->detail, "lockstep draw verify %u shows it", t->draw->draw->index);
    return ls_fail_with(&ls_fault_usage, &t->c->detail, "the draw is %s: what is %s now counts for nothing",
                        ls_draw_stage_name(t->draw->stage), doing);
}

/* Nobody can be shown another history of what is under a stamp. */
static ls_result check_stamped(turn *t, const ls_inspected *said, const char *what, const char *whose)
{
    if (said->index < ls_record_stamped(t->c->ws.record)) {
        return LS_SUCCESS;
    }
    ls_hint(&t->c->detail, "wait for it: lockstep sync");
    return ls_fail_with(&ls_fault_usage, &t->c->detail, "no stamp covers %s%s yet", what, whose);
}

static ls_result check_turn(turn *t)
{
    bool mine = t->draw->stage == t->stage && (t->draw->awaited >> t->me & 1) != 0;
    LS_TRY(mine ? LS_SUCCESS : not_now(t));
    LS_TRY(check_stamped(t, t->draw->draw, "the draw", ""));
    for (unsigned s = 0; t->stage == LS_DRAW_REVEALING && s < LS_SIDES; s++) {
        LS_TRY(check_stamped(t, t->draw->commit[s], "the commitment of ", party(t, s)));
        if (t->draw->reveal[s] != NULL) {
            LS_TRY(check_stamped(t, t->draw->reveal[s], "the nonce of ", party(t, s)));
        }
    }
    return LS_SUCCESS;
}

/* commit and reveal */

static void put_subject(turn *t, ls_act_draft *act, ls_hash *draw)
{
    cli_act_accord(t->c, act, t->judged.version);
    cli_act_ref_entry(t->c, act, t->draw->draw->index);
    *draw = ls_record_at(t->c->ws.record, t->draw->draw->index).id;
    if (!t->c->json) {
        cli_mark(t->c, t->c->ws.exercise);
        cli_print("draw %u under %s: %llu of %llu rows, and %llu replacements\n", t->draw->draw->index,
                  cli_text(t->c, t->draw->draw->rule->id), (ull)t->draw->draw->rows, (ull)t->draw->draw->population,
                  (ull)t->draw->draw->spare);
    }
}

static void put_hash(ls_act_draft *act, ls_header h, const ls_hash *value)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(value, hex);
    ls_act_draft_set(act, h, "%s", hex);
}

/* What does not fit is no reason to be silent, which has its price: who commits is told, and can contest the draw. */
static ls_result warn_population(turn *t)
{
    ls_report report = {.arena = &t->c->arena};
    ls_drawing ignored;
    LS_TRY(cli_draw_read(t->c, t->draw, &report, &ignored));
    for (size_t i = 0; i < report.count; i++) {
        if (report.finding[i].level == LS_FINDING_FAILED) {
            cli_print_to(stderr, "lockstep: warning: %s: %s\n", report.finding[i].subject, report.finding[i].text);
        }
    }
    return LS_SUCCESS;
}

static ls_result fill_commit(cli *c, ls_act_draft *act)
{
    turn t = {.c = c, .stage = LS_DRAW_COMMITTING};
    uint8_t nonce[LS_DRAW_NONCE_SIZE];
    ls_hash draw, commitment;
    LS_TRY(find_turn(&t));
    LS_TRY(check_turn(&t));
    put_subject(&t, act, &draw);
    LS_TRY(warn_population(&t));
    LS_TRY(ls_workspace_draw_nonce(&c->ws, &draw, nonce, &c->detail));
    ls_draw_commitment(&draw, c->ws.party, nonce, &commitment);
    sodium_memzero(nonce, sizeof nonce);
    put_hash(act, LS_H_COMMITMENT, &commitment);
    return LS_SUCCESS;
}

static ls_result fill_reveal(cli *c, ls_act_draft *act)
{
    turn t = {.c = c, .stage = LS_DRAW_REVEALING};
    ls_hash draw, nonce;
    LS_TRY(find_turn(&t));
    LS_TRY(check_turn(&t));
    put_subject(&t, act, &draw);
    LS_TRY(ls_workspace_draw_nonce(&c->ws, &draw, nonce.b, &c->detail));
    bool fits = ls_draw_reveal_fits(&t.draw->commit[side(&t)]->value, &draw, c->ws.party, nonce.b);
    if (fits) {
        put_hash(act, LS_H_NONCE, &nonce);
    }
    sodium_memzero(&nonce, sizeof nonce);
    if (!fits) {
        ls_hint(&c->detail, "reveal with the delegation's vault that was here when this party committed");
        return ls_fail_with(&ls_fault_workspace, &c->detail,
                            "the seed in this workspace does not give the nonce that this party committed to");
    }
    return LS_SUCCESS;
}

static ls_result run_commit(cli *c)
{
    return cli_act(c, fill_commit);
}

static ls_result run_reveal(cli *c)
{
    return cli_act(c, fill_reveal);
}

/* choose */

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* All that were given, in order; with commas or one by one. */
static ls_result read_positions(cli *c, uint64_t population, uint64_t **out, size_t *count)
{
    size_t given, room = 0;
    const char *const *value = cli_values(c, "position", &given);
    for (size_t i = 0; i < given; i++) {
        room += strlen(value[i]) + 1;
    }
    *out = ls_arena_array(&c->arena, room + 1, sizeof **out);
    if (*out == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *count = 0;
    for (size_t i = 0; i < given; i++) {
        ls_reader r = ls_reader_of(ls_bytes_str(value[i]));
        for (ls_bytes part; ls_read_until(&r, ',', &part); ++*count) {
            if (!ls_decimal_parse(part, population - 1, &(*out)[*count])) {
                ls_hint(&c->detail, "--position 3,14 or --position 3 --position 14; lockstep draw verify shows them");
                return ls_fail_with(&ls_fault_usage, &c->detail, "\"%.*s\" is no position: whole numbers below %llu",
                                    (int)part.len, (const char *)part.ptr, (ull)population);
            }
        }
    }
    qsort(*out, *count, sizeof **out, by_number);
    return LS_SUCCESS;
}

static ls_result check_positions(cli *c, const ls_inspected *draw, const uint64_t *positions, size_t count)
{
    if (count == 0 || count > draw->rows) {
        ls_hint(&c->detail, "--position N, for each row");
        return ls_fail_with(&ls_fault_usage, &c->detail, "of this draw 1 to %llu rows are chosen", (ull)draw->rows);
    }
    for (size_t i = 1; i < count; i++) {
        if (positions[i] == positions[i - 1]) {
            return ls_fail_with(&ls_fault_usage, &c->detail, "position %llu stands there twice", (ull)positions[i]);
        }
    }
    return LS_SUCCESS;
}

static ls_result check_free(turn *t)
{
    if (t->draw->stage != LS_DRAW_FREE) {
        ls_hint(&t->c->detail, "rows are chosen only after the inspected side did not commit or reveal in time");
        return ls_fail_with(&ls_fault_usage, &t->c->detail, "the draw is %s: its rows are drawn by lot",
                            ls_draw_stage_name(t->draw->stage));
    }
    return side(t) == LS_SIDE_BY
               ? LS_SUCCESS
               : ls_fail_with(&ls_fault_usage, &t->c->detail, "it is for %s to choose", party(t, LS_SIDE_BY));
}

static ls_result fill_choose(cli *c, ls_act_draft *act)
{
    turn t = {.c = c, .stage = LS_DRAW_FREE};
    uint64_t *positions;
    size_t count;
    ls_hash draw;
    LS_TRY(find_turn(&t));
    LS_TRY(check_free(&t));
    LS_TRY(read_positions(c, t.draw->draw->population, &positions, &count));
    LS_TRY(check_positions(c, t.draw->draw, positions, count));
    put_subject(&t, act, &draw);
    ls_act_draft_set(act, LS_H_ROWS, "%zu", count);
    for (size_t i = 0; i < count; i++) {
        ls_buf_format(&act->text, "%llu\n", (ull)positions[i]);
    }
    return LS_SUCCESS;
}

static ls_result run_choose(cli *c)
{
    return cli_act(c, fill_choose);
}

const cli_verb cli_verb_draw_commit = {
    "draw commit",
    "[DRAW]",
    "commit to this side's part in a draw",
    "Commits to a nonce that the vault derives from the delegation's seed and this draw, so that it can't be chosen\n"
    "and is never lost. It shows nothing until it is revealed. DRAW is its place or the beginning of its id; without\n"
    "it, the only draw that waits for this party. Who does not commit in time loses: the inspected side its part in\n"
    "the choice, the inspecting side the draw.",
    "  lockstep -C dprk draw commit\n  lockstep -C iaea draw commit 31",
    0,
    1,
    {{"text", "TEXT", "what to say with it"}, {0}},
    run_commit};

const cli_verb cli_verb_draw_reveal = {
    "draw reveal",
    "[DRAW]",
    "reveal the nonce that this side committed to",
    "The inspected side reveals first, once a stamp covers both commitments; then, once a stamp covers its nonce, the\n"
    "inspecting side. Both together decide which rows were drawn. Too early it is refused here, before it is signed,\n"
    "as a nonce that the other side knows could be used against this one.",
    "  lockstep -C dprk draw reveal",
    0,
    1,
    {{"text", "TEXT", "what to say with it"}, {0}},
    run_reveal};

const cli_verb cli_verb_draw_choose = {
    "draw choose",
    "DRAW --position N",
    "choose the rows of a draw that the other side let lapse",
    "Where the inspected side did not commit or reveal in time, the inspecting side chooses the rows, at most as many\n"
    "as were to be drawn. Positions are those of the population, counted from 0.",
    "  lockstep -C iaea draw choose 31 --position 3,14 --position 20",
    1,
    1,
    {{"position", "N", "a row's position in the population; with commas, or repeated"}, {0}},
    run_choose};
