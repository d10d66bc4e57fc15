/* A ledger in a courier's bundle. */
#include "ledger/carried.h"

/* What a courier brought, as a ledger to read from. */
static ls_result carried_checkpoint(ls_ledger *l, ls_which_checkpoint which, ls_buf *note, ls_detail *detail)
{
    const ls_courier *c = ((const ls_carried *)l)->courier;
    (void)detail;
    ls_buf_put_bytes(note, which == LS_CHECKPOINT_FINAL ? c->final : c->checkpoint);
    return ls_buf_check(note);
}

static ls_result carried_read(ls_ledger *l, uint64_t from, uint64_t to, ls_entry_sink sink, void *context,
                              ls_detail *detail)
{
    const ls_courier *c = ((const ls_carried *)l)->courier;
    ls_result r;
    if (from < to && from < c->size) {
        ls_hint(detail, "take in an earlier file first, or ask for one from there on: --since %llu",
                (unsigned long long)from);
        return ls_fail_with(&ls_fault_refused, detail, "it begins at entry %llu, and only %llu are here",
                            (unsigned long long)c->size, (unsigned long long)from);
    }
    return ls_courier_read(c, from, to, sink, context, &r)
               ? r
               : ls_fail_with(&ls_fault_refused, detail, "it lacks entries that its checkpoint covers");
}

static ls_result carried_fetch(ls_ledger *l, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail)
{
    const ls_courier *c = ((const ls_carried *)l)->courier;
    ls_bytes content;
    (void)detail;
    ls_bundle bundle = c->bundle;
    if (ls_failed(ls_bundle_fetch(&bundle, hash, limit, NULL, &content))) {
        return ls_fail(&ls_fault_absent);
    }
    ls_buf_put_bytes(out, content);
    return ls_buf_check(out);
}

static const ls_ledger_methods methods = {
    .checkpoint = carried_checkpoint, .read = carried_read, .fetch = carried_fetch};

void ls_carried_init(ls_carried *c, const ls_courier *courier)
{
    *c = (ls_carried){.base.methods = &methods, .courier = courier};
}
