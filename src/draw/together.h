/* Work that several share: on all processors (threads.c), or by the caller alone where there are no threads, as in a
 * browser (alone.c). */
#ifndef LS_DRAW_TOGETHER_H
#define LS_DRAW_TOGETHER_H

#include <stdbool.h>

typedef struct ls_draw_lock ls_draw_lock;
void ls_draw_lock_take(ls_draw_lock *lock);
void ls_draw_lock_leave(ls_draw_lock *lock);

/* Does the work until none is left; takes and leaves the lock around what is shared. callers: this is the thread that
 * asked for it. */
typedef void ls_draw_work(void *context, ls_draw_lock *lock, bool callers);

/* Returns when all workers have. many: it is worth starting threads. */
void ls_draw_together(ls_draw_work *work, void *context, bool many);

#endif
