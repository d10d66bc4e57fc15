/* An inventory as it stands on the record, as text. */
#include "cli/living.h"

typedef unsigned long long ull;

#define ROWS_SHOWN 1000 /* lines of a table; --json and --csv have all */
#define FIELDS_SHOWN 6  /* columns of a table, the identifier apart */

/* What people have to know of an item beside its values. */
static const char *remarks_of(cli *c, const cli_living *l, const ls_item *item)
{
    const ls_frozen_row *frozen = cli_item_frozen(l, item);
    const struct {
        bool holds;
        const char *text;
    } all[] = {
        {!item->opened, "closed"},
        {item->ambiguous, "identifier of several rows"},
        {frozen != NULL, "moved under a freeze"},
        {cli_item_contested(l, item), "contested"},
        {item->conflict_count > 0, "contradictory"},
    };
    const char *text = "";
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i].holds) {
            text = ls_arena_format(&c->arena, "%s%s%s", text, text[0] == '\0' ? "" : ", ", all[i].text);
        }
    }
    return text;
}

/* Closed values are marked, as an empty one is something else. */
static const char *value_text(cli *c, ls_bytes value)
{
    return value.ptr == NULL ? "(not shown)" : cli_text(c, value);
}

/* The columns of a table of items. */
typedef struct columns {
    size_t field[FIELDS_SHOWN], count;
    bool remarks; /* there are some */
} columns;

static columns choose_columns(cli *c, const cli_living *l, ls_item_stage stage, cli_table *t)
{
    const ls_history_form *form = &l->sources.form;
    columns x = {.count = 0};
    t->heading[t->columns++] = cli_text(c, form->fields[form->id]);
    for (size_t f = 0; f < form->field_count && x.count < FIELDS_SHOWN; f++) {
        if (f != form->id) {
            x.field[x.count++] = f;
            t->heading[t->columns++] = cli_text(c, form->fields[f]);
        }
    }
    t->heading[t->columns++] = "act";
    for (size_t i = 0; i < l->history.count && !x.remarks; i++) {
        x.remarks = l->history.items[i].stage == stage && remarks_of(c, l, &l->history.items[i])[0] != '\0';
    }
    t->heading[t->columns] = "remarks";
    t->columns += x.remarks;
    return x;
}

static void add_row(cli *c, const cli_living *l, const columns *x, const ls_item *item, cli_table *t)
{
    const char *cells[FIELDS_SHOWN + 3] = {cli_item_name(c, item)};
    for (size_t f = 0; f < x->count; f++) {
        cells[1 + f] = value_text(c, item->values[x->field[f]]);
    }
    cells[1 + x->count] = ls_arena_format(&c->arena, "%llu", (ull)item->since);
    cells[2 + x->count] = x->remarks ? remarks_of(c, l, item) : NULL;
    cli_table_row(c, t, cells);
}

static void print_rows(cli *c, const cli_living *l, ls_item_stage stage)
{
    cli_table t = {0};
    const columns x = choose_columns(c, l, stage, &t);
    size_t more = 0;
    for (size_t i = 0; i < l->history.count; i++) {
        const ls_item *item = &l->history.items[i];
        if (item->stage == stage && t.rows < ROWS_SHOWN) {
            add_row(c, l, &x, item, &t);
        } else {
            more += item->stage == stage;
        }
    }
    cli_table_print(&t);
    if (more > 0) {
        cli_print("… and %zu more; --json and --csv have them all\n", more);
    }
}

static size_t count_stage(const cli_living *l, ls_item_stage stage)
{
    size_t count = 0;
    for (size_t i = 0; i < l->history.count; i++) {
        count += l->history.items[i].stage == stage;
    }
    return count;
}

/* Between the tables and what is said beside them stands an empty line. */
static void part(bool *parted)
{
    cli_print("%s", *parted ? "" : "\n");
    *parted = true;
}

static void print_conflicts(cli *c, const cli_living *l, bool *parted)
{
    for (size_t i = 0; i < l->history.count; i++) {
        const ls_item *item = &l->history.items[i];
        for (size_t k = 0; k < item->conflict_count; k++) {
            const ls_conflict *x = &item->conflicts[k];
            part(parted);
            cli_print("contradiction: %s: act %llu %s\n", cli_item_name(c, item), (ull)item->events[x->event].index,
                      cli_conflict_text(c, l, x));
        }
    }
}

static void print_freezes(cli *c, const cli_living *l, bool *parted)
{
    for (size_t i = 0; i < l->history.count; i++) {
        const ls_item *item = &l->history.items[i];
        for (size_t k = 0; k < item->event_count; k++) {
            const ls_frozen_row *x = ls_freezes_find(&l->freezes, &item->events[k]);
            if (x != NULL) {
                part(parted);
                cli_print("moved under a freeze: %s, by act %llu, while the visit of act %llu froze its site\n",
                          cli_item_name(c, item), (ull)item->events[k].index, (ull)x->visit);
            }
        }
    }
}

/* Each act that says something of this inventory, and is contested; once. */
static ls_result print_contests(cli *c, const cli_living *l, bool *parted)
{
    for (size_t i = 0; i < l->contests.count; i++) {
        uint64_t act = l->contests.contest[i].ref;
        bool first = true, about = false;
        for (size_t k = 0; k < i; k++) {
            first = first && l->contests.contest[k].ref != act;
        }
        for (size_t k = 0; k < l->sources.row_count; k++) {
            about = about || l->sources.rows[k].declared == act || l->sources.rows[k].opened == act;
        }
        for (size_t k = 0; k < l->sources.change_count; k++) {
            about = about || l->sources.changes[k].index == act;
        }
        if (first && about) {
            ls_record_entry e = ls_record_at(c->ws.record, act);
            part(parted);
            cli_print("act %llu (%s) is ", (ull)act, cli_text(c, e.kind));
            LS_TRY(cli_contests_print(c, &l->contests, act));
        }
    }
    return LS_SUCCESS;
}

static void print_sources(const cli_living *l, bool *parted)
{
    for (size_t i = 0; i < l->findings.count; i++) {
        part(parted);
        cli_print("not to be believed: %s: %s\n", l->findings.finding[i].subject, l->findings.finding[i].text);
    }
    if (l->sources.absent > 0) {
        part(parted);
        cli_print("note: %zu files of openings and notifications are not here: they are for others, or still wait for"
                  " lockstep inbox\n",
                  l->sources.absent);
    }
}

static void print_head(cli *c, const cli_living *l)
{
    char at[LS_TIME_SIZE], known[LS_TIME_SIZE];
    ls_time_format(l->at, at);
    ls_time_format(l->known, known);
    cli_print("%s by %s at %s, as known at %s: %zu items", cli_text(c, l->sources.declared->name),
              cli_party_name(c, l->sources.declared->by), at, known, count_stage(l, LS_ITEM_THERE));
    size_t ended = count_stage(l, LS_ITEM_ELIMINATED), ahead = count_stage(l, LS_ITEM_AHEAD);
    if (ended > 0) {
        cli_print(", %zu eliminated", ended);
    }
    if (ahead > 0) {
        cli_print(", %zu not there yet", ahead);
    }
    cli_print("\n");
}

ls_result cli_print_living(cli *c, const cli_living *l)
{
    cli_mark(c, c->ws.exercise);
    print_head(c, l);
    if (count_stage(l, LS_ITEM_THERE) > 0) {
        cli_print("\n");
        print_rows(c, l, LS_ITEM_THERE);
    }
    if (count_stage(l, LS_ITEM_ELIMINATED) > 0) {
        cli_print("\neliminated:\n");
        print_rows(c, l, LS_ITEM_ELIMINATED);
    }
    bool parted = false;
    print_conflicts(c, l, &parted);
    print_freezes(c, l, &parted);
    print_sources(l, &parted);
    return print_contests(c, l, &parted);
}
