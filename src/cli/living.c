/* An inventory as it stands on the record. */
#include "cli/living.h"
#include "cli/scorecard.h"
#include "escrow/text.h"

typedef unsigned long long ull;

static ls_history_query query_of(const cli_living *l)
{
    return (ls_history_query){.form = &l->sources.form,
                              .row_count = l->sources.row_count,
                              .rows = l->sources.rows,
                              .change_count = l->sources.change_count,
                              .changes = l->sources.changes,
                              .at = l->day,
                              .known = l->known};
}

/* Visits as they stand now, whatever time is asked about: what was frozen then is known by now. */
static ls_result read_freezes(cli *c, int accord, cli_living *l)
{
    cli_card *judged = ls_arena_alloc(&c->arena, sizeof *judged);
    if (judged == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(cli_card_now(c, accord, judged));
    return ls_freezes_read(&l->arena, c->ws.record, accord, &judged->inspection, &l->freezes);
}

ls_result cli_living_read(cli *c, int accord, const ls_declared *d, ls_time at, ls_time known, cli_living *out)
{
    ls_time now;
    *out = (cli_living){.at = at, .known = known, .day = ls_known_day(ls_record_charter(c->ws.record), at)};
    out->findings.arena = &out->arena;
    LS_TRY(cli_judging_time(c, &now));
    LS_TRY(ls_workspace_known(&c->ws, &out->arena, accord, d, now, &out->findings, &out->sources, &c->detail));
    const ls_history_query q = query_of(out);
    LS_TRY(ls_history_make(&out->arena, &q, &out->history));
    LS_TRY(cli_contests_read(c, known, &out->contests));
    return read_freezes(c, accord, out);
}

ls_result cli_living_with(const cli_living *l, ls_arena *arena, const ls_known_change *more, size_t count,
                          ls_history *out)
{
    ls_history_query q = query_of(l);
    ls_known_change *all = ls_arena_array(arena, q.change_count + count, sizeof *all);
    if (all == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < q.change_count + count; i++) {
        all[i] = i < q.change_count ? q.changes[i] : more[i - q.change_count];
    }
    q.changes = all;
    q.change_count += count;
    return ls_history_make(arena, &q, out);
}

void cli_living_free(cli_living *l)
{
    ls_arena_wipe(&l->arena);
}

/* Items stand by identifier, those without one last. */
const ls_item *cli_living_find(const cli_living *l, ls_bytes id)
{
    size_t low = 0, high = l->history.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const ls_item *item = &l->history.items[middle];
        if (item->id.len > 0 && ls_text_compare(&item->id, &id) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const ls_item *found = low < l->history.count ? &l->history.items[low] : NULL;
    return found != NULL && id.len > 0 && ls_bytes_equal(found->id, id) ? found : NULL;
}

bool cli_item_contested(const cli_living *l, const ls_item *item)
{
    for (size_t i = 0; i < item->event_count; i++) {
        const ls_item_event *e = &item->events[i];
        if (e->what == LS_HAPPENED_NOTIFIED && e->day <= l->day && cli_contested(&l->contests, e->index)) {
            return true;
        }
    }
    return false;
}

const ls_frozen_row *cli_item_frozen(const cli_living *l, const ls_item *item)
{
    const ls_frozen_row *found = NULL;
    for (size_t i = 0; i < item->event_count; i++) {
        const ls_item_event *e = &item->events[i];
        const ls_frozen_row *x = e->day <= l->day ? ls_freezes_find(&l->freezes, e) : NULL;
        found = x != NULL ? x : found;
    }
    return found;
}

/* Words. */

const char *cli_history_day(cli *c, int32_t day)
{
    char text[LS_DATE_SIZE];
    ls_date_format(ls_date_from_days(day), text);
    return cli_text(c, ls_bytes_str(text));
}

const char *cli_item_name(cli *c, const ls_item *item)
{
    if (item->id.len > 0) {
        return cli_text(c, item->id);
    }
    return item->place.tranche == 0
               ? ls_arena_format(&c->arena, "number %llu", (ull)item->place.row)
               : ls_arena_format(&c->arena, "row %llu of tranche %u", (ull)item->place.row, item->place.tranche);
}

const char *cli_conflict_text(cli *c, const cli_living *l, const ls_conflict *x)
{
    ls_buf text = {0};
    ls_conflict_format(&l->sources.form, x, &text);
    const char *kept = cli_text(c, ls_buf_bytes(&text));
    ls_buf_wipe(&text);
    return kept;
}
