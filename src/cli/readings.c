/* The workspace's record, for proofs. */
#include "cli/readings.h"
#include "cli/scorecard.h"
#include "workspace/reading.h"

static ls_result read_note(void *context, uint64_t index, ls_arena *arena, ls_bytes *out)
{
    cli *c = context;
    ls_note_reading reading = {&c->ws, arena, &c->detail};
    return ls_workspace_read_note(&reading, index, out);
}

ls_result cli_reading(cli *c, ls_reading *out)
{
    ls_time now;
    LS_TRY(cli_judging_time(c, &now));
    *out = (ls_reading){.record = c->ws.record,
                        .note = read_note,
                        .context = c,
                        .files = {ls_workspace_fetch, &c->ws},
                        .at = now,
                        .known = now};
    return LS_SUCCESS;
}
