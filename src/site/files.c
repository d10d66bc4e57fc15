/* The files of acts that may be published, under tlog/attachment, and their list. What may not be published any more,
 * or was never this site's, is taken away. */
#include "site/parts.h"

#define FOLDER "tlog/attachment"

static void path_of(const ls_hash *hash, char out[static sizeof FOLDER + LS_HEX_HASH_SIZE])
{
    memcpy(out, FOLDER "/", sizeof FOLDER);
    ls_hash_format(hash, out + sizeof FOLDER);
}

static ls_result write_file(site *x, site_file *f)
{
    char path[sizeof FOLDER + LS_HEX_HASH_SIZE];
    ls_arena arena = {0};
    ls_bytes content;
    path_of(&f->hash, path);
    f->here = ls_publish_has(&x->out, path);
    if (f->here) {
        return LS_SUCCESS;
    }
    ls_result r = ls_source_file(x->s, &f->hash, f->size, &arena, &content, x->detail);
    if (ls_succeeded(r)) {
        r = ls_publish_changed(&x->out, path, content);
        f->here = ls_succeeded(r);
    } else if (r.fault == &ls_fault_absent) {
        r = LS_SUCCESS; /* a copy need not have what is large; the page says so */
    }
    ls_arena_free(&arena);
    return r;
}

static bool is_listed(const site *x, const char *name)
{
    ls_hash hash;
    return ls_hash_parse(ls_bytes_str(name), &hash) && ls_site_file(x, &hash) != NULL;
}

static ls_result take_away(site *x)
{
    char folder[LS_PUBLISH_PATH_SIZE], path[LS_PUBLISH_PATH_SIZE];
    ls_arena arena = {0};
    char **names;
    size_t count = 0;
    ls_result r = ls_publish_path(&x->out, FOLDER, folder);
    r = ls_succeeded(r) ? ls_folder_list(&arena, folder, &names, &count, x->detail) : r;
    for (size_t i = 0; ls_succeeded(r) && i < count; i++) {
        if (!is_listed(x, names[i])) {
            const char *relative = ls_arena_format(&arena, FOLDER "/%s", names[i]);
            r = relative == NULL ? ls_fail(&ls_fault_memory) : ls_publish_path(&x->out, relative, path);
            r = ls_succeeded(r) ? ls_file_remove(path, x->detail) : r;
        }
    }
    ls_arena_free(&arena);
    return r;
}

static ls_result write_list(site *x)
{
    ls_buf list = {0};
    const char *between = "";
    ls_buf_put_str(&list, "[");
    for (size_t i = 0; i < x->file_count; i++) {
        char hex[LS_HEX_HASH_SIZE];
        if (x->file[i].here) {
            ls_hash_format(&x->file[i].hash, hex);
            ls_buf_format(&list, "%s\n  \"%s\"", between, hex);
            between = ",";
        }
    }
    ls_buf_put_str(&list, "\n]\n");
    ls_result r = ls_buf_check(&list);
    r = ls_succeeded(r) ? ls_publish_changed(&x->out, "tlog/files.json", ls_buf_bytes(&list)) : r;
    ls_buf_free(&list);
    return r;
}

ls_result ls_site_files(site *x)
{
    for (size_t i = 0; i < x->file_count; i++) {
        LS_TRY(write_file(x, &x->file[i]));
        x->done.files += x->file[i].here;
        x->done.missing += !x->file[i].here;
    }
    LS_TRY(take_away(x));
    return write_list(x);
}
