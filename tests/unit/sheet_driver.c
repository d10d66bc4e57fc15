/*
 * Drives sheets and codes from a script.
 *
 *   sheet_driver html SHEET PAYLOAD   writes the sheet that a JSON file describes, with a file as codes ("": none)
 *   sheet_driver pdf SHEET PAYLOAD
 *   sheet_driver codes PAYLOAD        writes the texts of the codes
 *   sheet_driver read                 reads what scanners gave from standard input and writes the payload
 *
 * What it says goes to standard error: `failed CODE line LINE: DETAIL (HINT)`, or of what was read
 * `SHEET COUNT repeated N damaged N elsewhere N others N`.
 */
#include "crypto/crypto.h"
#include "sheet/sheet.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static ls_arena arena;

static ls_bytes read_all(FILE *f)
{
    static ls_buf content;
    uint8_t block[65536];
    content = (ls_buf){0};
    for (size_t n; f != NULL && (n = fread(block, 1, sizeof block, f)) > 0;) {
        ls_buf_put(&content, block, n);
    }
    uint8_t *copy = ls_arena_alloc(&arena, content.len + 1);
    if (f == NULL || copy == NULL) {
        exit(3);
    }
    if (content.len > 0) {
        memcpy(copy, content.ptr, content.len);
    }
    ls_bytes all = ls_bytes_of(copy, content.len);
    ls_buf_free(&content);
    return all;
}

static ls_bytes read_path(const char *path)
{
    FILE *f = fopen(path, "rb");
    ls_bytes all = read_all(f);
    fclose(f);
    return all;
}

static int finish(ls_result r, const ls_detail *detail, ls_bytes out)
{
    if (ls_failed(r)) {
        fprintf(stderr, "failed %s line %u: %s (%s)\n", r.fault->code, detail->line, detail->text, detail->hint);
        return 1;
    }
    return fwrite(out.ptr, 1, out.len, stdout) == out.len && fflush(stdout) == 0 ? 0 : 3;
}

/* The sheet, from JSON: members named as in sheet.h. */

static ls_bytes text(const json_t *json, const char *key)
{
    const json_t *v = json_object_get(json, key);
    return v == NULL ? (ls_bytes){0} : ls_bytes_of(json_string_value(v), json_string_length(v));
}

static uint64_t number(const json_t *json, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(json, key));
}

static const ls_hash *hash(const json_t *json, const char *key)
{
    ls_hash *h = ls_arena_alloc(&arena, sizeof *h);
    return h != NULL && ls_hash_parse(text(json, key), h) ? h : NULL;
}

static size_t texts(const json_t *json, const char *key, const ls_bytes **out)
{
    const json_t *list = json_object_get(json, key);
    size_t count = json_array_size(list);
    ls_bytes *made = ls_arena_array(&arena, count + 1, sizeof *made);
    for (size_t i = 0; i < count && made != NULL; i++) {
        const json_t *v = json_array_get(list, i);
        made[i] = ls_bytes_of(json_string_value(v), json_string_length(v));
    }
    *out = made;
    return count;
}

static size_t pairs(const json_t *json, const char *key, const ls_sheet_pair **out)
{
    const json_t *list = json_object_get(json, key);
    size_t count = json_array_size(list);
    ls_sheet_pair *made = ls_arena_array(&arena, count + 1, sizeof *made);
    for (size_t i = 0; i < count && made != NULL; i++) {
        const json_t *v = json_array_get(list, i);
        made[i] = (ls_sheet_pair){text(v, "name"), text(v, "value")};
    }
    *out = made;
    return count;
}

static size_t blanks(const json_t *json, const ls_sheet_blank **out)
{
    const json_t *list = json_object_get(json, "blanks");
    size_t count = json_array_size(list);
    ls_sheet_blank *made = ls_arena_array(&arena, count + 1, sizeof *made);
    for (size_t i = 0; i < count && made != NULL; i++) {
        const json_t *v = json_array_get(list, i);
        made[i] = (ls_sheet_blank){.label = text(v, "label"), .lines = (unsigned)number(v, "lines")};
        made[i].choice_count = texts(v, "choices", &made[i].choice);
    }
    *out = made;
    return count;
}

static void read_sheet(const json_t *json, ls_sheet *out)
{
    *out = (ls_sheet){
        .exercise = json_is_true(json_object_get(json, "exercise")),
        .title = text(json, "title"),
        .process = text(json, "process"),
        .charter = hash(json, "charter"),
        .draw = hash(json, "draw"),
        .site = number(json, "site"),
        .sites = number(json, "sites"),
        .position = number(json, "position"),
        .tranche = text(json, "tranche"),
        .row = number(json, "row"),
        .checkpoint_size = number(json, "checkpoint_size"),
        .checkpoint_time = (ls_time)number(json, "checkpoint_time"),
        .reading = text(json, "reading"),
    };
    out->field_count = pairs(json, "fields", &out->field);
    out->note_count = pairs(json, "notes", &out->note);
    out->blank_count = blanks(json, &out->blank);
    out->signature_count = texts(json, "signatures", &out->signature);
}

/* Verbs. */

static int print(ls_result (*as)(const ls_sheet *, ls_buf *, ls_detail *), const char *path, const char *payload)
{
    ls_sheet sheet;
    ls_codes codes;
    ls_buf out = {0};
    ls_detail detail = {0};
    ls_result r = LS_SUCCESS;
    json_t *json = json_load_file(path, JSON_ALLOW_NUL, NULL);
    read_sheet(json, &sheet);
    if (payload[0] != '\0') {
        r = ls_codes_write(&arena, read_path(payload), &codes, &detail);
        sheet.codes = &codes;
    }
    if (ls_succeeded(r)) {
        r = as(&sheet, &out, &detail);
    }
    int status = finish(r, &detail, ls_buf_bytes(&out));
    ls_buf_free(&out);
    json_decref(json);
    return status;
}

static int print_codes(const char *payload)
{
    ls_codes codes;
    ls_buf out = {0};
    ls_detail detail = {0};
    ls_result r = ls_codes_write(&arena, read_path(payload), &codes, &detail);
    for (size_t i = 0; ls_succeeded(r) && i < codes.count; i++) {
        ls_buf_format(&out, "%s\n", codes.text[i]);
    }
    int status = finish(r, &detail, ls_buf_bytes(&out));
    ls_buf_free(&out);
    return status;
}

static int read_codes(void)
{
    ls_bytes payload = {0};
    ls_codes_found f = {0};
    ls_detail detail = {0};
    ls_result r = ls_codes_read(&arena, read_all(stdin), &payload, &f, &detail);
    if (ls_succeeded(r)) {
        fprintf(stderr, "%s %zu repeated %zu damaged %zu elsewhere %zu others %zu\n", f.sheet, f.count,
                f.repeated.count, f.damaged.count, f.elsewhere.count, f.others.count);
    }
    return finish(r, &detail, payload);
}

int main(int count, char **argument)
{
    const char *verb = count > 1 ? argument[1] : "";
    int status = 2;
    if (ls_failed(ls_crypto_init())) {
        return 3;
    }
    if (count == 4 && strcmp(verb, "html") == 0) {
        status = print(ls_sheet_html, argument[2], argument[3]);
    } else if (count == 4 && strcmp(verb, "pdf") == 0) {
        status = print(ls_sheet_pdf, argument[2], argument[3]);
    } else if (count == 3 && strcmp(verb, "codes") == 0) {
        status = print_codes(argument[2]);
    } else if (count == 2 && strcmp(verb, "read") == 0) {
        status = read_codes();
    } else {
        fputs("usage: sheet_driver html|pdf SHEET PAYLOAD, codes PAYLOAD, read\n", stderr);
    }
    ls_arena_free(&arena);
    return status;
}
