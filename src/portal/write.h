/*
 * Writing pages: elements, links, times, parties, statements. Whatever others wrote passes through process/shown.h, in
 * text and in attributes alike: nothing of it is markup, and what has no shape or reorders lines shows as a number.
 * Failures of memory are the buffer's, which is checked once.
 */
#ifndef LS_PORTAL_WRITE_H
#define LS_PORTAL_WRITE_H

#include "portal/portal.h"

typedef struct ls_html {
    const ls_portal *portal;
    const char *path; /* of the page, without a language's prefix: links are relative to it */
    ls_arena *arena;  /* of the page */
    ls_buf *out;
} ls_html;

/* Attributes are pairs of name and value, in C strings, with NULL at the end; a pair whose value is NULL is left out.
 */
#define LS_SENTINEL __attribute__((sentinel))

void ls_html_open(ls_html *w, const char *tag, ...) LS_SENTINEL;
void ls_html_close(ls_html *w, const char *tag);
void ls_html_empty(ls_html *w, const char *tag, ...) LS_SENTINEL; /* one without content: "br" */
/* An element with text. */
void ls_html_element(ls_html *w, const char *tag, ls_bytes text, ...) LS_SENTINEL;
void ls_html_text(ls_html *w, ls_bytes text); /* on one line */
void ls_html_str(ls_html *w, const char *text);
void ls_html_lines(ls_html *w, ls_bytes text); /* newlines stay, for "pre" and styles like it */
void ls_html_newline(ls_html *w);              /* between blocks, for who reads the source */

/* An element that is a statement; further attributes follow. id: ls_html_format makes one. */
void ls_html_statement_open(ls_html *w, const char *tag, const char *id, ...) LS_SENTINEL;
void ls_html_statement(ls_html *w, const char *tag, const char *id, ls_bytes text);
/* Text in the arena, for all that takes a C string; "" without memory, which the buffer then says, too. */
const char *ls_html_format(ls_html *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *ls_html_cstr(ls_html *w, ls_bytes text);

/* Text of what the program says in English only: lang="en". */
void ls_html_english(ls_html *w, const char *tag, const char *text);

/* Links. path: of a page in this language ("act/17.html", with "#id" perhaps); of a file of the site ("tlog/…"). */
const char *ls_html_href(ls_html *w, const char *path);
const char *ls_html_site_href(ls_html *w, const char *path);
void ls_html_link(ls_html *w, const char *path, ls_bytes text);
void ls_html_site_link(ls_html *w, const char *path, ls_bytes text);
void ls_html_entry(ls_html *w, uint64_t index); /* "17", to that act's page; "-" for LS_NO_ENTRY */
/* What stands for an accord, in all its versions, in names and paths: the beginning of its first version's id. */
const char *ls_html_accord_code(ls_html *w, size_t accord);
/* The page of a measure of an accord (an index of the record's): "measure/0a1b2c3d-suspend.html". */
const char *ls_html_measure_path(ls_html *w, size_t accord, size_t measure);

/* Times and days in the process's zone; "-" for LS_TIME_OPEN, LS_NO_DAY. */
void ls_html_time(ls_html *w, ls_time t);     /* "2018-10-19 12:00" */
void ls_html_date(ls_html *w, ls_time t);     /* "2018-10-19" */
void ls_html_deadline(ls_html *w, ls_time t); /* the day that ends then; with the minute where that is not closing */
void ls_html_last_day(ls_html *w, ls_time t); /* of what ends then: at the end of a day that day, and not the next */
void ls_html_day(ls_html *w, int32_t day);    /* of the calendar */

/* A party's short name, with its title; several. */
void ls_html_party(ls_html *w, size_t party);
void ls_html_parties(ls_html *w, ls_parties set);
void ls_html_hash(ls_html *w, const ls_hash *hash);

/* Sentences out of strings: what stands for {0}, {1}, … */
typedef enum ls_say_kind {
    LS_SAY_TEXT,
    LS_SAY_NUMBER,
    LS_SAY_WORD, /* another key */
    LS_SAY_TIME,
    LS_SAY_DATE,
    LS_SAY_DEADLINE,
    LS_SAY_LAST_DAY,
    LS_SAY_DAY,
    LS_SAY_PARTIES,
    LS_SAY_ENTRY,
    LS_SAY_LINK,
    LS_SAY_ENGLISH
} ls_say_kind;

typedef struct ls_say {
    ls_say_kind kind;
    ls_bytes text;
    const char *path; /* or a key */
    uint64_t number;
    ls_time time;
} ls_say;

ls_say ls_say_text(ls_bytes text);
ls_say ls_say_str(const char *text);
ls_say ls_say_number(uint64_t number);
ls_say ls_say_word(const char *key);
ls_say ls_say_time(ls_time t);
ls_say ls_say_date(ls_time t);
ls_say ls_say_deadline(ls_time t);
ls_say ls_say_last_day(ls_time t);
ls_say ls_say_day(int32_t day);
ls_say ls_say_parties(ls_parties set);
ls_say ls_say_entry(uint64_t index);
ls_say ls_say_link(const char *path, ls_bytes text);
ls_say ls_say_english(const char *text);

#define LS_WITH(...) ((const ls_say[]){__VA_ARGS__}), sizeof((const ls_say[]){__VA_ARGS__}) / sizeof(ls_say)

const char *ls_html_word(const ls_html *w, const char *key); /* its text, in the page's language */
void ls_html_say(ls_html *w, const char *key, const ls_say *with, size_t count);
/* In an element; the second is a statement. */
void ls_html_say_in(ls_html *w, const char *tag, const char *key, const ls_say *with, size_t count);
void ls_html_state(ls_html *w, const char *tag, const char *id, const char *key, const ls_say *with, size_t count);
/* A word alone in an element. */
void ls_html_word_in(ls_html *w, const char *tag, const char *key);

/* "h2" with an anchor, from a key. */
void ls_html_heading(ls_html *w, unsigned level, const char *anchor, const char *key);

/* A table: its caption, and headings of its columns, which are keys, of columns of numbers with a '#' before it; ends
 * with NULL. Rows are the caller's. */
void ls_html_table_open(ls_html *w, const char *class, const char *caption, const char *const *columns);
void ls_html_table_close(ls_html *w);

#endif
