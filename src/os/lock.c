#include "os/error.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

static int lock_file(int fd, int how)
{
    int r;
    do {
        r = flock(fd, how);
    } while (r != 0 && errno == EINTR);
    return r;
}

/* how: LOCK_EX, or LOCK_EX | LOCK_NB, with which a lock that another process holds is no failure. */
static ls_result take(const char *path, int how, ls_lock *lock, bool *taken, ls_detail *detail)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return ls_os_fail(path, "can't be opened as a lock", detail);
    }
    *taken = lock_file(fd, how) == 0;
    if (*taken) {
        lock->fd = fd;
        return LS_SUCCESS;
    }
    ls_result r = errno == EWOULDBLOCK ? LS_SUCCESS : ls_os_fail(path, "can't be locked", detail);
    close(fd);
    return r;
}

ls_result ls_lock_take(const char *path, ls_lock *lock, ls_detail *detail)
{
    bool taken;
    return take(path, LOCK_EX, lock, &taken, detail);
}

ls_result ls_lock_try(const char *path, ls_lock *lock, bool *taken, ls_detail *detail)
{
    return take(path, LOCK_EX | LOCK_NB, lock, taken, detail);
}

void ls_unlock(ls_lock *lock)
{
    close(lock->fd);
    lock->fd = -1;
}
