/* A site is built: what is said in which order. */
#include "audit/export.h"
#include "site/parts.h"
#include <stdio.h>
#include <stdlib.h>

const ls_fault ls_fault_site = {LS_CLASS_USAGE, "site", "the site can't be built there"};
const ls_fault ls_fault_ended = {LS_CLASS_ENVIRONMENT, "ended", "it was ended before it was done"};
const ls_fault ls_fault_closed = {LS_CLASS_USAGE, "closed", "this record is not for everybody"};

#define MARK ".lockstep-site"

/* Names in the folder that are not this program's own. */
static size_t count_others(char *const *names, size_t count)
{
    size_t others = 0;
    for (size_t i = 0; i < count; i++) {
        others += strncmp(names[i], MARK, sizeof MARK - 1) != 0;
    }
    return others;
}

/* A folder that holds something else is not ours to fill; nor is another process's site. */
static ls_result check_folder(site *x)
{
    char path[LS_PUBLISH_PATH_SIZE], hex[LS_HEX_HASH_SIZE];
    ls_arena arena = {0};
    ls_buf mark = {0};
    char **names;
    size_t count = 0;
    LS_TRY(ls_publish_path(&x->out, MARK, path));
    ls_result r = ls_folder_list(&arena, x->out.folder, &names, &count, x->detail);
    bool marked = ls_file_exists(path);
    if (ls_succeeded(r) && !marked && count_others(names, count) > 0) {
        ls_hint(x->detail, "name a new folder, or an empty one");
        r = ls_fail_with(&ls_fault_site, x->detail, "%s holds something that is no site of Lockstep's", x->out.folder);
    }
    if (ls_succeeded(r) && marked) {
        r = ls_file_read(path, LS_HEX_HASH_SIZE, &mark, x->detail);
    }
    ls_hash_format(&x->done.process, hex);
    if (ls_succeeded(r) && mark.len > 0 && strncmp(ls_buf_cstr(&mark), hex, strlen(hex)) != 0) {
        r = ls_fail_with(&ls_fault_site, x->detail, "%s holds the site of another process", x->out.folder);
    }
    ls_buf_free(&mark);
    ls_arena_free(&arena);
    return r;
}

static ls_result write_mark(site *x)
{
    char text[LS_HEX_HASH_SIZE + 1];
    ls_hash_format(&x->done.process, text);
    memcpy(text + LS_HEX_HASH_SIZE - 1, "\n", 2);
    return ls_publish_changed(&x->out, MARK, ls_bytes_str(text));
}

static ls_result write_tree(site *x, const ls_export_options *o)
{
    char path[LS_PUBLISH_PATH_SIZE];
    ls_exported exported;
    LS_TRY(ls_publish_path(&x->out, "tlog", path));
    LS_TRY(ls_export_tree(x->s, path, o, &exported, x->detail));
    x->done.written += exported.written;
    return LS_SUCCESS;
}

/* Whoever fetches meanwhile finds what the checkpoint that he has covers: all else comes before the new one. */
static ls_result write_all(site *x)
{
    static const ls_export_options tiles = {.no_files = true, .no_checkpoint = true}, head = {.no_files = true};
    LS_TRY(write_mark(x));
    LS_TRY(write_tree(x, &tiles));
    LS_TRY(ls_site_files(x));
    LS_TRY(ls_portal_begin(&x->portal, &x->arena));
    LS_TRY(ls_site_assets(x));
    LS_TRY(ls_site_preview(x));
    LS_TRY(ls_site_pages(x));
    LS_TRY(ls_site_data(x));
    LS_TRY(ls_site_feed(x));
    LS_TRY(ls_site_cite(x));
    LS_TRY(ls_site_one_file(x));
    LS_TRY(ls_publish_settle(&x->out));
    return write_tree(x, &head);
}

static ls_result build(site *x, const char *folder)
{
    ls_lock lock;
    char path[LS_PUBLISH_PATH_SIZE];
    LS_TRY(ls_site_read(x));
    LS_TRY(ls_publish_begin(&x->out));
    LS_TRY(check_folder(x));
    snprintf(path, sizeof path, "%s/%s", folder, MARK ".lock");
    LS_TRY(ls_lock_take(path, &lock, x->detail));
    ls_result r = ls_tree_sweep(folder, x->detail); /* what a killed run was writing */
    r = ls_succeeded(r) ? write_all(x) : r;
    ls_unlock(&lock);
    return r;
}

ls_result ls_site_build(ls_source *s, const char *folder, const ls_site_options *o, ls_site_built *out,
                        ls_detail *detail)
{
    site *x = calloc(1, sizeof *x);
    if (x == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *x = (site){.s = s, .o = o, .detail = detail, .out = {.folder = folder, .detail = detail}};
    x->site = (ls_portal_site){.version = o->version, .url = o->url, .preview = "social.png"};
    ls_result r = build(x, folder);
    if (ls_succeeded(r)) {
        x->done.written += x->out.written;
        *out = x->done;
    }
    ls_site_close(x);
    free(x);
    return r;
}
