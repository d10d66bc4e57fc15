#include "show/codes.h"

void ls_show_codes_found(const ls_codes_found *found, ls_report *report)
{
    const struct {
        const ls_codes_left *left;
        const char *what;
    } all[] = {{&found->damaged, "are damaged, and were also scanned as they should be"},
               {&found->elsewhere, "are codes of other sheets"},
               {&found->others, "are no codes of a sheet"}};
    ls_report_add(report, LS_FINDING_OK, "codes", "all %zu codes of sheet %s are here, and fit together", found->count,
                  found->sheet);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i].left->count > 0) {
            ls_report_add(report, LS_FINDING_NOTE, "codes", "%zu of the lines %s; the first is line %u",
                          all[i].left->count, all[i].what, all[i].left->line);
        }
    }
}
