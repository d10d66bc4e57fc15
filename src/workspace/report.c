/* Reports on their way: files read and hashed, and attached with report.json. */
#include "workspace/report.h"
#include "crypto/sha256.h"
#include <stdio.h>

#define NAME_MAX_BYTES 100 /* of a file: ls_file_name_valid */

static ls_result read_file(ls_report_paper *p, size_t i, ls_diagnostics *d)
{
    ls_report_evidence *f = &p->report.file[i];
    ls_detail why = {0};
    ls_map map;
    ls_hash hash;
    ls_result r = ls_file_map(p->path[i], &map, &why);
    if (r.fault == &ls_fault_memory) {
        return r;
    }
    if (ls_failed(r)) {
        ls_diagnose(d, f->mark, "files stand beside the form, or are named with their folder", "%s can't be read: %s",
                    p->path[i], r.fault->sentence);
        return LS_SUCCESS;
    }
    ls_sha256_hash(map.bytes, &hash);
    f->bytes = map.bytes.len;
    ls_file_unmap(&map);
    if (p->hashed[i] && !ls_hash_equal(&hash, &f->hash)) {
        char hex[LS_HEX_HASH_SIZE];
        ls_hash_format(&hash, hex);
        ls_diagnose(d, f->mark, "if the form means the file as it is now, take its hash out",
                    "%.*s has changed since its hash was taken: now it is %s", (int)f->name.len, f->name.ptr, hex);
        return LS_SUCCESS;
    }
    f->hash = hash;
    return LS_SUCCESS;
}

ls_result ls_report_read_files(ls_report_paper *p, ls_diagnostics *d)
{
    for (size_t i = 0; i < p->report.file_count; i++) {
        if (p->path[i] != NULL) {
            LS_TRY(read_file(p, i, d));
        }
    }
    return LS_SUCCESS;
}

/* What is attached is what was hashed, also where somebody works on the file meanwhile. */
static ls_result attach_file(const ls_report_paper *p, size_t i, const char *audience, ls_draft *draft,
                             ls_act_draft *act, ls_detail *detail)
{
    const ls_report_evidence *f = &p->report.file[i];
    char name[NAME_MAX_BYTES + 1];
    ls_buf content = {0};
    ls_hash hash;
    ls_result r = ls_file_read(p->path[i], f->bytes, &content, detail);
    snprintf(name, sizeof name, "%.*s", (int)f->name.len, (const char *)f->name.ptr);
    if (ls_succeeded(r)) {
        ls_sha256_hash(ls_buf_bytes(&content), &hash);
        r = ls_hash_equal(&hash, &f->hash)
                ? ls_draft_attach(draft, act, audience, ls_media_type_guess(name), name, ls_buf_bytes(&content), NULL,
                                  detail)
                : ls_fail_with(&ls_fault_file, detail, "%s has changed since it was hashed", p->path[i]);
    }
    ls_buf_wipe(&content);
    return r;
}

ls_result ls_report_attach(const ls_report_paper *p, const char *audience, ls_draft *draft, ls_act_draft *act,
                           ls_detail *detail)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_buf json = {0};
    ls_result r = ls_site_report_format(&p->report, &json);
    if (ls_succeeded(r)) {
        r = ls_draft_attach(draft, act, audience, "application/json", LS_REPORT_FILE, ls_buf_bytes(&json), NULL,
                            detail);
    }
    ls_buf_free(&json);
    for (size_t i = 0; i < p->report.file_count && ls_succeeded(r); i++) {
        r = attach_file(p, i, audience, draft, act, detail);
    }
    ls_hash_format(&p->report.about, hex);
    ls_act_draft_set(act, LS_H_REF, "%s", hex);
    ls_act_draft_set(act, LS_H_FINDING, "%s", ls_conclusion_name(p->report.finding));
    return r;
}
