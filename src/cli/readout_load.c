/* Readouts as people write them: read, with whole ids of acts in place of their beginnings. */
#include "cli/readouts.h"
#include "lookalike/lookalike.h"
#include "yaml/yaml.h"

/* Values in whose place a whole id is written. */
typedef struct edit {
    size_t offset, length;
    char id[LS_HEX_HASH_SIZE];
} edit;

typedef struct loading {
    cli *c;
    ls_bytes text;
    ls_diagnostics *d;
    ls_buf edits; /* of edit, in the order of the text */
} loading;

/* Where a mark points: columns are characters. */
static size_t offset_of(ls_bytes text, ls_mark mark)
{
    size_t i = 0;
    for (unsigned line = 1; line < mark.line && i < text.len; i++) {
        line += text.ptr[i] == '\n';
    }
    for (unsigned column = 1; column < mark.column && i < text.len; i++) {
        column += i + 1 < text.len && (text.ptr[i + 1] & 0xc0) != 0x80;
    }
    return i;
}

static bool is_quote(uint8_t c)
{
    return c == '"' || c == '\'';
}

static bool is_digit(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* The hexadecimal digits that stand there, in quotes or not; empty: something else does. */
static ls_bytes token_at(ls_bytes text, size_t offset, size_t *length)
{
    size_t begin = offset + (offset < text.len && is_quote(text.ptr[offset])), end = begin;
    while (end < text.len && is_digit(text.ptr[end])) {
        end++;
    }
    bool quoted = begin > offset;
    bool closed = !quoted || (end < text.len && text.ptr[end] == text.ptr[offset]);
    *length = end - offset + quoted;
    return closed ? ls_bytes_of(text.ptr + begin, end - begin) : (ls_bytes){0};
}

static ls_value *value_of(const ls_value *map, const char *key)
{
    for (size_t i = 0; map != NULL && map->type == LS_MAP && i < map->count; i++) {
        if (ls_bytes_is(map->entries[i].key, key)) {
            return map->entries[i].value;
        }
    }
    return NULL;
}

/* Whether it names the act that it should: an accord, or any. */
static bool check_kind(loading *l, const ls_value *v, const ls_record_entry *e, bool accord)
{
    if (!accord || ls_record_find_accord(l->c->ws.record, &e->id) >= 0) {
        return true;
    }
    ls_diagnose(l->d, v->mark, "lockstep accord show says which act an accord is", "this act is a %s, and no accord",
                cli_text(l->c, e->kind));
    return false;
}

static ls_result replace(cli *c, ls_value *v, const ls_hash *id)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(id, hex);
    const char *kept = ls_arena_str(&c->arena, ls_bytes_str(hex));
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    v->type = LS_STRING;
    v->string = ls_bytes_str(kept);
    return LS_SUCCESS;
}

/* What is no beginning of an id is left as it is, for whoever reads the form. */
static ls_result resolve(loading *l, ls_value *v, bool accord)
{
    cli *c = l->c;
    edit e = {0};
    ls_hash whole;
    uint64_t index;
    bool scalar = v != NULL && (v->type == LS_STRING || v->type == LS_INTEGER);
    if (!scalar || (v->type == LS_STRING && ls_hash_parse(v->string, &whole))) {
        return LS_SUCCESS;
    }
    e.offset = offset_of(l->text, v->mark);
    ls_bytes token = token_at(l->text, e.offset, &e.length);
    if (token.len == 0 || token.len >= LS_HEX_HASH_SIZE ||
        (v->type == LS_STRING && !ls_bytes_equal(token, v->string))) {
        return LS_SUCCESS;
    }
    ls_result r = cli_find_act(c, cli_text(c, token), &index);
    if (ls_failed(r)) {
        ls_diagnose(l->d, v->mark, ls_arena_str(&c->arena, ls_bytes_str(c->detail.hint)), "%s", c->detail.text);
        c->detail = (ls_detail){0};
        return LS_SUCCESS;
    }
    ls_record_entry entry = ls_record_at(c->ws.record, index);
    if (check_kind(l, v, &entry, accord)) {
        ls_hash_format(&entry.id, e.id);
        ls_buf_put(&l->edits, &e, sizeof e);
    }
    return replace(c, v, &entry.id);
}

static ls_result resolve_all(loading *l, const ls_value *v)
{
    const ls_value *claims = value_of(v, "claims");
    if (l->c->ws.record == NULL || claims == NULL || claims->type != LS_LIST) {
        return LS_SUCCESS;
    }
    for (size_t i = 0; i < claims->count; i++) {
        const ls_value *about = value_of(claims->items[i], "about");
        LS_TRY(resolve(l, value_of(about, "act"), false));
        LS_TRY(resolve(l, value_of(about, "accord"), true));
    }
    return ls_buf_check(&l->edits);
}

/* Only the ids change; all else stays as it was written. */
static ls_result write_source(const loading *l, ls_bytes *out)
{
    ls_buf text = {0};
    const edit *e = (const edit *)(const void *)l->edits.ptr;
    size_t done = 0;
    for (size_t i = 0; i < l->edits.len / sizeof *e; i++) {
        ls_buf_put(&text, l->text.ptr + done, e[i].offset - done);
        ls_buf_format(&text, "\"%s\"", e[i].id);
        done = e[i].offset + e[i].length;
    }
    ls_buf_put_bytes(&text, ls_bytes_of(l->text.ptr + done, l->text.len - done));
    const char *kept = text.failed ? NULL : ls_arena_str(&l->c->arena, ls_buf_bytes(&text));
    *out = kept == NULL ? (ls_bytes){0} : ls_bytes_of(kept, text.len);
    ls_buf_free(&text);
    return kept == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

static ls_result write_signed(cli *c, const ls_value *v, ls_bytes *out)
{
    ls_buf json = {0};
    ls_json_canonical(v, &json);
    const char *kept = json.failed ? NULL : ls_arena_str(&c->arena, ls_buf_bytes(&json));
    *out = kept == NULL ? (ls_bytes){0} : ls_bytes_of(kept, json.len);
    ls_buf_free(&json);
    return kept == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

/* What people wrote, changed at some places, still says what is signed. */
static ls_result check_source(cli *c, const cli_readout *r)
{
    ls_value *v = NULL;
    ls_diagnostics *d = ls_arena_alloc(&c->arena, sizeof *d);
    if (d == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    d->arena = &c->arena;
    LS_TRY(ls_yaml_parse(&c->arena, r->yaml, d, &v));
    ls_result same = v == NULL ? ls_fail(&ls_fault_json) : ls_json_check_canonical(v, r->json);
    if (same.fault == &ls_fault_json) {
        ls_hint(&c->detail, "write the whole ids of acts: lockstep log --json has them");
        return ls_fail_with(&ls_fault_usage, &c->detail, "an act's id could not be completed in this file");
    }
    return same;
}

static ls_result read_value(loading *l, const ls_value *v, cli_readout *out)
{
    cli *c = l->c;
    const ls_charter *charter = c->ws.record == NULL ? NULL : ls_record_charter(c->ws.record);
    LS_TRY(resolve_all(l, v));
    ls_readout_read(&c->arena, v, charter, l->d, &out->readout);
    if (c->arena.failed) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(write_source(l, &out->yaml));
    return write_signed(c, v, &out->json);
}

ls_result cli_readout_open(cli *c, const char *path, cli_readout *out)
{
    ls_value *v = NULL;
    loading l = {.c = c};
    *out = (cli_readout){0};
    LS_TRY(cli_read(c, path, &l.text));
    l.d = cli_diagnostics(c, path, l.text);
    if (l.d == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_yaml_parse(&c->arena, l.text, l.d, &v));
    ls_result r = v == NULL ? LS_SUCCESS : read_value(&l, v, out);
    ls_buf_free(&l.edits);
    return r;
}

#define LOOKALIKES_MAX 8 /* of one text */

/* Words that pass for others: whoever publishes them is told, and may mean it. */
static ls_result flag(cli *c, ls_mark mark, const char *what, ls_bytes text)
{
    ls_lookalike found[LOOKALIKES_MAX];
    size_t count = 0;
    LS_TRY(ls_lookalike_find(text, LOOKALIKES_MAX, found, &count));
    for (size_t i = 0; i < count && i < LOOKALIKES_MAX; i++) {
        int len = (int)(found[i].word.len < 80 ? found[i].word.len : 80);
        ls_diagnose_warning(c->diagnostics, mark, "it can be published all the same", "%s: \"%.*s\" %s", what, len,
                            (const char *)found[i].word.ptr, ls_lookalike_says(found[i].kind));
    }
    return LS_SUCCESS;
}

static ls_result flag_all(cli *c, const ls_readout *r)
{
    LS_TRY(flag(c, (ls_mark){1, 1}, "headline", r->headline));
    LS_TRY(flag(c, (ls_mark){1, 1}, "body", r->body));
    for (size_t i = 0; i < r->medium_count; i++) {
        LS_TRY(flag(c, r->medium[i].mark, "caption", r->medium[i].caption));
    }
    for (size_t i = 0; i < r->claim_count; i++) {
        LS_TRY(flag(c, r->claim[i].mark, "text", r->claim[i].text));
        LS_TRY(flag(c, r->claim[i].mark, "value", r->claim[i].value));
    }
    return LS_SUCCESS;
}

/* A claim can be about anything; that the record has nothing of it may be a slip of the pen. */
static ls_result point_out(cli *c, const cli_readout *r)
{
    ls_prover prover;
    if (c->ws.record == NULL || ls_record_charter(c->ws.record) == NULL) {
        return LS_SUCCESS;
    }
    LS_TRY(cli_prover_make(c, &prover));
    for (size_t i = 0; i < r->readout.claim_count; i++) {
        const ls_claim *claim = &r->readout.claim[i];
        ls_proof proof = {.state = ""};
        if (claim->about.kind == LS_ABOUT_TOPIC) {
            continue;
        }
        LS_TRY(prover.prove(prover.context, &c->arena, &claim->about, &proof));
        const char *words = ls_about_words(&c->arena, &claim->about);
        if (!proof.found && words != NULL) {
            ls_diagnose_warning(c->diagnostics, claim->mark, "it can be published all the same", "the record has no %s",
                                words);
        }
    }
    return LS_SUCCESS;
}

ls_result cli_readout_settle(cli *c, cli_readout *r)
{
    if (c->diagnostics->errors == 0) {
        LS_TRY(check_source(c, r));
        LS_TRY(flag_all(c, &r->readout));
        LS_TRY(point_out(c, r));
    }
    ls_diagnostics_sort(c->diagnostics);
    return c->diagnostics->errors > 0 ? ls_fail(&ls_fault_document) : LS_SUCCESS;
}

ls_result cli_readout_load(cli *c, const char *path, cli_readout *out)
{
    LS_TRY(cli_readout_open(c, path, out));
    return cli_readout_settle(c, out);
}
