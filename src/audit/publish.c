#include "audit/publish.h"
#include <stdio.h>
#include <sys/stat.h>

_Static_assert(sizeof((ls_file_writer *)0)->path == LS_PUBLISH_PATH_SIZE, "a path fits");

const ls_fault ls_fault_publish = {LS_CLASS_USAGE, "publish", "this can't be written there"};

static ls_result make_readable(ls_publisher *p, const char *path, mode_t mode)
{
    return chmod(path, mode) == 0 ? LS_SUCCESS
                                  : ls_fail_with(&ls_fault_file, p->detail, "%s can't be made readable", path);
}

ls_result ls_publish_begin(ls_publisher *p)
{
    LS_TRY(ls_folder_make(p->folder, p->detail));
    return make_readable(p, p->folder, 0755);
}

void ls_publish_end(ls_publisher *p)
{
    ls_buf_free(&p->before);
}

ls_result ls_publish_path(const ls_publisher *p, const char *relative, char out[static LS_PUBLISH_PATH_SIZE])
{
    int len = snprintf(out, LS_PUBLISH_PATH_SIZE, "%s/%s", p->folder, relative);
    return len > 0 && len < LS_PUBLISH_PATH_SIZE
               ? LS_SUCCESS
               : ls_fail_with(&ls_fault_publish, p->detail, "the folder's path is too long");
}

bool ls_publish_has(const ls_publisher *p, const char *relative)
{
    char path[LS_PUBLISH_PATH_SIZE];
    return ls_succeeded(ls_publish_path(p, relative, path)) && ls_file_exists(path);
}

/* Everybody may read what is published; the web server runs as somebody else. */
static ls_result make_folders(ls_publisher *p, char *path)
{
    char *last = strrchr(path, '/');
    *last = '\0';
    ls_result r = LS_SUCCESS;
    if (strcmp(p->made, path) != 0) {
        for (char *at = path + strlen(p->folder); ls_succeeded(r) && at != NULL; at = strchr(at + 1, '/')) {
            char *cut = strchr(at + 1, '/');
            if (cut != NULL) {
                *cut = '\0';
            }
            r = ls_file_exists(path) ? LS_SUCCESS : ls_folder_make(path, p->detail);
            r = ls_succeeded(r) ? make_readable(p, path, 0755) : r;
            if (cut != NULL) {
                *cut = '/';
            }
        }
        snprintf(p->made, sizeof p->made, "%s", path);
    }
    *last = '/';
    return r;
}

ls_result ls_publish_file(ls_publisher *p, const char *relative, ls_bytes content)
{
    char path[LS_PUBLISH_PATH_SIZE];
    LS_TRY(ls_publish_path(p, relative, path));
    LS_TRY(make_folders(p, path));
    LS_TRY(ls_file_write(path, content, p->detail));
    p->written++;
    return make_readable(p, path, 0644);
}

/* What can't be read is not the same. */
static bool is_same(ls_publisher *p, const char *path, ls_bytes content)
{
    p->before.len = 0;
    return ls_file_exists(path) && ls_succeeded(ls_file_read(path, content.len, &p->before, NULL)) &&
           ls_bytes_equal(ls_buf_bytes(&p->before), content);
}

ls_result ls_publish_changed(ls_publisher *p, const char *relative, ls_bytes content)
{
    char path[LS_PUBLISH_PATH_SIZE];
    LS_TRY(ls_publish_path(p, relative, path));
    if (is_same(p, path, content)) {
        return LS_SUCCESS;
    }
    LS_TRY(make_folders(p, path));
    LS_TRY(ls_file_put(path, content, p->detail));
    p->written++;
    return LS_SUCCESS;
}

ls_result ls_publish_stream(ls_publisher *p, const char *relative, ls_file_writer *w)
{
    char path[LS_PUBLISH_PATH_SIZE];
    LS_TRY(ls_publish_path(p, relative, path));
    LS_TRY(make_folders(p, path));
    return ls_file_begin(path, w, p->detail);
}

ls_result ls_publish_commit(ls_publisher *p, ls_file_writer *w)
{
    char path[LS_PUBLISH_PATH_SIZE];
    memcpy(path, w->path, sizeof path);
    LS_TRY(ls_file_commit(w, p->detail));
    p->written++;
    return make_readable(p, path, 0644);
}

ls_result ls_publish_settle(ls_publisher *p)
{
    return ls_folder_settle(p->folder, p->detail);
}
