/* Output: text that can do no harm to a terminal, tables, JSON, what became of an act. */
#include "cli/cli.h"
#include "process/plain.h"
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* What others wrote must not move the reader's cursor, nor turn the line around (process/plain.h). What is plain
 * passes; of the rest, and of what is no UTF-8, each byte is a question mark. */
static void make_harmless(char *s)
{
    ls_bytes text = ls_bytes_str(s);
    for (size_t i = 0, begin = 0; i < text.len; begin = i) {
        uint32_t c = ls_utf8_next(text, &i);
        bool broken = c == 0xfffd && i - begin == 1;
        if (c == '\t') {
            s[begin] = ' ';
        } else if (broken || !ls_plain_char(c)) {
            memset(s + begin, '?', i - begin);
        }
    }
}

__attribute__((format(printf, 2, 0))) static void print_harmless(FILE *out, const char *format, va_list args)
{
    char *text = NULL;
    if (vasprintf(&text, format, args) >= 0) {
        make_harmless(text);
        fputs(text, out);
        free(text);
    }
}

void cli_print(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_harmless(stdout, format, args);
    va_end(args);
}

void cli_print_to(FILE *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_harmless(out, format, args);
    va_end(args);
}

#define LINE_WIDTH 100

/* Columns that a string takes on a terminal: code points, which is right for what stands here. */
size_t cli_width(const char *s, size_t len)
{
    size_t width = 0;
    for (size_t i = 0; i < len; i++) {
        width += ((unsigned char)s[i] & 0xc0) != 0x80;
    }
    return width;
}

void cli_paragraph(const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int len = vasprintf(&text, format, args);
    va_end(args);
    if (len < 0) {
        return;
    }
    make_harmless(text);
    size_t used = 0;
    for (const char *word = text; *word != '\0';) {
        size_t size = strcspn(word, " \n");
        size_t width = cli_width(word, size);
        bool fits = used == 0 || used + 1 + width <= LINE_WIDTH;
        printf("%s%.*s", used == 0 ? "" : fits ? " " : "\n", (int)size, word);
        used = fits ? used + (used > 0) + width : width;
        word += size + strspn(word + size, " \n");
    }
    putchar('\n');
    free(text);
}

const char *cli_text(cli *c, ls_bytes s)
{
    char *copy = ls_arena_str(&c->arena, s);
    if (copy == NULL) {
        return "";
    }
    make_harmless(copy);
    return copy;
}

const char *cli_short(cli *c, const ls_hash *h)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(h, hex);
    return cli_text(c, ls_bytes_of(hex, 12));
}

void cli_mark(cli *c, bool exercise)
{
    if (exercise && !c->banner && !c->json) {
        cli_print("EXERCISE. Nothing signed here can pass as real.\n\n");
    }
    c->banner = true;
}

ls_result cli_print_json(cli *c, bool exercise, json_t *value)
{
    if (value == NULL || json_object_set_new(value, "exercise", json_boolean(exercise)) != 0) {
        json_decref(value);
        return ls_fail_with(&ls_fault_memory, &c->detail, "the JSON could not be made");
    }
    json_dumpf(value, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(value);
    return LS_SUCCESS;
}

json_t *cli_json_bytes(ls_bytes s)
{
    return json_stringn(s.len == 0 ? "" : (const char *)s.ptr, s.len); /* jansson takes no NULL, even for nothing */
}

json_t *cli_json_hash(const ls_hash *h)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(h, hex);
    return json_string(hex);
}

json_t *cli_json_time(ls_time t)
{
    char text[LS_TIME_SIZE];
    if (t == LS_TIME_OPEN) {
        return json_null();
    }
    ls_time_format(t, text);
    return json_string(text);
}

static ls_result report_incomplete(cli *c, const char *what, const ls_filed *f)
{
    if (c->json) {
        return cli_print_json(c, c->ws.exercise,
                              json_pack("{s:b, s:s, s:o, s:o, s:s}", "filed", 0, "act", what, "id",
                                        cli_json_hash(&f->id), "file", ls_show_text_json(f->path), "missing",
                                        f->missing));
    }
    cli_print("%s %s is signed in part. Still missing: %s\n", what, cli_short(c, &f->id), f->missing);
    cli_print("Hand them this file: %s\nEach adds a signature with: lockstep sign FILE\n", f->path);
    return LS_SUCCESS;
}

static ls_result report_waiting(cli *c, const char *what, const ls_filed *f)
{
    if (c->json) {
        return cli_print_json(c, c->ws.exercise,
                              json_pack("{s:b, s:b, s:s, s:o, s:o}", "filed", 0, "waiting", 1, "act", what, "id",
                                        cli_json_hash(&f->id), "file", ls_show_text_json(f->path)));
    }
    cli_print("%s %s waits in the outbox: %s\n", what, cli_short(c, &f->id),
              c->ws.ledger == NULL ? "a courier carries it (lockstep sync --to FILE)."
              : c->ws.denied       ? "the ledger does not let this workspace in. Why: lockstep sync"
                                   : "the ledger could not be reached. The next run that reaches it files it.");
    return LS_SUCCESS;
}

ls_result cli_report_filed(cli *c, const char *what, const ls_filed *f)
{
    if (f->filing == LS_WAITING) {
        return report_waiting(c, what, f);
    }
    if (f->filing == LS_INCOMPLETE) {
        return report_incomplete(c, what, f);
    }
    if (c->json) {
        return cli_print_json(c, c->ws.exercise,
                              json_pack("{s:b, s:s, s:o, s:I}", "filed", 1, "act", what, "id", cli_json_hash(&f->id),
                                        "index", (json_int_t)f->receipt.index));
    }
    cli_print("%s is on the record as entry %llu (%s)%s\n", what, (unsigned long long)f->receipt.index,
              cli_short(c, &f->id), f->receipt.already ? ", where it was already" : "");
    return LS_SUCCESS;
}

json_t *cli_json_draft(cli *c, const ls_act *act, const char *file)
{
    char missing[1024];
    ls_act_missing_signers(act, missing, sizeof missing);
    return json_pack("{s:b, s:s, s:o, s:o, s:s}", "filed", 0, "act", cli_text(c, act->kind), "id",
                     cli_json_hash(&act->id), "file", ls_show_text_json(file), "missing", missing);
}

/* Tables. */

static int terminal_width(void)
{
    struct winsize w;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0 ? w.ws_col : 0;
}

void cli_table_row(cli *c, cli_table *t, const char *const *cells)
{
    if (t->rows == t->capacity) {
        size_t larger = t->capacity == 0 ? 32 : 2 * t->capacity;
        const char **cell = ls_arena_array(&c->arena, larger * t->columns, sizeof *cell);
        if (cell == NULL) {
            return;
        }
        if (t->rows > 0) {
            memcpy(cell, t->cell, t->rows * t->columns * sizeof *cell);
        }
        t->cell = cell;
        t->capacity = larger;
    }
    memcpy(t->cell + t->rows++ * t->columns, cells, t->columns * sizeof *cells);
}

static void pad(size_t from, size_t to)
{
    for (; from < to; from++) {
        putchar(' ');
    }
}

/* The last cell: as many words a line as there is room for, further lines under the first. A limit of 0: one line. */
static void print_wrapped(const char *s, size_t indent, size_t limit)
{
    size_t used = indent;
    while (*s != '\0') {
        size_t size = strcspn(s, " \n");
        size_t width = cli_width(s, size);
        if (limit > 0 && used > indent && used + 1 + width > limit) {
            putchar('\n');
            pad(0, indent);
            used = indent;
        }
        used += printf("%s%.*s", used > indent ? " " : "", (int)size, s) > 0 ? width + (used > indent) : 0;
        s += size + strspn(s + size, " \n");
    }
}

static void print_row(const cli_table *t, const char *const *cells, const size_t *width, size_t limit)
{
    size_t indent = 0, last = t->columns - 1;
    while (last > 0 && cells[last][0] == '\0') {
        last--; /* no blanks at a line's end */
    }
    for (size_t i = 0; i < last; i++) {
        size_t shown = cli_width(cells[i], strlen(cells[i]));
        fputs(cells[i], stdout);
        pad(shown, width[i] + 2);
        indent += width[i] + 2;
    }
    if (last + 1 < t->columns) {
        fputs(cells[last], stdout);
    } else {
        /* Where little room is left, lines are left to the terminal. */
        print_wrapped(cells[last], indent, limit > indent + 20 ? limit : 0);
    }
    putchar('\n');
}

void cli_table_print(const cli_table *t)
{
    size_t width[CLI_COLUMNS_MAX] = {0};
    for (size_t i = 0; i < t->columns; i++) {
        width[i] = cli_width(t->heading[i], strlen(t->heading[i]));
        for (size_t r = 0; r < t->rows; r++) {
            size_t w = cli_width(t->cell[r * t->columns + i], strlen(t->cell[r * t->columns + i]));
            width[i] = w > width[i] ? w : width[i];
        }
    }
    size_t limit = (size_t)terminal_width();
    print_row(t, t->heading, width, limit);
    for (size_t r = 0; r < t->rows; r++) {
        print_row(t, t->cell + r * t->columns, width, limit);
    }
}
