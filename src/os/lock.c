#include "os/error.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

static int wait_for_lock(int fd)
{
    int r;
    do {
        r = flock(fd, LOCK_EX);
    } while (r != 0 && errno == EINTR);
    return r;
}

ls_result ls_lock_take(const char *path, ls_lock *lock, ls_detail *detail)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return ls_os_fail(path, "can't be opened as a lock", detail);
    }
    if (wait_for_lock(fd) != 0) {
        ls_result r = ls_os_fail(path, "can't be locked", detail);
        close(fd);
        return r;
    }
    lock->fd = fd;
    return LS_SUCCESS;
}

void ls_unlock(ls_lock *lock)
{
    close(lock->fd);
    lock->fd = -1;
}
