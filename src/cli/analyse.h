/* What the files of `accord analyse` share: everything that is known, and what is made of it. */
#ifndef LS_CLI_ANALYSE_H
#define LS_CLI_ANALYSE_H

#include "analysis/analysis.h"
#include "cli/cli.h"

typedef struct cli_analysis {
    cli *c;
    const ls_roadmap *roadmap;
    const ls_charter *charter;
    ls_time signed_at; /* of an accord on the record; else 0 */
    ls_date from;      /* the assumed day of signature */
    bool weighted;
    ls_analysis a;
    ls_schedule schedule[LS_PACES];
    size_t curve_count; /* at each pace */
    ls_curve *curve[LS_PACES];
    ls_suggestion suggestion[LS_SUGGESTIONS_MAX];
    size_t suggestion_count, tried;
} cli_analysis;

void cli_analysis_print(cli_analysis *x);
ls_result cli_analysis_print_json(cli_analysis *x);

/* Pictures, as SVG without scripts. */
void cli_draw_gantt(cli_analysis *x, ls_buf *out);
void cli_draw_exposure(cli_analysis *x, ls_buf *out);

/* Names and figures; in the arena. */
const char *cli_measure_name(const cli_analysis *x, size_t measure);
const char *cli_weight(const cli_analysis *x, ls_quantity q);
/* The day of a time; of a deadline, the last day that is in time. "open" where no time is known. */
const char *cli_day(const cli_analysis *x, ls_time t, bool deadline);
const char *cli_performed_day(const cli_analysis *x, size_t measure, ls_pace pace);
const char *cli_complete_day(const cli_analysis *x, size_t measure, ls_pace pace);
/* When the last measure of a step is complete. */
const char *cli_step_day(const cli_analysis *x, size_t step, ls_pace pace);
/* Names with commas, of the measures for which pick says so. */
typedef bool (*cli_pick)(const void *context, size_t measure);
const char *cli_measure_list(const cli_analysis *x, cli_pick pick, const void *context);

/* What somebody withholds, as words ("confirm"), and what in the roadmap would mend it; NULL: nothing simple. */
const char *cli_move_word(ls_move_kind kind);
const char *cli_move_subject(const cli_analysis *x, ls_move_kind kind, size_t subject);
const char *cli_move_mended(const cli_analysis *x, ls_move_kind kind, size_t subject, size_t silent);

#endif
