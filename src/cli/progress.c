/* Progress on a terminal, for whatever takes more than a second. */
#include "cli/cli.h"
#include <unistd.h>

cli_progress cli_progress_begin(const char *what)
{
    return (cli_progress){.begun = ls_clock_monotonic(), .what = what, .unit = "rows"};
}

void cli_progress_show(void *progress, uint64_t done, uint64_t all)
{
    cli_progress *p = progress;
    double now = ls_clock_monotonic();
    if (isatty(STDERR_FILENO) == 0 || now - p->begun < 1 || (now - p->shown < 0.2 && done < all)) {
        return;
    }
    p->shown = now;
    p->any = true;
    fprintf(stderr, "\r%s: %llu of %llu %s (%d %%), %.0f/s ", p->what, (unsigned long long)done,
            (unsigned long long)all, p->unit, all == 0 ? 100 : (int)(100 * done / all),
            (double)done / (now - p->begun));
}

void cli_progress_end(const cli_progress *p)
{
    if (p->any) {
        fputc('\n', stderr);
    }
}
