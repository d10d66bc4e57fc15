/*
 * Moments: what measures wait for, when they are due, when events happen.
 *
 *   signed   in force   usa ratified   "2018-12-31"   adoption-day
 *   fuel-oil performed   fuel-oil confirmed 40 %   disablement complete   resolution exhausted
 *   30 days after <any of these>
 *   {earliest: [<moment>, …]}   {latest: [<moment>, …]}
 *
 * They become a row of operations in postfix form. Lists may lie in lists, so the walk keeps a stack of its own.
 */
#include "roadmap/parts.h"

#define MOMENT_HINT                                                                                                    \
    "write a date in quotes, in force, an event's id, a measure's id and performed, or 30 days after these"
#define AFTER " after "

typedef struct frame {
    ls_moment_kind kind;
    const ls_value *list;
    size_t next;
} frame;

typedef struct build {
    ls_roadmap_reader *r;
    const char *what;                 /* the key, for errors */
    ls_moment_op op[LS_MOMENT_STACK]; /* so no stack of times is ever higher */
    size_t count;
    ls_buf text;
    frame frames[LS_VALUE_DEPTH_MAX];
    size_t depth;
    bool failed;
} build;

/* What is said of a thing after its id. */
static const struct {
    const char *word;
    ls_moment_kind kind;
    uint8_t what;
} verbs[] = {
    {"ratified", LS_MOMENT_RATIFIED, 0},
    {"promised", LS_MOMENT_MEASURE, LS_EVENT_PROMISED},
    {"begun", LS_MOMENT_MEASURE, LS_EVENT_BEGUN},
    {"performed", LS_MOMENT_MEASURE, LS_EVENT_PERFORMED},
    {"confirmed", LS_MOMENT_MEASURE, LS_EVENT_CONFIRMED},
    {"overdue", LS_MOMENT_MEASURE, LS_EVENT_OVERDUE},
    {"breached", LS_MOMENT_MEASURE, LS_EVENT_BREACHED},
    {"complete", LS_MOMENT_STEP, 0},
    {"opened", LS_MOMENT_DISPUTE, LS_DISPUTE_OPENED},
    {"settled", LS_MOMENT_DISPUTE, LS_DISPUTE_SETTLED},
    {"exhausted", LS_MOMENT_DISPUTE, LS_DISPUTE_EXHAUSTED},
};
enum { VERBS = sizeof verbs / sizeof *verbs };

/* One moment as it is written, in its parts. */
typedef struct leaf {
    ls_mark mark;
    ls_bytes id, verb, rest;
} leaf;

static int shown(ls_bytes text)
{
    return (int)(text.len < LS_NAME_MAX ? text.len : LS_NAME_MAX);
}

static const ls_ids *ids_of(const ls_roadmap_reader *r, ls_moment_kind kind)
{
    switch (kind) {
    case LS_MOMENT_RATIFIED:
        return &r->parties;
    case LS_MOMENT_EVENT:
        return &r->events;
    case LS_MOMENT_MEASURE:
        return &r->measures;
    case LS_MOMENT_STEP:
        return &r->steps;
    default:
        return &r->disputes;
    }
}

/* Of something that is of another kind than was written: how to write it. NULL: there is nothing with this id. */
static const char *hint_of_other_kind(const ls_roadmap_reader *r, ls_bytes id)
{
    static const struct {
        ls_moment_kind kind;
        const char *article, *verb;
    } others[] = {{LS_MOMENT_EVENT, "an event", ""},
                  {LS_MOMENT_MEASURE, "a measure", " performed"},
                  {LS_MOMENT_STEP, "a step", " complete"},
                  {LS_MOMENT_DISPUTE, "a dispute procedure", " exhausted"},
                  {LS_MOMENT_RATIFIED, "a party", " ratified"}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (ls_ids_find(ids_of(r, others[i].kind), id) >= 0) {
            return ls_arena_format(r->arena, "it is %s; write: %.*s%s", others[i].article, (int)id.len, id.ptr,
                                   others[i].verb);
        }
    }
    return NULL;
}

static bool find_subject(ls_roadmap_reader *r, const leaf *l, ls_moment_op *op)
{
    const ls_ids *ids = ids_of(r, op->kind);
    int found = ls_ids_find(ids, l->id);
    const char *hint = found >= 0 ? NULL : hint_of_other_kind(r, l->id);
    if (hint != NULL) {
        ls_diagnose(r->d, l->mark, hint, "there is no %s '%.*s'", ids->what, shown(l->id), l->id.ptr);
        return false;
    }
    if (found < 0) {
        return ls_ids_require(ids, l->id, l->mark, r->d) >= 0;
    }
    op->subject = (uint16_t)found;
    return true;
}

/* While a roadmap is being read its sources say what will be there; one that was read before has no sources. */
static bool has_deadline(const ls_value *source, const ls_measure *m)
{
    bool has = source == NULL ? m->due.count > 0 || m->begin.count > 0
                              : ls_value_get(source, "due") != NULL || ls_value_get(source, "begin") != NULL;
    return has || m->amount.kind == LS_AMOUNT_RATE;
}

static bool has_verifiers(const ls_value *source, const ls_measure *m)
{
    return source == NULL ? m->verifiers != 0 : ls_value_get(source, "verified-by") != NULL;
}

/* What never happens to this measure is not to be waited for. */
static bool check_possible(ls_roadmap_reader *r, const leaf *l, const ls_moment_op *op)
{
    const ls_measure *m = &r->roadmap->measures[op->subject];
    const ls_value *source = r->source == NULL ? NULL : r->source[op->subject];
    int len = (int)l->id.len;
    if (op->what == LS_EVENT_CONFIRMED && !has_verifiers(source, m)) {
        ls_diagnose(r->d, l->mark, "wait for it to be performed, or say who verifies it",
                    "nobody verifies '%.*s', so it is never confirmed", len, l->id.ptr);
        return false;
    }
    if (op->what == LS_EVENT_BREACHED && !m->continuing && m->amount.kind != LS_AMOUNT_CEILING) {
        ls_diagnose(r->d, l->mark, "wait for it to be overdue",
                    "'%.*s' is neither continuing nor a ceiling, so it is never breached", len, l->id.ptr);
        return false;
    }
    if (op->what == LS_EVENT_OVERDUE && !has_deadline(source, m)) {
        ls_diagnose(r->d, l->mark, "give it the key due, or begin", "'%.*s' has no deadline, so it is never overdue",
                    len, l->id.ptr);
        return false;
    }
    return true;
}

/* "performed 20000 t", "confirmed 40 %": what stands behind the verb. */
static bool read_milestone(ls_roadmap_reader *r, const leaf *l, ls_moment_op *op)
{
    const ls_amount *a = &r->roadmap->measures[op->subject].amount;
    if (op->what != LS_EVENT_PERFORMED && op->what != LS_EVENT_CONFIRMED) {
        ls_diagnose(r->d, l->mark, "only what is performed or confirmed comes in parts",
                    "nothing can stand behind '%.*s'", (int)l->verb.len, l->verb.ptr);
        return false;
    }
    if (a->kind == LS_AMOUNT_NONE || a->kind == LS_AMOUNT_CEILING) {
        ls_diagnose(r->d, l->mark, "leave out what stands behind the verb, or give the measure an amount",
                    "'%.*s' has no amount to reach a part of", (int)l->id.len, l->id.ptr);
        return false;
    }
    op->percent = ls_roadmap_percent(l->rest, &op->amount);
    if (op->percent && a->kind == LS_AMOUNT_RATE) {
        ls_diagnose(r->d, l->mark, "write how much of it in its unit",
                    "'%.*s' is a rate, and has no whole to be a percentage of", (int)l->id.len, l->id.ptr);
        return false;
    }
    if (!op->percent && a->unit_count == 0) {
        return false; /* the amount is wrong itself, and reported */
    }
    if (!op->percent && (!ls_amount_parse(a, l->rest, &op->amount) || op->amount == 0)) {
        ls_diagnose(r->d, l->mark, "write it in the measure's unit, or as a percentage of at most 100: 40 %",
                    "'%.*s' is no part of the amount of '%.*s'", shown(l->rest), l->rest.ptr, (int)l->id.len,
                    l->id.ptr);
        return false;
    }
    if (!op->percent && a->kind == LS_AMOUNT_TOTAL && op->amount > a->number) {
        ls_diagnose(r->d, l->mark, NULL, "the amount of '%.*s' is less than that", (int)l->id.len, l->id.ptr);
        return false;
    }
    return true;
}

static bool looks_like_date(ls_bytes text)
{
    return text.len == LS_DATE_SIZE - 1 && text.ptr[4] == '-' && text.ptr[7] == '-' && text.ptr[0] >= '0' &&
           text.ptr[0] <= '9';
}

static const char *near_verb(build *b, ls_bytes verb)
{
    const char *words[VERBS];
    for (size_t i = 0; i < VERBS; i++) {
        words[i] = verbs[i].word;
    }
    return ls_near_hint(verb, words, VERBS, b->r->d);
}

static bool find_verb(build *b, const leaf *l, ls_moment_op *op)
{
    if (l->verb.len == 0 && l->rest.len == 0) {
        op->kind = LS_MOMENT_EVENT;
        return true;
    }
    for (size_t i = 0; i < VERBS; i++) {
        if (ls_bytes_is(l->verb, verbs[i].word)) {
            op->kind = verbs[i].kind;
            op->what = verbs[i].what;
            return true;
        }
    }
    const char *near = near_verb(b, l->verb);
    ls_diagnose(b->r->d, l->mark, near != NULL ? near : MOMENT_HINT, "%s: this is not a moment", b->what);
    return false;
}

static bool read_subject(build *b, const leaf *l, ls_moment_op *op)
{
    ls_roadmap_reader *r = b->r;
    if (!find_verb(b, l, op)) {
        return false;
    }
    if (op->kind != LS_MOMENT_MEASURE && l->rest.len > 0) {
        ls_diagnose(r->d, l->mark, "only what is performed or confirmed comes in parts",
                    "nothing can stand behind '%.*s'", (int)l->verb.len, l->verb.ptr);
        return false;
    }
    if (op->kind == LS_MOMENT_RATIFIED && ls_ids_find(&r->parties, l->id) >= 0) {
        size_t party;
        const ls_value name = {.type = LS_STRING, .mark = l->mark, .string = l->id};
        bool signs = ls_roadmap_read_party(r, &name, LS_OF_ACCORD, &party);
        op->subject = signs ? (uint16_t)party : 0;
        return signs;
    }
    if (!find_subject(r, l, op)) {
        return false;
    }
    if (op->kind == LS_MOMENT_EVENT) {
        r->awaited[op->subject] = true;
    }
    return op->kind != LS_MOMENT_MEASURE ||
           (check_possible(r, l, op) && (l->rest.len == 0 || read_milestone(r, l, op)));
}

/* "fuel-oil confirmed 40 %" into id, verb and rest. What ends with a space is nothing, and all of it a wrong verb. */
static leaf split(ls_bytes text, ls_mark mark)
{
    leaf l = {.mark = mark};
    if (text.ptr[text.len - 1] == ' ') {
        l.verb = text;
        return l;
    }
    ls_reader words = ls_reader_of(text);
    ls_read_until(&words, ' ', &l.id);
    ls_read_until(&words, ' ', &l.verb);
    l.rest = ls_read_bytes(&words, ls_reader_left(&words));
    return l;
}

/* A moment without a length of time before it. */
static bool read_leaf(build *b, ls_bytes text, ls_mark mark, ls_moment_op *op)
{
    if (ls_bytes_is(text, "signed")) {
        op->kind = LS_MOMENT_SIGNED;
        return true;
    }
    if (ls_bytes_is(text, "in force")) {
        op->kind = LS_MOMENT_IN_FORCE;
        return true;
    }
    if (ls_date_parse(text, &op->date)) {
        op->kind = LS_MOMENT_DATE;
        return true;
    }
    if (looks_like_date(text)) {
        ls_diagnose(b->r->d, mark, "years run from 1970, and months have 28 to 31 days", "there is no date %.*s",
                    (int)text.len, text.ptr);
        return false;
    }
    leaf l = split(text, mark);
    return read_subject(b, &l, op);
}

static void push(build *b, ls_mark mark, const ls_moment_op *op)
{
    if (b->count < LS_MOMENT_STACK) {
        b->op[b->count++] = *op;
    } else if (!b->failed) {
        ls_diagnose(b->r->d, mark, "give a part of it a name under events", "%s: a moment of more than %d parts",
                    b->what, LS_MOMENT_STACK);
        b->failed = true;
    }
}

/* Takes "30 days after " off the text. False: there is none, or it is wrong, and then *text is empty. */
static bool take_delay(build *b, ls_bytes *text, ls_mark mark, ls_moment_op *op)
{
    const uint8_t *at = text->len == 0 ? NULL : memmem(text->ptr, text->len, AFTER, strlen(AFTER));
    if (at == NULL) {
        return false;
    }
    ls_bytes before = ls_bytes_of(text->ptr, (size_t)(at - text->ptr));
    ls_bytes behind = ls_bytes_of(at + strlen(AFTER), text->len - before.len - strlen(AFTER));
    *op = (ls_moment_op){.kind = LS_MOMENT_DELAY, .amount = LS_QUANTITY_NONE};
    if (!ls_duration_parse(before, &op->duration)) {
        ls_diagnose(b->r->d, mark, "write it like: 30 days after in force", "%s: '%.*s' is not a length of time",
                    b->what, shown(before), before.ptr);
    } else if (!ls_roadmap_duration_fits(op->duration)) {
        ls_diagnose(b->r->d, mark, NULL, "%s: at most 100 years after a moment", b->what);
    } else {
        *text = behind;
        return true;
    }
    *text = (ls_bytes){0};
    return false;
}

/* The delays stand before what they follow, and come after it in postfix form: the last first. */
static void visit_text(build *b, const ls_value *v)
{
    ls_moment_op delays[LS_MOMENT_STACK], op = {.amount = LS_QUANTITY_NONE};
    size_t count = 0;
    ls_bytes text = v->string;
    while (count < LS_MOMENT_STACK && take_delay(b, &text, v->mark, &delays[count])) {
        count++;
    }
    if (text.len == 0 || !read_leaf(b, text, v->mark, &op)) {
        b->failed = true;
        return;
    }
    op.inner = count > 0;
    push(b, v->mark, &op);
    for (size_t i = count; i-- > 0;) {
        delays[i].inner = i > 0;
        push(b, v->mark, &delays[i]);
    }
    ls_buf_put_bytes(&b->text, v->string);
}

/* {earliest: […]} or {latest: […]} */
static void visit_map(build *b, const ls_value *v)
{
    bool earliest = ls_value_get(v, "earliest") != NULL;
    const char *key = earliest ? "earliest" : "latest";
    if (!ls_value_check_map(v, b->what, LS_KEYS({"earliest", false}, {"latest", false}), b->r->d) || v->count != 1) {
        if (v->count != 1) {
            ls_diagnose(b->r->d, v->mark, "write {earliest: [...]} or {latest: [...]}",
                        "%s: a moment has one key, earliest or latest", b->what);
        }
        b->failed = true;
        return;
    }
    const ls_value *list = ls_field_list(v, key, 1, LS_MOMENT_STACK, b->r->d);
    if (list == NULL || b->depth == LS_VALUE_DEPTH_MAX) {
        b->failed = true;
        return;
    }
    ls_buf_format(&b->text, "%s%s of ", b->depth > 0 ? "(" : "", key);
    b->frames[b->depth++] = (frame){earliest ? LS_MOMENT_EARLIEST : LS_MOMENT_LATEST, list, 0};
}

static void visit(build *b, const ls_value *v)
{
    ls_bytes line;
    if (v->type == LS_MAP) {
        visit_map(b, v);
    } else if (v->type == LS_LIST) {
        ls_diagnose(b->r->d, v->mark, "write {latest: [...]} for all of them, {earliest: [...]} for the first",
                    "%s: a list is not a moment", b->what);
        b->failed = true;
    } else if (ls_field_read_line(v, b->what, b->r->d, &line)) {
        visit_text(b, v);
    } else {
        b->failed = true;
    }
}

static void leave(build *b)
{
    const frame *f = &b->frames[--b->depth];
    const ls_moment_op op = {.kind = f->kind, .count = (uint16_t)f->list->count, .amount = LS_QUANTITY_NONE};
    push(b, f->list->mark, &op);
    if (b->depth > 0) {
        ls_buf_put_str(&b->text, ")");
    }
}

static void walk(build *b, const ls_value *v)
{
    visit(b, v);
    while (b->depth > 0) {
        frame *f = &b->frames[b->depth - 1];
        if (f->next == f->list->count) {
            leave(b);
            continue;
        }
        ls_buf_put_str(&b->text, f->next > 0 ? ", " : "");
        visit(b, f->list->items[f->next++]);
    }
}

static bool keep(const build *b, ls_moment *out)
{
    ls_moment_op *op = ls_arena_array(b->r->arena, b->count, sizeof *op);
    const char *text = ls_arena_str(b->r->arena, ls_buf_bytes(&b->text));
    if (op == NULL || text == NULL || b->text.failed) {
        return ls_field_no_memory(b->r->d);
    }
    memcpy(op, b->op, b->count * sizeof *op);
    *out = (ls_moment){b->count, op, ls_bytes_str(text)};
    return true;
}

bool ls_roadmap_moment_of(ls_roadmap_reader *r, const ls_value *v, const char *what, ls_moment *out)
{
    build b = {.r = r, .what = what};
    walk(&b, v);
    bool read = !b.failed && keep(&b, out);
    ls_buf_free(&b.text);
    return read;
}

void ls_roadmap_read_moment(ls_roadmap_reader *r, const ls_value *map, const char *key, ls_moment *out)
{
    const ls_value *v = ls_value_get(map, key);
    if (v != NULL) {
        ls_roadmap_moment_of(r, v, key, out);
    }
}

void ls_roadmap_read_moments(ls_roadmap_reader *r, const ls_value *map, const char *key, ls_moment **out, size_t *count)
{
    const ls_value *list = ls_field_list(map, key, 0, LS_AFTER_MAX, r->d);
    ls_moment *moments = list == NULL ? NULL : ls_arena_array(r->arena, list->count, sizeof *moments);
    size_t read = 0;
    for (size_t i = 0; moments != NULL && i < list->count; i++) {
        read += ls_roadmap_moment_of(r, list->items[i], key, &moments[read]) ? 1 : 0;
    }
    *out = moments;
    *count = read;
}
