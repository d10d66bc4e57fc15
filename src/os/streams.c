/* Standard streams that are closed when the program starts. */
#include "os/os.h"
#include <fcntl.h>
#include <unistd.h>

bool ls_streams_secure(void)
{
    /* Opened the wrong way round, so that using it fails, as it would on a closed stream. */
    static const int modes[] = {O_WRONLY, O_RDONLY, O_RDONLY};
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) >= 0) {
            continue;
        }
        int opened = open("/dev/null", modes[fd]);
        if (opened != fd) {
            return false;
        }
    }
    return true;
}
