/* Boxes in a folder: one folder for each addressee, made when the first box for it comes. */
#include "os/os.h"
#include "record/record.h"
#include "store/files.h"
#include <stdio.h>

#define PATH_SIZE 4096

/* The addressee's folder; a party's name is never a way out of it. */
static ls_result folder_of(const char *folder, ls_bytes to, char out[static PATH_SIZE], ls_detail *detail)
{
    int len = ls_name_valid(to) ? snprintf(out, PATH_SIZE, "%s/%.*s", folder, (int)to.len, (const char *)to.ptr) : -1;
    return len > 0 && len < PATH_SIZE ? LS_SUCCESS
                                      : ls_fail_with(&ls_fault_store, detail, "this can't be an addressee of boxes");
}

static ls_result path_of(const char *folder, ls_bytes to, const ls_hash *hash, char out[static PATH_SIZE],
                         ls_detail *detail)
{
    char own[PATH_SIZE], hex[LS_HEX_HASH_SIZE];
    LS_TRY(folder_of(folder, to, own, detail));
    ls_hash_format(hash, hex);
    int len = snprintf(out, PATH_SIZE, "%s/%s", own, hex);
    return len > 0 && len < PATH_SIZE ? LS_SUCCESS
                                      : ls_fail_with(&ls_fault_store, detail, "the path of the boxes is too long");
}

ls_result ls_boxes_post(const char *folder, ls_bytes to, const ls_hash *hash, ls_bytes box, ls_detail *detail)
{
    char own[PATH_SIZE], path[PATH_SIZE];
    LS_TRY(folder_of(folder, to, own, detail));
    LS_TRY(path_of(folder, to, hash, path, detail));
    LS_TRY(ls_folder_make(folder, detail));
    LS_TRY(ls_folder_make(own, detail));
    return ls_file_write(path, box, detail);
}

ls_result ls_boxes_list(const char *folder, ls_bytes to, ls_result (*sink)(void *context, const ls_hash *hash),
                        void *context, ls_detail *detail)
{
    char own[PATH_SIZE];
    LS_TRY(folder_of(folder, to, own, detail));
    return ls_files_list(own, sink, context, detail);
}

ls_result ls_boxes_read(const char *folder, ls_bytes to, const ls_hash *hash, uint64_t limit, ls_buf *out,
                        ls_detail *detail)
{
    char path[PATH_SIZE];
    LS_TRY(path_of(folder, to, hash, path, detail));
    ls_result r = ls_file_read(path, limit, out, detail);
    return r.fault == &ls_fault_missing ? ls_fail_with(&ls_fault_absent, detail, "there is no such box") : r;
}

ls_result ls_boxes_drop(const char *folder, ls_bytes to, const ls_hash *hash, ls_detail *detail)
{
    char path[PATH_SIZE];
    LS_TRY(path_of(folder, to, hash, path, detail));
    return ls_file_exists(path) ? ls_file_remove(path, detail) : LS_SUCCESS;
}
