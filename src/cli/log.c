/* The log of what works by itself: an event is a line of key=value on stderr, written at once. */
#include "cli/cli.h"
#include <errno.h>
#include <unistd.h>

void cli_log_begin(ls_buf *line, const char *level, const char *event)
{
    char now[LS_TIME_SIZE];
    ls_time_format(ls_clock_now(), now);
    *line = (ls_buf){0};
    ls_buf_format(line, "time=%s level=%s event=%s", now, level, event);
}

/* Others wrote some of it: what could end the value or the line, or move a cursor, is replaced. UTF-8 passes. */
void cli_log_text(ls_buf *line, const char *key, const char *text)
{
    ls_buf_format(line, " %s=\"", key);
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++) {
        bool c1 = p[0] == 0xc2 && (p[1] & 0xe0) == 0x80;
        ls_buf_put_u8(line, *p == '"' || *p == '\\' || *p < 0x20 || *p == 0x7f || c1 ? '\'' : *p);
        p += c1;
    }
    ls_buf_put_u8(line, '"');
}

void cli_log_end(ls_buf *line)
{
    ls_buf_put_u8(line, '\n');
    ls_bytes left = ls_buf_bytes(line);
    while (!line->failed && left.len > 0) {
        ssize_t written = write(STDERR_FILENO, left.ptr, left.len);
        if (written < 0 && errno != EINTR) {
            break; /* nobody reads it */
        }
        left = written < 0 ? left : ls_bytes_of(left.ptr + written, left.len - (size_t)written);
    }
    ls_buf_free(line);
}
