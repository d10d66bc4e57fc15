/* Packets written: one file for the whole, and for each site a sheet on paper and a form. */
#include "workspace/packet.h"
#include "workspace/packet_parts.h"

#define WHOLE "packet.lockstep"

/* Files of a site: what stands before its number, and after it. */
typedef enum site_file { FILE_HTML, FILE_PDF, FILE_FORM, FILES_OF_SITE } site_file;
static const struct {
    const char *before, *after;
} file_names[FILES_OF_SITE] = {
    [FILE_HTML] = {"site-", ".html"}, [FILE_PDF] = {"site-", ".pdf"}, [FILE_FORM] = {"report-", ".yaml"}};

static const char *path_of(ls_arena *arena, const char *folder, site_file file, size_t n)
{
    return ls_arena_format(arena, "%s/%s%zu%s", folder, file_names[file].before, n + 1, file_names[file].after);
}

static ls_result refuse_existing(const char *path, ls_detail *detail)
{
    if (path == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (!ls_file_exists(path)) {
        return LS_SUCCESS;
    }
    ls_hint(detail, "a form may be filled in already: name another folder, or write over what is there with --force");
    return ls_fail_with(&ls_fault_exists, detail, "%s is there already", path);
}

/* Before anything is written. */
static ls_result check_folder(ls_arena *arena, const ls_packet_plan *plan, const char *folder, ls_detail *detail)
{
    LS_TRY(refuse_existing(ls_arena_format(arena, "%s/" WHOLE, folder), detail));
    for (size_t n = 0; n < plan->site_count; n++) {
        for (site_file f = 0; f < FILES_OF_SITE; f++) {
            LS_TRY(refuse_existing(path_of(arena, folder, f, n), detail));
        }
    }
    return LS_SUCCESS;
}

/* Writes what a buffer holds and frees it; a failure before is passed on. */
static ls_result write_buf(const char *path, ls_buf *content, ls_result before, ls_detail *detail)
{
    ls_result r = ls_failed(before) ? before : ls_buf_check(content);
    if (ls_succeeded(r)) {
        r = path == NULL ? ls_fail(&ls_fault_memory) : ls_file_write(path, ls_buf_bytes(content), detail);
    }
    ls_buf_free(content);
    return r;
}

/* The codes of a row's proofs; none of a place without a row, or of what is too large for them. */
static ls_result make_codes(const ls_packet_making *m, ls_packet_site *site, ls_codes *codes)
{
    ls_buf bundle = {0};
    ls_detail ignored = {0};
    *codes = (ls_codes){0};
    if (site->seen == NULL) {
        return LS_SUCCESS;
    }
    ls_result r = ls_packet_single(m, site, &bundle);
    if (ls_succeeded(r)) {
        r = ls_codes_write(m->arena, ls_buf_bytes(&bundle), codes, &ignored);
    }
    ls_buf_free(&bundle);
    site->codes = ls_succeeded(r) ? codes->count : 0;
    return r.fault == &ls_fault_codes_large ? LS_SUCCESS : r;
}

static ls_result write_sheets(const ls_packet_making *m, const char *folder, size_t n)
{
    ls_packet_site *site = &m->plan->site[n];
    ls_codes codes;
    ls_sheet sheet;
    ls_buf html = {0}, pdf = {0};
    LS_TRY(make_codes(m, site, &codes));
    LS_TRY(ls_packet_sheet(m, n, site->codes > 0 ? &codes : NULL, &sheet));
    ls_result r = ls_sheet_html(&sheet, &html, m->detail);
    LS_TRY(write_buf(path_of(m->arena, folder, FILE_HTML, n), &html, r, m->detail));
    r = ls_sheet_pdf(&sheet, &pdf, m->detail);
    return write_buf(path_of(m->arena, folder, FILE_PDF, n), &pdf, r, m->detail);
}

static ls_result write_site(const ls_packet_making *m, const char *folder, size_t n)
{
    /* Sheets of many sites need not stand in memory together. */
    ls_arena arena = {0};
    ls_packet_making own = *m;
    ls_buf form = {0};
    own.arena = &arena;
    ls_result r = write_sheets(&own, folder, n);
    if (ls_succeeded(r)) {
        ls_packet_form(&own, n, &form);
        r = write_buf(path_of(&arena, folder, FILE_FORM, n), &form, r, m->detail);
    }
    ls_arena_free(&arena);
    return r;
}

static ls_result write_all(const ls_packet_making *m, const char *folder)
{
    ls_buf whole = {0};
    ls_result r = ls_packet_whole(m, &whole);
    LS_TRY(write_buf(ls_arena_format(m->arena, "%s/" WHOLE, folder), &whole, r, m->detail));
    for (size_t n = 0; n < m->plan->site_count; n++) {
        LS_TRY(write_site(m, folder, n));
    }
    return LS_SUCCESS;
}

ls_result ls_workspace_write_packet(ls_workspace *ws, ls_arena *arena, ls_packet_plan *plan, const char *folder,
                                    bool force, ls_detail *detail)
{
    ls_snapshot snapshot;
    if (!force) {
        LS_TRY(check_folder(arena, plan, folder, detail));
    }
    LS_TRY(ls_folder_make(folder, detail));
    LS_TRY(ls_snapshot_take(ws, plan->acts[plan->act_count - 1] + 1, &snapshot, detail));
    const ls_packet_making m = {ws, arena, plan, &snapshot, detail};
    ls_result r = snapshot.size > plan->acts[plan->act_count - 1]
                      ? write_all(&m, folder)
                      : ls_fail_with(&ls_fault_packet, detail, "its acts are not under a checkpoint yet");
    ls_snapshot_free(&snapshot);
    return r;
}
