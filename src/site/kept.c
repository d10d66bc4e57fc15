/*
 * Pages of acts that need not be made again: there may be tens of thousands, and what stands on one changes only when
 * something is said about its act. What each was made from is remembered as a hash, in a file beside the site; where it
 * is the same, and the page is there, it stays. Another program, or another front end, makes all pages again.
 */
#include "crypto/sha256.h"
#include "portal/acts.h"
#include "site/parts.h"
#include <stdio.h>
#include <stdlib.h>

#define KEPT ".lockstep-site.acts"
#define KEPT_MAX (UINT64_C(1) << 32)

/* A page is made by this very program, from strings that stand in it. */
static bool put_program(ls_buf *out)
{
    ls_map map;
    ls_hash hash;
    if (ls_failed(ls_file_map("/proc/self/exe", &map, NULL))) {
        return false;
    }
    ls_sha256_hash(map.bytes, &hash);
    ls_file_unmap(&map);
    ls_buf_put(out, hash.b, sizeof hash.b);
    return true;
}

static void put_text(ls_buf *out, const char *text)
{
    ls_buf_put_str(out, text == NULL ? "" : text);
    ls_buf_put_u8(out, 0);
}

/* What all pages depend on. */
static bool hash_site(const site *x, ls_hash *out)
{
    ls_buf text = {0};
    bool known = put_program(&text);
    ls_buf_put(&text, x->done.process.b, sizeof x->done.process.b);
    ls_buf_put_bytes(&text, ls_record_charter_json(x->record));
    ls_buf_put_u64(&text, ls_record_change_count(x->record));
    ls_buf_put_u64(&text, ls_record_keys_version(x->record));
    put_text(&text, x->site.version);
    put_text(&text, x->site.url);
    put_text(&text, x->site.script);
    put_text(&text, x->site.style);
    put_text(&text, x->site.script_hash);
    put_text(&text, x->site.style_hash);
    ls_buf_put(&text, x->done.verifier.b, sizeof x->done.verifier.b);
    known = known && !text.failed;
    ls_sha256_hash(ls_buf_bytes(&text), out);
    ls_buf_free(&text);
    return known;
}

static void put_entry(const site *x, uint64_t index, ls_buf *out)
{
    ls_record_entry e = ls_record_at(x->record, index);
    ls_buf_put_u64(out, index);
    ls_buf_put_u64(out, (uint64_t)e.time);
    ls_buf_put_u8(out, (uint8_t)(e.lapsed | e.repudiated << 1 | e.annulled << 2 | e.receipted << 3 |
                                 ls_portal_acts_contested(&x->portal, index) << 4));
}

/* Which of its files the site serves. */
static ls_result put_files(site *x, uint64_t index, ls_buf *out)
{
    ls_arena scratch = {0};
    ls_bytes note;
    ls_act *act;
    ls_result r = ls_site_act(x, index, &scratch, &note, &act);
    for (size_t i = 0; ls_succeeded(r) && i < act->attachment_count; i++) {
        ls_buf_put_u8(out, ls_portal_serves(&x->portal.source, &act->attachment[i].hash, &scratch));
    }
    ls_arena_free(&scratch);
    return r;
}

static ls_result hash_entry(site *x, uint64_t index, const ls_hash *all, ls_buf *text, ls_hash *out)
{
    const ls_portal_acts *a = x->portal.acts;
    text->len = 0;
    ls_buf_put(text, all->b, sizeof all->b);
    put_entry(x, index, text);
    ls_buf_put_u64(text, a->stamp[index]);
    if (a->stamp[index] == LS_NO_ENTRY) {
        ls_buf_put(text, x->head.root.b, sizeof x->head.root.b); /* its proof is under the final checkpoint */
    }
    ls_buf_put_u8(text, index + 1 < x->head.size);
    for (uint32_t i = a->first[index]; i != LS_NO_ENTRY; i = a->next[i]) {
        put_entry(x, i, text);
    }
    LS_TRY(x->has_files[index] ? put_files(x, index, text) : LS_SUCCESS);
    ls_sha256_hash(ls_buf_bytes(text), out);
    return ls_buf_check(text);
}

static ls_result hash_entries(site *x, const ls_hash *all)
{
    ls_buf text = {0};
    ls_result r = LS_SUCCESS;
    for (uint64_t i = 0; ls_succeeded(r) && i < x->head.size; i++) {
        r = hash_entry(x, i, all, &text, &x->kept[i]);
    }
    ls_buf_free(&text);
    return r;
}

/* What is not there any more, or was made from something else, is as if it had never been: zero. */
static void compare(site *x, const ls_buf *before)
{
    x->nothing_new = before->len == x->head.size * LS_HASH_SIZE;
    for (uint64_t i = 0; i < x->head.size; i++) {
        bool known = (i + 1) * LS_HASH_SIZE <= before->len;
        x->same[i] = known && memcmp(before->ptr + i * LS_HASH_SIZE, x->kept[i].b, LS_HASH_SIZE) == 0;
        x->nothing_new &= x->same[i];
    }
}

ls_result ls_site_kept_read(site *x)
{
    ls_hash all;
    ls_buf before = {0};
    char path[LS_PUBLISH_PATH_SIZE];
    x->kept = calloc(x->head.size + 1, sizeof *x->kept);
    x->same = calloc(x->head.size + 1, sizeof *x->same);
    if (x->kept == NULL || x->same == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    x->keeps = hash_site(x, &all);
    LS_TRY(hash_entries(x, &all));
    LS_TRY(ls_publish_path(&x->out, KEPT, path));
    if (x->keeps && ls_file_exists(path) && ls_succeeded(ls_file_read(path, KEPT_MAX, &before, NULL))) {
        compare(x, &before);
    }
    ls_buf_free(&before);
    /* Not so any more from the first page on that is written: if this run ends early, nothing is known. */
    return x->nothing_new || !ls_file_exists(path) ? LS_SUCCESS : ls_file_remove(path, x->detail);
}

bool ls_site_kept(const site *x, const ls_portal_language *language, const char *path)
{
    uint64_t index;
    size_t len = strlen(path);
    if (strncmp(path, "act/", 4) != 0 || len < sizeof "act/.html" ||
        !ls_decimal_parse(ls_bytes_of(path + 4, len - 9), x->head.size - 1, &index) || !x->same[index]) {
        return false;
    }
    char relative[64];
    snprintf(relative, sizeof relative, "%s%s", language->prefix, path);
    return ls_publish_has(&x->out, relative);
}

ls_result ls_site_kept_write(site *x)
{
    return x->keeps ? ls_publish_changed(&x->out, KEPT, ls_bytes_of(x->kept, x->head.size * sizeof *x->kept))
                    : LS_SUCCESS;
}
