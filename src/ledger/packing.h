/* Bundles written into files piece by piece, so that large members never stand in memory twice. */
#ifndef LS_LEDGER_PACKING_H
#define LS_LEDGER_PACKING_H

#include "bundle/bundle.h"
#include "os/os.h"

ls_result ls_pack_begin(ls_file_writer *w, ls_bundle_kind kind, ls_detail *detail);
ls_result ls_pack_member(ls_file_writer *w, const char *name, ls_bytes content, ls_detail *detail);
/* A member named attachments/<hash>. */
ls_result ls_pack_attachment(ls_file_writer *w, const ls_hash *hash, ls_bytes content, ls_detail *detail);
ls_result ls_pack_end(ls_file_writer *w, ls_detail *detail);

#endif
