/* Work on all processors. */
#ifndef LS_PSI_PARALLEL_H
#define LS_PSI_PARALLEL_H

#include <stddef.h>

/* Does something with items first to end - 1. Several threads call it at once, each with items of its own. */
typedef void ls_psi_work(void *context, size_t first, size_t end);

/* Calls work for all of count items, portion of them at a time; returns when all are done. One portion or less stays
 * with the caller's thread. Where no thread can be had, all works the same. */
void ls_psi_parallel(size_t count, size_t portion, ls_psi_work *work, void *context);

#endif
