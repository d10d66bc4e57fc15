/* A packet's bundles: the whole one, and for a sheet's codes one of a single row. */
#include "escrow/single.h"
#include "process/sealed.h"
#include "workspace/packet_parts.h"
#include "workspace/reading.h"
#include <stdio.h>
#include <stdlib.h>

typedef struct bundling {
    const ls_packet_making *m;
    bool lean;
    ls_buf *out;
    ls_buf packed; /* hashes of the attachments in it */
} bundling;

static ls_result put_act(bundling *b, uint64_t index)
{
    const ls_snapshot *s = b->m->snapshot;
    char name[LS_BUNDLE_NAME_MAX + 1];
    ls_buf proof = {0};
    snprintf(name, sizeof name, "act/%llu.note", (unsigned long long)index);
    LS_TRY(ls_bundle_put(b->out, name, ls_buf_bytes(&s->note[index])));
    ls_result r = ls_snapshot_proof(s, index, &proof);
    snprintf(name, sizeof name, "act/%llu.tlog-proof", (unsigned long long)index);
    if (ls_succeeded(r)) {
        r = ls_bundle_put(b->out, name, ls_buf_bytes(&proof));
    }
    ls_buf_free(&proof);
    return r;
}

/* For its codes a sheet takes what decides: the JSON of charter and roadmap, and the list of rows that were drawn from.
 * A whole packet takes all that this workspace can read, files for an audience of those acts too that open or draw:
 * they are what inspectors are sent out with. */
static bool is_wanted(const bundling *b, const ls_act *act, size_t i)
{
    const ls_attachment *a = &act->attachment[i];
    bool about_rows = ls_bytes_is(act->kind, "open") || ls_bytes_is(act->kind, "draw");
    if (b->lean) {
        return ls_bytes_is(a->file_name, "charter.json") || ls_bytes_is(a->file_name, "roadmap.json") ||
               (i == 0 && ls_bytes_is(act->kind, "draw"));
    }
    return about_rows || !ls_audience_restricted(a->audience);
}

static bool is_packed(const bundling *b, const ls_hash *hash)
{
    for (size_t at = 0; at < b->packed.len; at += sizeof *hash) {
        if (memcmp(b->packed.ptr + at, hash, sizeof *hash) == 0) {
            return true;
        }
    }
    return false;
}

/* One that is not here is left out: whoever verifies the packet is told which. */
static ls_result put_attachment(bundling *b, const ls_attachment *a)
{
    char name[LS_BUNDLE_ATTACHMENT_NAME_SIZE];
    ls_bytes content;
    ls_arena scratch = {0};
    if (is_packed(b, &a->hash)) {
        return LS_SUCCESS;
    }
    ls_result r = ls_workspace_fetch(b->m->ws, &a->hash, a->size, &scratch, &content);
    if (ls_succeeded(r)) {
        ls_bundle_attachment_format(&a->hash, name);
        ls_buf_put(&b->packed, &a->hash, sizeof a->hash);
        r = ls_bundle_put(b->out, name, content);
    } else if (r.fault->class == LS_CLASS_ENVIRONMENT && r.fault != &ls_fault_memory) {
        r = LS_SUCCESS;
    }
    ls_arena_free(&scratch);
    return r;
}

static ls_result put_attachments(bundling *b, uint64_t index)
{
    ls_act act;
    LS_TRY(ls_act_parse(ls_buf_bytes(&b->m->snapshot->note[index]), false, &act, NULL));
    for (size_t i = 0; i < act.attachment_count; i++) {
        if (is_wanted(b, &act, i)) {
            LS_TRY(put_attachment(b, &act.attachment[i]));
        }
    }
    return LS_SUCCESS;
}

static ls_result put_packet(const bundling *b, const ls_packet *packet)
{
    ls_buf text = {0};
    ls_packet_format(packet, &text);
    ls_result r = ls_bundle_put(b->out, LS_PACKET_MEMBER, ls_buf_bytes(&text));
    ls_buf_free(&text);
    return r;
}

static ls_result put_single(const bundling *b, const ls_packet_site *site)
{
    ls_buf opening = {0};
    ls_result r = ls_opening_single(site->seen->part, site->seen->opened.row.row, &opening);
    if (ls_succeeded(r)) {
        r = ls_bundle_put(b->out, LS_PACKET_OPENING "1", ls_buf_bytes(&opening));
    }
    ls_buf_free(&opening);
    return r;
}

static ls_result fill(bundling *b, const ls_packet *packet, const ls_packet_site *site, const uint64_t *acts,
                      size_t count)
{
    ls_bundle_begin(b->out, LS_BUNDLE_PACKET);
    LS_TRY(put_packet(b, packet));
    for (size_t i = 0; i < count; i++) {
        LS_TRY(put_act(b, acts[i]));
    }
    if (site != NULL) {
        LS_TRY(put_single(b, site));
    }
    for (size_t i = 0; i < count; i++) {
        LS_TRY(put_attachments(b, acts[i]));
    }
    ls_bundle_end(b->out);
    return ls_buf_check(b->out);
}

static ls_result make(bundling *b, const ls_packet *packet, const ls_packet_site *site, const uint64_t *acts,
                      size_t count)
{
    uint64_t *with_keys;
    size_t total;
    LS_TRY(ls_snapshot_with_keys(b->m->ws->record, acts, count, &with_keys, &total));
    ls_result r = fill(b, packet, site, with_keys, total);
    free(with_keys);
    ls_buf_free(&b->packed);
    return r;
}

ls_result ls_packet_whole(const ls_packet_making *m, ls_buf *out)
{
    bundling b = {.m = m, .out = out};
    return make(&b, &m->plan->packet, NULL, m->plan->acts, m->plan->act_count);
}

ls_result ls_packet_single(const ls_packet_making *m, const ls_packet_site *site, ls_buf *out)
{
    bundling b = {.m = m, .lean = true, .out = out};
    ls_packet packet = m->plan->packet;
    packet.single = true;
    packet.row = site->seen->opened.row;
    const ls_record_declaration *d = site->seen->declaration;
    size_t count = m->plan->lean_count;
    uint64_t *acts = ls_arena_array(m->arena, count + 2, sizeof *acts);
    if (acts == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    memcpy(acts, m->plan->lean, count * sizeof *acts);
    acts[count] = ls_record_accord(m->ws->record, (size_t)d->accord)->index;
    acts[count + 1] = d->index;
    return make(&b, &packet, site, acts, count + 2);
}
