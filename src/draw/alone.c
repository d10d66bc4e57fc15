/* Where there are no threads, the caller does it all, and nothing needs a lock. In place of threads.c. */
#include "draw/together.h"
#include <stddef.h>

void ls_draw_lock_take(ls_draw_lock *lock)
{
    (void)lock;
}

void ls_draw_lock_leave(ls_draw_lock *lock)
{
    (void)lock;
}

void ls_draw_together(ls_draw_work *work, void *context, bool many)
{
    (void)many;
    work(context, NULL, true);
}
