/*
 * Every error of a roadmap: the cases of roadmap/errors.txt, which says how it is read. What is expected there was
 * written down from the rules of the language, not taken from what the program said.
 */
#include "roadmaps.h"
#include "yaml/yaml.h"

#define MARK "\xc2\xa7"
#define MARKS_MAX 16
#define UNTOUCHED 12345

static ls_buf whole, words;

/* A case while it is read: the document with its changes, and what is expected. */
typedef struct expected {
    bool warning;
    ls_bytes text, hint;
} expected;

typedef struct trial {
    ls_bytes name;
    ls_bytes removed[64]; /* of the change being read */
    size_t removed_count;
    ls_buf document, added, text;
    bool has_text;
    size_t expected_count;
    expected expected[MARKS_MAX];
    ls_mark mark[MARKS_MAX];
    size_t mark_count;
} trial;

static ls_bytes rest_of(ls_bytes line, size_t at)
{
    return line.len < at ? (ls_bytes){0} : ls_bytes_of(line.ptr + at, line.len - at);
}

static size_t indentation(ls_bytes line)
{
    size_t n = 0;
    while (n < line.len && line.ptr[n] == ' ') {
        n++;
    }
    return n;
}

/* The lines from here on are those to take out; gives what follows them, or fails. */
static bool matches(const trial *t, ls_bytes from, ls_bytes *behind)
{
    ls_reader lines = ls_reader_of(from);
    for (size_t i = 0; i < t->removed_count; i++) {
        ls_bytes line;
        if (!ls_read_line(&lines, &line) || !ls_bytes_equal(rest_of(line, indentation(line)), t->removed[i])) {
            return false;
        }
    }
    *behind = ls_bytes_of(lines.ptr, ls_reader_left(&lines));
    return true;
}

static void put_added(const trial *t, size_t indent, ls_buf *out)
{
    ls_reader lines = ls_reader_of(ls_buf_bytes(&t->added));
    for (ls_bytes line; ls_read_line(&lines, &line);) {
        ls_buf_format(out, "%*s%.*s\n", (int)indent, "", (int)line.len, (const char *)line.ptr);
    }
}

/* Makes the change that was read in the document; the lines must stand there exactly once. */
static void change(trial *t)
{
    ls_buf out = {0};
    unsigned found = 0;
    if (t->removed_count == 0) {
        return;
    }
    ls_reader lines = ls_reader_of(ls_buf_bytes(&t->document));
    while (ls_reader_left(&lines) > 0) {
        ls_bytes line, behind, from = ls_bytes_of(lines.ptr, ls_reader_left(&lines));
        assert_true(ls_read_line(&lines, &line));
        if (matches(t, from, &behind)) {
            put_added(t, indentation(line), &out);
            lines = ls_reader_of(behind);
            found++;
        } else {
            ls_buf_put_bytes(&out, line);
            ls_buf_put_str(&out, "\n");
        }
    }
    if (found != 1) {
        fail_msg("%.*s: '%.*s' stands %u times in whole.yaml", (int)t->name.len, t->name.ptr, (int)t->removed[0].len,
                 t->removed[0].ptr, found);
    }
    ls_buf_free(&t->document);
    ls_buf_free(&t->added);
    t->document = out;
    t->removed_count = 0;
}

/* "*63   - in force", with # for the number */
static void add_repeated(trial *t, ls_bytes line)
{
    char *end;
    long count = strtol((const char *)line.ptr + 1, &end, 10);
    ls_bytes what = rest_of(line, (size_t)(end - (const char *)line.ptr) + 1);
    for (long i = 1; i <= count; i++) {
        for (size_t k = 0; k < what.len; k++) {
            if (what.ptr[k] == '#') {
                ls_buf_format(&t->added, "%ld", i);
            } else {
                ls_buf_put_u8(&t->added, what.ptr[k]);
            }
        }
        ls_buf_put_str(&t->added, "\n");
    }
}

static void add_line(trial *t, ls_bytes line)
{
    if (line.len > 1 && line.ptr[1] == '*') {
        add_repeated(t, rest_of(line, 1));
        return;
    }
    ls_buf_put_bytes(&t->added, rest_of(line, 2));
    ls_buf_put_str(&t->added, "\n");
}

static void take_line(trial *t, ls_bytes line)
{
    expected *last = t->expected_count == 0 ? NULL : &t->expected[t->expected_count - 1];
    switch (line.len == 0 ? 0 : line.ptr[0]) {
    case '-':
        if (t->added.len > 0) {
            change(t);
        }
        t->removed[t->removed_count++] = rest_of(line, 2);
        break;
    case '+':
        add_line(t, line);
        break;
    case '=':
        t->has_text = true;
        ls_buf_put_bytes(&t->text, rest_of(line, 2));
        ls_buf_put_str(&t->text, "\n");
        break;
    case '!':
    case '~':
        t->expected[t->expected_count++] = (expected){line.ptr[0] == '~', rest_of(line, 2), {0}};
        break;
    case '?':
        assert_non_null(last);
        last->hint = rest_of(line, 2);
        break;
    default:
        assert_int_equal(line.len, 0);
    }
}

/* Takes the marks out of the document and remembers their places, in characters. */
static void take_marks(trial *t)
{
    ls_buf out = {0};
    ls_mark at = {1, 1};
    ls_bytes d = ls_buf_bytes(&t->document);
    for (size_t i = 0; i < d.len; i++) {
        if (d.len - i > 1 && memcmp(d.ptr + i, MARK, 2) == 0) {
            t->mark[t->mark_count++] = at;
            i++;
            continue;
        }
        ls_buf_put_u8(&out, d.ptr[i]);
        at.column = d.ptr[i] == '\n' ? 1 : at.column + ((d.ptr[i] & 0xc0) != 0x80 ? 1 : 0);
        at.line += d.ptr[i] == '\n' ? 1 : 0;
    }
    ls_buf_free(&t->document);
    t->document = out;
}

static void read_trial(const trial *t, ls_diagnostics *d)
{
    static ls_charter charter;
    ls_value *v = NULL;
    ls_roadmap r = {.measure_count = UNTOUCHED};
    set_roadmap_charter(&charter);
    assert_success(ls_yaml_parse(d->arena, ls_buf_bytes(&t->document), d, &v));
    if (v != NULL) {
        ls_roadmap_read(d->arena, v, &charter, ls_buf_bytes(t->has_text ? &t->text : &words), d, &r);
    }
    assert_int_equal(r.measure_count == UNTOUCHED && r.tracks == NULL, d->errors > 0);
    ls_diagnostics_sort(d);
}

static bool as_expected(const trial *t, const ls_diagnostics *d)
{
    bool same = d->count == t->expected_count;
    for (size_t i = 0; same && i < d->count; i++) {
        const ls_diagnostic *x = &d->item[i];
        const expected *e = &t->expected[i];
        ls_mark mark = t->mark_count == 0 ? (ls_mark){0, 0} : t->mark[t->mark_count == 1 ? 0 : i];
        same = x->warning == e->warning && ls_bytes_is(e->text, x->text) && ls_bytes_is(e->hint, x->hint) &&
               x->mark.line == mark.line && x->mark.column == mark.column;
    }
    return same && (t->mark_count < 2 || t->mark_count == t->expected_count);
}

static bool run_trial(trial *t)
{
    ls_arena arena = {0};
    ls_diagnostics d = {.arena = &arena};
    change(t);
    take_marks(t);
    read_trial(t, &d);
    bool passed = as_expected(t, &d);
    if (!passed) {
        print_error("%.*s:\n", (int)t->name.len, (const char *)t->name.ptr);
        for (size_t i = 0; i < t->mark_count; i++) {
            print_error("  expected at %u:%u\n", t->mark[i].line, t->mark[i].column);
        }
        for (size_t i = 0; i < d.count; i++) {
            print_error("  %u:%u: %s (%s)\n", d.item[i].mark.line, d.item[i].mark.column, d.item[i].text,
                        d.item[i].hint);
        }
    }
    ls_buf_free(&t->document);
    ls_buf_free(&t->added);
    ls_buf_free(&t->text);
    ls_arena_free(&arena);
    return passed;
}

static void begin_trial(trial *t, ls_bytes name)
{
    *t = (trial){.name = name};
    ls_buf_put_bytes(&t->document, ls_buf_bytes(&whole));
}

static void every_case(void **state)
{
    (void)state;
    ls_buf file = {0};
    unsigned cases = 0, failed = 0;
    trial t = {0};
    load_roadmap_file("errors.txt", &file);
    ls_reader lines = ls_reader_of(ls_buf_bytes(&file));
    for (ls_bytes line; ls_read_line(&lines, &line);) {
        if (ls_bytes_starts(line, "# ")) {
            failed += cases > 0 && !run_trial(&t) ? 1 : 0;
            cases++;
            begin_trial(&t, rest_of(line, 2));
        } else if (cases > 0) {
            take_line(&t, line);
        }
    }
    failed += run_trial(&t) ? 0 : 1;
    ls_buf_free(&file);
    assert_int_equal(failed, 0);
    assert_true(cases > 150);
}

/* What the cases change is itself in order, to the last warning. */
static void the_whole_is_in_order(void **state)
{
    (void)state;
    trial t;
    begin_trial(&t, ls_bytes_str("the whole"));
    assert_true(run_trial(&t));
}

static int load_all(void **state)
{
    (void)state;
    load_roadmap_file("whole.yaml", &whole);
    load_roadmap_file("text.md", &words);
    return 0;
}

static int free_all(void **state)
{
    (void)state;
    ls_buf_free(&whole);
    ls_buf_free(&words);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_whole_is_in_order), cmocka_unit_test(every_case)};
    return cmocka_run_group_tests_name("roadmap_errors", tests, load_all, free_all);
}
