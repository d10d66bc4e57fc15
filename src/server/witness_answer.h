/*
 * What witnesses answer (C2SP tlog-witness) when a host asks them for their cosignatures. They are strangers: nothing
 * of it is taken but a good signature by their own key, a size, and a line for the log.
 */
#ifndef LS_SERVER_WITNESS_ANSWER_H
#define LS_SERVER_WITNESS_ANSWER_H

#include <lockstep/note.h>

/* 200: the checkpoint that was asked for, with the lines of the answer instead of what this key has signed before.
 * Appends it to note, which says nothing where this is false: unless the key's own line is among them, and good. */
bool ls_witness_answer_join(ls_bytes checkpoint, const ls_vkey *key, ls_bytes answer, ls_buf *note);
/* 409: "<size>\n", how far the witness is. */
bool ls_witness_answer_size(ls_bytes answer, uint64_t *size);
/* Anything else ends up in logs: one line, nothing that moves a cursor, cut to the size of out. */
void ls_witness_answer_text(ls_bytes answer, char *out, size_t size);

#endif
