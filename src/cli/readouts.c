/* Readouts on the record: those of a meeting, and what stands around each. */
#include "cli/readouts.h"
#include "cli/readings.h"
#include <stdlib.h>

bool cli_readout_has_workspace(cli *c)
{
    const char *set = getenv("LOCKSTEP_WORKSPACE");
    return cli_value(c, "workspace") != NULL || (set != NULL && set[0] != '\0') || ls_file_exists("workspace.json");
}

void cli_readout_take(const ls_published *p, cli_readout *out)
{
    *out = (cli_readout){.readout = p->readout,
                         .json = p->json,
                         .published = true,
                         .index = p->index,
                         .act = p->act,
                         .meeting = p->meeting,
                         .file_count = p->file_count,
                         .file = p->file,
                         .absent = p->absent};
}

ls_result cli_readouts_of(cli *c, const ls_talk *meeting, ls_published_all *out)
{
    ls_reading reading;
    bool *standing;
    LS_TRY(cli_reading(c, &reading));
    LS_TRY(ls_reading_standing(&reading, &c->arena, &standing));
    return ls_published_of(&reading, meeting, standing, &c->arena, out);
}

ls_result cli_readout_latest(cli *c, const ls_talk *meeting, size_t party, const ls_talk **out)
{
    ls_reading reading;
    bool *standing;
    LS_TRY(cli_reading(c, &reading));
    LS_TRY(ls_reading_standing(&reading, &c->arena, &standing));
    *out = ls_published_latest(&reading, standing, meeting, party);
    return LS_SUCCESS;
}

ls_result cli_prover_make(cli *c, ls_prover *out)
{
    ls_reading *reading = ls_arena_alloc(&c->arena, sizeof *reading);
    if (reading == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(cli_reading(c, reading));
    return ls_prover_make(reading, &c->arena, out);
}

const char *cli_readout_as_of(cli *c)
{
    uint64_t size = ls_record_size(c->ws.record), final = ls_replica_final(c->ws.replica);
    ls_time stamped = ls_record_time(c->ws.record);
    char time[LS_TIME_SIZE] = "";
    if (stamped > 0) {
        ls_time_format(stamped, time);
    }
    const char *some =
        final < size ? ls_arena_format(&c->arena, ", of which %llu are final", (unsigned long long) final) : "";
    return ls_arena_format(&c->arena, "%llu entries%s%s%s", (unsigned long long)size, some,
                           stamped > 0 ? ", stamped " : ", not stamped yet", time);
}
