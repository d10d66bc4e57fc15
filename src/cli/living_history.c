/* One item's history. */
#include "cli/living.h"

typedef unsigned long long ull;

static const char *happening(const ls_item_event *e)
{
    switch (e->what) {
    case LS_HAPPENED_DECLARED:
        return "declared";
    case LS_HAPPENED_OPENED:
        return "opened";
    default:
        return ls_change_name(e->change->said->change);
    }
}

static const char *changes_text(cli *c, const ls_item_event *e)
{
    const char *text = "";
    for (size_t i = 0; i < e->item->change_count; i++) {
        const ls_field_change *x = &e->item->changes[i];
        const char *between = text[0] == '\0' ? "" : ", ";
        text =
            e->change->said->change == LS_CHANGE_NEW
                ? ls_arena_format(&c->arena, "%s%s%s: %s", text, between, cli_text(c, x->field), cli_text(c, x->after))
                : ls_arena_format(&c->arena, "%s%s%s: %s → %s", text, between, cli_text(c, x->field),
                                  cli_text(c, x->before), cli_text(c, x->after));
    }
    return text;
}

static const char *event_text(cli *c, const ls_item *item, const ls_item_event *e)
{
    if (e->what == LS_HAPPENED_DECLARED) {
        return ls_arena_format(&c->arena, "row %llu of tranche %u", (ull)e->row->place.row, e->row->place.tranche);
    }
    if (e->what == LS_HAPPENED_OPENED) {
        return ls_arena_format(&c->arena, "to %s", cli_text(c, e->row->audience));
    }
    const char *text = changes_text(c, e);
    return e->corrects == SIZE_MAX
               ? text
               : ls_arena_format(&c->arena, "of act %llu, always so: %s", (ull)item->events[e->corrects].index, text);
}

/* Of an act's files for several audiences each says its part; what is the same stands once. */
static bool repeats(const ls_item *item, size_t i)
{
    const ls_item_event *e = &item->events[i];
    for (size_t k = 0; k < i; k++) {
        const ls_item_event *x = &item->events[k];
        bool same = x->index == e->index && x->what == e->what && e->what == LS_HAPPENED_NOTIFIED &&
                    x->item->change_count == e->item->change_count;
        for (size_t f = 0; same && f < e->item->change_count; f++) {
            same = ls_bytes_equal(x->item->changes[f].field, e->item->changes[f].field) &&
                   ls_bytes_equal(x->item->changes[f].after, e->item->changes[f].after);
        }
        if (same) {
            return true;
        }
    }
    return false;
}

static void print_remarks(cli *c, const cli_living *l, const ls_item *item)
{
    for (size_t i = 0; i < item->event_count; i++) {
        const ls_frozen_row *x = ls_freezes_find(&l->freezes, &item->events[i]);
        if (x != NULL) {
            cli_print("act %llu moved it while the visit of act %llu froze its site\n", (ull)item->events[i].index,
                      (ull)x->visit);
        }
    }
    for (size_t i = 0; i < item->conflict_count; i++) {
        cli_print("contradiction: act %llu %s\n", (ull)item->events[item->conflicts[i].event].index,
                  cli_conflict_text(c, l, &item->conflicts[i]));
    }
}

static ls_result print_contests(cli *c, const cli_living *l, const ls_item *item)
{
    for (size_t i = 0; i < item->event_count; i++) {
        bool first = i == 0 || item->events[i - 1].index != item->events[i].index;
        if (first && cli_contested(&l->contests, item->events[i].index)) {
            cli_print("act %llu is ", (ull)item->events[i].index);
            LS_TRY(cli_contests_print(c, &l->contests, item->events[i].index));
        }
    }
    return LS_SUCCESS;
}

static void print_values(cli *c, const cli_living *l, const ls_item *item)
{
    const ls_history_form *form = &l->sources.form;
    cli_table t = {.columns = 2, .heading = {"field", "value"}};
    for (size_t f = 0; f < form->field_count; f++) {
        const char *const cells[] = {cli_text(c, form->fields[f]),
                                     item->values[f].ptr == NULL ? "(not shown)" : cli_text(c, item->values[f])};
        cli_table_row(c, &t, cells);
    }
    cli_table_print(&t);
}

ls_result cli_print_history(cli *c, const cli_living *l, const ls_item *item)
{
    static const char *const stages[] = {"there", "not there yet", "eliminated"};
    cli_table t = {.columns = 4, .heading = {"from", "act", "what", "details"}};
    cli_mark(c, c->ws.exercise);
    cli_print("%s on %s: %s\n", cli_item_name(c, item), cli_history_day(c, l->day), stages[item->stage]);
    if (item->stage != LS_ITEM_AHEAD) {
        print_values(c, l, item);
    }
    for (size_t i = 0; i < item->event_count; i++) {
        const ls_item_event *e = &item->events[i];
        if (!repeats(item, i)) {
            const char *const cells[] = {e->what == LS_HAPPENED_OPENED ? "" : cli_history_day(c, e->day),
                                         ls_arena_format(&c->arena, "%llu", (ull)e->index), happening(e),
                                         event_text(c, item, e)};
            cli_table_row(c, &t, cells);
        }
    }
    cli_print("\n");
    cli_table_print(&t);
    print_remarks(c, l, item);
    return print_contests(c, l, item);
}
