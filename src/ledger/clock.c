/* The ledger's clock: the host's, or in an exercise the one that was set, which then stands still until set again. */
#include "ledger/embedded.h"

#define CLOCK "clock"
#define CLOCK_FILE_MAX 64

/* The set clock; 0 if it was not set. */
static ls_result read_clock(const char *folder, ls_time *out, ls_detail *detail)
{
    char path[LS_LEDGER_PATH_SIZE];
    ls_buf file = {0};
    ls_bytes line;
    LS_TRY(ls_embedded_path(folder, CLOCK, path, detail));
    if (!ls_file_exists(path)) {
        *out = 0;
        return LS_SUCCESS;
    }
    ls_result r = ls_file_read(path, CLOCK_FILE_MAX, &file, detail);
    if (ls_succeeded(r)) {
        ls_reader reader = ls_reader_of(ls_buf_bytes(&file));
        bool read = ls_read_line(&reader, &line) && ls_reader_done(&reader) && ls_time_parse(line, out);
        r = read ? LS_SUCCESS : ls_fail_with(&ls_fault_store_damaged, detail, "%s does not hold a time", path);
    }
    ls_buf_free(&file);
    return r;
}

ls_result ls_embedded_now(ls_ledger *l, ls_time *out, ls_detail *detail)
{
    const ls_embedded *e = (const ls_embedded *)l;
    ls_time set = 0;
    if (e->exercise) {
        LS_TRY(read_clock(e->folder, &set, detail));
    }
    *out = set != 0 ? set : ls_clock_now();
    return LS_SUCCESS;
}

static ls_result write_clock(const char *folder, ls_time t, ls_detail *detail)
{
    char path[LS_LEDGER_PATH_SIZE], text[LS_TIME_SIZE], line[LS_TIME_SIZE + 1];
    ls_time before;
    LS_TRY(read_clock(folder, &before, detail));
    if (t < before) {
        ls_time_format(before, text);
        return ls_fail_with(&ls_fault_usage, detail, "the clock stands at %s and is never set back", text);
    }
    ls_time_format(t, text);
    memcpy(line, text, sizeof text - 1);
    line[sizeof text - 1] = '\n';
    LS_TRY(ls_embedded_path(folder, CLOCK, path, detail));
    return ls_file_write(path, ls_bytes_of(line, sizeof text), detail);
}

ls_result ls_ledger_set_clock(const char *folder, ls_time t, ls_detail *detail)
{
    char path[LS_LEDGER_PATH_SIZE];
    ls_vkey key;
    ls_lock lock;
    LS_TRY(ls_ledger_key(folder, &key, detail));
    if (!ls_bytes_starts(ls_bytes_str(key.name), "exercise.")) {
        ls_hint(detail, "this ledger is real: its time is the host's or the cosigners'");
        return ls_fail_with(&ls_fault_usage, detail, "only an exercise's clock can be set");
    }
    LS_TRY(ls_embedded_path(folder, LS_LEDGER_LOCK, path, detail));
    LS_TRY(ls_lock_take(path, &lock, detail));
    ls_result r = write_clock(folder, t, detail);
    ls_unlock(&lock);
    return r;
}
