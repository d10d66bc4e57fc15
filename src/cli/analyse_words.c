/* Names, figures and phrases of an analysis. */
#include "cli/analyse.h"

const char *cli_measure_name(const cli_analysis *x, size_t measure)
{
    return cli_text(x->c, x->roadmap->measures[measure].id);
}

const char *cli_weight(const cli_analysis *x, ls_quantity q)
{
    char text[LS_QUANTITY_SIZE];
    ls_quantity_format(q, text);
    return cli_text(x->c, ls_bytes_str(text));
}

const char *cli_day(const cli_analysis *x, ls_time t, bool deadline)
{
    char text[LS_DATE_SIZE];
    if (t == LS_TIME_OPEN) {
        return "open";
    }
    ls_date_format(ls_zone_date(&x->charter->zone, deadline ? t - 1 : t), text);
    return cli_text(x->c, ls_bytes_str(text));
}

const char *cli_performed_day(const cli_analysis *x, size_t measure, ls_pace pace)
{
    const ls_measure_dates *d = &x->schedule[pace].measure[measure];
    return cli_day(x, d->performed, d->performed != d->due);
}

const char *cli_complete_day(const cli_analysis *x, size_t measure, ls_pace pace)
{
    const ls_measure_dates *d = &x->schedule[pace].measure[measure];
    return cli_day(x, d->complete, d->complete != d->due);
}

const char *cli_step_day(const cli_analysis *x, size_t step, ls_pace pace)
{
    const char *day = "-";
    ls_time last = INT64_MIN;
    for (size_t i = 0; i < x->roadmap->measure_count; i++) {
        ls_time t = x->schedule[pace].measure[i].complete;
        if (x->roadmap->measures[i].step == step && t > last) {
            last = t;
            day = cli_complete_day(x, i, pace);
        }
    }
    return day;
}

const char *cli_measure_list(const cli_analysis *x, cli_pick pick, const void *context)
{
    ls_buf list = {0};
    for (size_t i = 0; i < x->roadmap->measure_count; i++) {
        if (pick(context, i)) {
            ls_buf_format(&list, "%s%s", list.len == 0 ? "" : ", ", cli_measure_name(x, i));
        }
    }
    const char *text = list.len == 0 ? "-" : cli_text(x->c, ls_buf_bytes(&list));
    ls_buf_free(&list);
    return text;
}

/* What people can do, in the order of ls_move_kind; time owes nobody anything. */
static const char *const words[] = {"perform", "confirm", "promise", "begin", "attest", "ratify", "dispute", "settle"};

const char *cli_move_word(ls_move_kind kind)
{
    return kind < sizeof words / sizeof *words ? words[kind] : "";
}

const char *cli_move_subject(const cli_analysis *x, ls_move_kind kind, size_t subject)
{
    switch (kind) {
    case LS_MOVE_ATTEST:
        return cli_text(x->c, x->roadmap->events[subject].id);
    case LS_MOVE_RATIFY:
        return "the accord";
    case LS_MOVE_OPEN:
    case LS_MOVE_SETTLE:
        return cli_text(x->c, x->roadmap->disputes[subject].id);
    default:
        return cli_measure_name(x, subject);
    }
}

/* A deadline that follows the last condition. */
static const char *due_line(const cli_analysis *x, const ls_measure *m)
{
    ls_bytes last = m->after_count > 0 ? m->after[m->after_count - 1].text : ls_bytes_str("in force");
    bool simple = last.len > 0 && memchr(last.ptr, '{', last.len) == NULL && memchr(last.ptr, '"', last.len) == NULL;
    return ls_arena_format(&x->c->arena, "under %s, due: 30 days after %s", cli_text(x->c, m->id),
                           simple ? cli_text(x->c, last) : "in force");
}

const char *cli_move_mended(const cli_analysis *x, ls_move_kind kind, size_t subject, size_t silent)
{
    const char *name = cli_move_subject(x, kind, subject);
    switch (kind) {
    case LS_MOVE_PERFORM:
        return x->roadmap->measures[subject].by & LS_PARTY_BIT(silent) ? due_line(x, &x->roadmap->measures[subject])
                                                                       : NULL;
    case LS_MOVE_CONFIRM:
        return ls_arena_format(&x->c->arena, "under %s, on-silence: confirmed after 30 days", name);
    case LS_MOVE_BEGIN:
        return ls_arena_format(&x->c->arena, "under %s, begin: 30 days after in force", name);
    case LS_MOVE_ATTEST:
        return ls_arena_format(&x->c->arena, "where %s is waited for, {earliest: [%s, 180 days after in force]}", name,
                               name);
    case LS_MOVE_PROMISE:
        return ls_arena_format(&x->c->arena,
                               "where %s promised is waited for, {earliest: [%s promised, 30 days after in force]}",
                               name, name);
    case LS_MOVE_RATIFY:
        return "entry-into-force: a date beside the ratifications, with earliest";
    default:
        return NULL;
    }
}
