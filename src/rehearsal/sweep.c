/*
 * Sweeps: a script of which some settings are varied.
 *
 *   sweep:
 *     - {set: rules.0.performs, values: [at once, 10 days late, never]}
 *     - {set: rules.1.on, from: "2016-01-01", to: "2016-12-31", step: 30 days}
 *     - {set: rules.2.performs, from: 10 days late, to: 90 days late, step: 10 days}
 *
 * A run is the script with a value in the place of each setting; all combinations are run, the last setting changing
 * fastest.
 */
#include "rehearsal/parts.h"

#define PATH_PARTS 3

/* Where a setting stands: a key of the script, or a key of an item of one of its lists. */
typedef struct path {
    ls_bytes part[PATH_PARTS];
    size_t count;
} path;

static bool split(ls_bytes text, path *out)
{
    ls_reader parts = ls_reader_of(text);
    ls_bytes part;
    *out = (path){.count = 0};
    while (ls_read_until(&parts, '.', &part)) {
        if (out->count == PATH_PARTS || part.len == 0) {
            return false;
        }
        out->part[out->count++] = part;
    }
    return out->count == 1 || out->count == PATH_PARTS;
}

static const ls_value *get(const ls_value *v, ls_bytes part)
{
    uint64_t index;
    if (v->type == LS_LIST) {
        bool found = ls_decimal_parse(part, v->count, &index) && index < v->count;
        return found ? v->items[index] : NULL;
    }
    for (size_t i = 0; v->type == LS_MAP && i < v->count; i++) {
        if (ls_bytes_equal(v->entries[i].key, part)) {
            return v->entries[i].value;
        }
    }
    return NULL;
}

/* The setting that a path names, or NULL. What describes the sweep itself can't be varied. */
static const ls_value *find(const ls_value *v, const path *p)
{
    bool itself =
        ls_bytes_is(p->part[0], "sweep") || ls_bytes_is(p->part[0], "report") || ls_bytes_is(p->part[0], "rehearsal");
    for (size_t i = 0; v != NULL && i < p->count; i++) {
        v = get(v, p->part[i]);
    }
    return itself || v == NULL || v->type == LS_LIST || v->type == LS_MAP ? NULL : v;
}

/* Values. */

static ls_value *text_value(ls_script_reader *r, ls_mark mark, const char *text)
{
    ls_value *v = text == NULL ? NULL : ls_value_string(r->known.arena, ls_bytes_str(text));
    if (v == NULL) {
        ls_field_no_memory(r->known.d);
        return NULL;
    }
    v->mark = mark;
    return v;
}

static bool too_many(ls_script_reader *r, const ls_value *v)
{
    ls_diagnose(r->known.d, ls_field_mark(v, "step"), "take larger steps", "a sweep has at most %d values",
                LS_REHEARSAL_VALUES_MAX);
    return false;
}

static bool add_value(ls_script_reader *r, const ls_value *v, ls_sweep *s, const ls_value *value)
{
    if (s->count == LS_REHEARSAL_VALUES_MAX) {
        return too_many(r, v);
    }
    s->values[s->count++] = value;
    return value != NULL;
}

static void add_dates(ls_script_reader *r, const ls_value *v, ls_date from, ls_date to, ls_duration step, ls_sweep *s)
{
    ls_mark mark = ls_field_mark(v, "from");
    if (step.unit == LS_UNIT_HOURS) {
        ls_diagnose(r->known.d, ls_field_mark(v, "step"), "write it like: 30 days", "dates go by days at least");
        return;
    }
    ls_date at = from;
    for (unsigned i = 1; ls_date_to_days(at) <= ls_date_to_days(to); i++) {
        char text[LS_DATE_SIZE];
        ls_date_format(at, text);
        if (!add_value(r, v, s, text_value(r, mark, text))) {
            return;
        }
        at = ls_date_later(from, step, i);
    }
}

static const char *manner_text(ls_script_reader *r, ls_manner_kind kind, ls_duration d)
{
    char text[LS_DURATION_SIZE];
    ls_duration_format(d, text);
    return ls_arena_format(r->known.arena, kind == LS_MANNER_LATE ? "%s late" : "after %s", text);
}

static void add_manners(ls_script_reader *r, const ls_value *v, ls_manner from, ls_manner to, ls_duration step,
                        ls_sweep *s)
{
    if (from.kind != to.kind || from.duration.unit != to.duration.unit || step.unit != from.duration.unit) {
        ls_diagnose(r->known.d, ls_field_mark(v, "to"),
                    "write it like: from: 5 days late, to: 60 days late, step: 5 days",
                    "from, to and step are counted in different ways");
        return;
    }
    for (ls_duration d = from.duration; d.count <= to.duration.count; d.count += step.count) {
        if (!add_value(r, v, s, text_value(r, ls_field_mark(v, "from"), manner_text(r, from.kind, d)))) {
            return;
        }
    }
}

static bool has_length(const ls_manner *p)
{
    return p->kind == LS_MANNER_LATE || p->kind == LS_MANNER_AFTER;
}

static void read_range(ls_script_reader *r, const ls_value *v, ls_sweep *s)
{
    ls_bytes from, to;
    ls_date first, last;
    ls_manner slow, slower;
    ls_duration step;
    bool read = ls_field_line(v, "from", r->known.d, &from);
    read = ls_field_line(v, "to", r->known.d, &to) && read;
    if (!ls_roadmap_read_duration(&r->known, v, "step", &step) || !read) {
        return;
    }
    size_t errors = r->known.d->errors;
    if (ls_date_parse(from, &first) && ls_date_parse(to, &last)) {
        add_dates(r, v, first, last, step, s);
    } else if (ls_manner_parse(from, &slow) && ls_manner_parse(to, &slower) && has_length(&slow) &&
               has_length(&slower)) {
        add_manners(r, v, slow, slower, step, s);
    } else {
        ls_diagnose(r->known.d, ls_field_mark(v, "from"),
                    "write dates, or lengths of time: from: 5 days late, to: 60 days late, step: 5 days",
                    "from and to are neither dates nor lengths of time");
        return;
    }
    if (s->count == 0 && r->known.d->errors == errors) {
        ls_diagnose(r->known.d, ls_field_mark(v, "to"), NULL, "to lies before from");
    }
}

static void read_values(ls_script_reader *r, const ls_value *v, ls_sweep *s)
{
    const ls_value *list = ls_field_list(v, "values", 1, LS_REHEARSAL_VALUES_MAX, r->known.d);
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        if (list->items[i]->type == LS_LIST || list->items[i]->type == LS_MAP) {
            ls_diagnose(r->known.d, list->items[i]->mark, NULL, "a value of a sweep is a single one");
            return;
        }
        s->values[s->count++] = list->items[i];
    }
}

/* Sweeps. */

static void check_path(ls_script_reader *r, const ls_value *v, const ls_value *root, const ls_sweep *s)
{
    path p;
    ls_mark mark = ls_field_mark(v, "set");
    if (!split(s->path, &p) || find(root, &p) == NULL) {
        ls_diagnose(r->known.d, mark,
                    "name a setting that the script has, counted from 0: signed, rules.0.performs, acts.2.on",
                    "the script has no setting '%.*s'", ls_shown(s->path), s->path.ptr);
        return;
    }
    for (size_t i = 0; i < r->out->sweep_count; i++) {
        if (ls_bytes_equal(r->out->sweeps[i].path, s->path)) {
            ls_diagnose(r->known.d, mark, "keep one of the two", "'%.*s' is varied twice", (int)s->path.len,
                        s->path.ptr);
        }
    }
}

static void read_sweep(ls_script_reader *r, const ls_value *v, const ls_value *root)
{
    ls_sweep s = {.count = 0};
    ls_diagnostics *d = r->known.d;
    bool values = ls_value_get(v, "values") != NULL, range = ls_value_get(v, "from") != NULL;
    if (!ls_value_check_map(v, "sweep",
                            LS_KEYS({"set", true}, {"values", false}, {"from", false}, {"to", false}, {"step", false}),
                            d)) {
        return;
    }
    s.values = ls_arena_array(r->known.arena, LS_REHEARSAL_VALUES_MAX, sizeof(const ls_value *));
    if (s.values == NULL) {
        ls_field_no_memory(d);
        return;
    }
    if (ls_field_line(v, "set", d, &s.path)) {
        check_path(r, v, root, &s);
    }
    bool rest = ls_value_get(v, "to") != NULL && ls_value_get(v, "step") != NULL;
    if (values == range || range != rest) {
        ls_diagnose(d, v->mark, "write values: [...], or from, to and step", "a sweep has values, or a range");
    } else if (values) {
        read_values(r, v, &s);
    } else {
        read_range(r, v, &s);
    }
    r->out->sweeps[r->out->sweep_count++] = s;
}

/* Each value by itself, with all other settings as they stand; its errors are the script's. */
static void check_value(ls_script_reader *r, const ls_value *root, size_t sweep, size_t value)
{
    ls_rehearsal one = {.source = root, .sweep_count = 1};
    ls_rehearsal unused;
    one.sweeps[0] = (ls_sweep){r->out->sweeps[sweep].path, 1, &r->out->sweeps[sweep].values[value]};
    ls_diagnostics *d = ls_arena_alloc(r->known.arena, sizeof *d);
    const ls_value *script = ls_rehearsal_variant(r->known.arena, &one, 0);
    if (d == NULL || script == NULL) {
        ls_field_no_memory(r->known.d);
        return;
    }
    d->arena = r->known.arena;
    ls_rehearsal_read(r->known.arena, script, &r->out->of, d, &unused);
    for (size_t i = 0; i < d->count; i++) {
        if (!d->item[i].warning) {
            ls_diagnose(r->known.d, d->item[i].mark, d->item[i].hint, "%s", d->item[i].text);
        }
    }
}

static void check_values(ls_script_reader *r, const ls_value *root)
{
    for (size_t i = 0; i < r->out->sweep_count; i++) {
        for (size_t k = 0; k < r->out->sweeps[i].count && r->known.d->errors == 0; k++) {
            check_value(r, root, i, k);
        }
    }
}

static void count_runs(ls_script_reader *r, const ls_value *list)
{
    size_t runs = 1;
    for (size_t i = 0; i < r->out->sweep_count; i++) {
        runs *= r->out->sweeps[i].count;
    }
    if (runs > LS_REHEARSAL_RUNS_MAX) {
        ls_diagnose(r->known.d, list->mark, "take fewer values, or larger steps",
                    "%zu combinations are more than the %d that are run", runs, LS_REHEARSAL_RUNS_MAX);
    }
    r->out->run_count = runs;
}

void ls_script_read_sweeps(ls_script_reader *r, const ls_value *v)
{
    const ls_value *list = ls_field_list(v, "sweep", 1, LS_REHEARSAL_SWEEPS_MAX, r->known.d);
    size_t errors = r->known.d->errors;
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        read_sweep(r, list->items[i], v);
    }
    if (list != NULL && r->known.d->errors == errors) {
        count_runs(r, list);
        check_values(r, v);
    }
}

/* Variants. */

const ls_value *ls_rehearsal_setting(const ls_rehearsal *r, size_t run, size_t sweep)
{
    for (size_t i = r->sweep_count; i-- > sweep + 1;) {
        run /= r->sweeps[i].count;
    }
    return r->sweeps[sweep].values[run % r->sweeps[sweep].count];
}

/* A copy whose children can be replaced. */
static ls_value *copy_node(ls_arena *arena, const ls_value *v)
{
    return v->type == LS_MAP    ? ls_value_map(arena, v->count, v->entries)
           : v->type == LS_LIST ? ls_value_list(arena, v->count, v->items)
                                : NULL;
}

static ls_value **place(ls_value *v, ls_bytes part)
{
    uint64_t index;
    if (v->type == LS_LIST) {
        bool found = ls_decimal_parse(part, v->count, &index) && index < v->count;
        return found ? &v->items[index] : NULL;
    }
    for (size_t i = 0; i < v->count; i++) {
        if (ls_bytes_equal(v->entries[i].key, part)) {
            return &v->entries[i].value;
        }
    }
    return NULL;
}

/* Puts a value where the path leads, in copies of all nodes above it. False without memory. */
static bool put(ls_arena *arena, ls_value *root, const path *p, const ls_value *value)
{
    ls_value *at = root;
    ls_value **child = place(at, p->part[0]);
    for (size_t i = 1; child != NULL && i < p->count; i++) {
        ls_mark mark = (*child)->mark;
        at = copy_node(arena, *child);
        if (at == NULL) {
            return false;
        }
        at->mark = mark;
        *child = at;
        child = place(at, p->part[i]);
    }
    ls_value *copy = ls_arena_alloc(arena, sizeof *copy);
    if (child == NULL || copy == NULL) {
        return false;
    }
    *copy = *value;
    *child = copy;
    return true;
}

/* The script without its sweep. */
static ls_value *single(ls_arena *arena, const ls_value *v)
{
    ls_value *root = copy_node(arena, v);
    size_t kept = 0;
    for (size_t i = 0; root != NULL && i < v->count; i++) {
        if (!ls_bytes_is(v->entries[i].key, "sweep")) {
            root->entries[kept++] = v->entries[i];
        }
    }
    if (root != NULL) {
        root->count = kept;
        root->mark = v->mark;
    }
    return root;
}

const ls_value *ls_rehearsal_variant(ls_arena *arena, const ls_rehearsal *r, size_t run)
{
    ls_value *root = single(arena, r->source);
    for (size_t i = 0; root != NULL && i < r->sweep_count; i++) {
        path p;
        if (!split(r->sweeps[i].path, &p) || !put(arena, root, &p, ls_rehearsal_setting(r, run, i))) {
            return NULL;
        }
    }
    return root;
}
