/* Entries on their way into a store, committed together; with the signatures that are still to be verified. */
#ifndef LS_LEDGER_PIECE_H
#define LS_LEDGER_PIECE_H

#include "record/record.h"
#include "store/store.h"

#define LS_PIECE_ENTRIES 4096
#define LS_PIECE_BYTES (16u << 20)

typedef struct ls_piece {
    ls_arena arena; /* of the notes */
    size_t count, bytes;
    ls_bytes note[LS_PIECE_ENTRIES];
    ls_hash root[LS_PIECE_ENTRIES];
    size_t pending_count, pending_capacity;
    ls_pending_signature *pending;
    uint16_t *owner; /* of each: which entry of the piece */
} ls_piece;

bool ls_piece_full(const ls_piece *p);
/* A copy of a note that stays where it is until the piece is emptied; NULL: no memory. It is not an entry yet. */
const uint8_t *ls_piece_keep(ls_piece *p, ls_bytes note);
void ls_piece_add(ls_piece *p, ls_bytes kept, const ls_hash *root);
/* For ls_record_defer, context is the piece: a signature of the entry that comes next. */
ls_result ls_piece_defer(void *piece, const ls_pending_signature *signature);
/* Appends its entries to a store of `size` entries. */
ls_result ls_piece_commit(const ls_piece *p, ls_store *store, uint64_t epoch, uint64_t size, ls_detail *detail);
void ls_piece_empty(ls_piece *p);
void ls_piece_free(ls_piece *p); /* empties it, and frees what it holds beside itself */

#endif
