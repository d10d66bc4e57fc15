/* What is known of a declaration here. */
#include "workspace/known.h"
#include "workspace/own.h"
#include "workspace/reading.h"
#include <stdlib.h>

/* The workspace of the party that declares, and not only a delegate's for reading. */
static ls_result is_own(const ls_workspace *ws, const ls_declared *d, bool *out)
{
    char path[4096];
    const ls_party *me = ls_workspace_party(ws);
    LS_TRY(ls_workspace_path(ws, path, "vaults/delegation.vault"));
    *out = me != NULL && (size_t)(me - ls_record_charter(ws->record)->party) == d->by && ls_file_exists(path);
    return LS_SUCCESS;
}

/* A tranche of one's own is read as an opening of it would be. */
static ls_result take_tranche(ls_knower *k, const ls_own *own, uint32_t tranche, ls_detail *detail)
{
    ls_own_files f;
    bool holds = false;
    LS_TRY(ls_own_files_open(own, tranche, &f, detail));
    ls_opening_part *part = calloc(1, sizeof *part);
    ls_result r = part == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
    if (part != NULL) {
        *part = (ls_opening_part){.kind = LS_OPENING_TRANCHE,
                                  .context = f.tranche.context,
                                  .tranche = tranche,
                                  .leaf = f.tranche.leaf,
                                  .path_count = f.tranche.path_count,
                                  .key = f.tranche.key,
                                  .sealed = f.tranche.sealed};
        memcpy(part->path, f.path, f.tranche.path_count * sizeof *f.path);
        r = ls_knower_part(k, part, own->declared, LS_NO_SOURCE, (ls_bytes){0}, &holds);
    }
    free(part);
    ls_own_files_close(&f);
    LS_TRY(r);
    return holds ? LS_SUCCESS
                 : ls_fail_with(&ls_fault_declaration_files, detail, "the files of tranche %u are damaged", tranche);
}

static ls_result take_own(ls_workspace *ws, ls_knower *k, ls_detail *detail)
{
    const ls_open_request q = {.accord = k->known.accord, .declaration = k->known.declared->name};
    ls_own *own;
    size_t count;
    LS_TRY(ls_own_load(ws, &q, k->arena, &own, &count, detail));
    ls_result r = LS_SUCCESS;
    for (size_t i = 0; i < count && ls_succeeded(r); i++) {
        for (uint32_t t = 1; t <= own[i].manifest.leaf_count && ls_succeeded(r); t++) {
            r = take_tranche(k, &own[i], t, detail);
        }
    }
    ls_own_close(own, count);
    return r;
}

static ls_result collect(ls_workspace *ws, ls_knower *k, ls_known *out, ls_detail *detail)
{
    bool own;
    LS_TRY(is_own(ws, k->known.declared, &own));
    if (own) {
        LS_TRY(take_own(ws, k, detail));
    }
    LS_TRY(ls_knower_acts(k));
    return ls_knower_end(k, out);
}

ls_result ls_workspace_known(ls_workspace *ws, ls_arena *arena, int accord, const ls_declared *declared, ls_time now,
                             ls_report *report, ls_known *out, ls_detail *detail)
{
    ls_note_reading reading = {ws, arena, NULL};
    const ls_known_source from = {.record = ws->record,
                                  .read = ls_workspace_read_note,
                                  .context = &reading,
                                  .fetch = {ls_workspace_fetch, ws},
                                  .now = now};
    ls_knower k;
    LS_TRY(ls_knower_begin(&k, arena, &from, accord, declared, report));
    ls_result r = collect(ws, &k, out, detail);
    ls_knower_free(&k);
    return r;
}
