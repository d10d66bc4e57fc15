/*
 * Reports about sites: the file report.json of a report act (docs/inspections.md, "Reports"). Canonical JSON, with
 * exactly these keys:
 *
 *   {"about":"<hex of the act that ref names>","anomalies":["…"],"counts":[{"declared":12,"found":11,"what":"…"}],
 *    "fields":[{"declared":"…","found":"…","name":"…"}],"files":[{"bytes":1,"hash":"<hex>","name":"…","what":"…"}],
 *    "finding":"discrepancy","from":"2018-11-02","inspectors":["…"],"lockstep":"inspection report v1",
 *    "remarks":"…","row":"2/14","seals":[{"number":"…","state":"applied"}],"to":"2018-11-03"}
 *
 * "row" is left out of a report about a place where no row stands; "found" of a field that was not established. The
 * same struct is what a form says before it is signed (workspace/report.h).
 */
#ifndef LS_BUNDLE_REPORTS_H
#define LS_BUNDLE_REPORTS_H

#include "base/value.h"
#include "bundle/population.h"
#include "inspection/inspection.h"

#define LS_REPORT_FILE "report.json"
#define LS_REPORT_KIND "inspection report v1"
#define LS_CONCLUSION_KIND "inspection conclusion v1" /* of a report about a draw: docs/inspections.md */
#define LS_REPORT_INSPECTORS_MAX 64
#define LS_REPORT_ITEMS_MAX 1000 /* counts, anomalies, seals; fields: LS_FIELDS_MAX */
#define LS_REPORT_FILES_MAX 63   /* report.json is one more attachment */
#define LS_REPORT_TEXT_MAX 65536 /* bytes of one value */

extern const ls_fault ls_fault_report_form; /* invalid: not such a file */

typedef struct ls_report_field {
    ls_mark mark; /* of these and the following: in a form, where it stands */
    ls_bytes name, declared;
    bool established; /* else found is empty */
    ls_bytes found;
} ls_report_field;

typedef struct ls_report_count {
    ls_mark mark;
    ls_bytes what;
    int64_t declared, found;
} ls_report_count;

typedef enum ls_seal_state { LS_SEAL_APPLIED, LS_SEAL_INTACT, LS_SEAL_BROKEN, LS_SEAL_STATES } ls_seal_state;
const char *ls_seal_state_name(ls_seal_state s); /* "applied", "found intact", "found broken" */

typedef struct ls_report_seal {
    ls_mark mark;
    ls_bytes number;
    ls_seal_state state;
} ls_report_seal;

typedef struct ls_report_evidence {
    ls_mark mark;
    ls_bytes name; /* of the file, without folders */
    ls_bytes what; /* it shows */
    uint64_t bytes;
    ls_hash hash;
} ls_report_evidence;

typedef struct ls_site_report {
    ls_hash about; /* the act in ref */
    bool has_row;
    ls_population_row row;
    size_t inspector_count;
    ls_bytes *inspector;
    ls_date from, to;
    size_t field_count;
    ls_report_field *field;
    size_t count_count;
    ls_report_count *count;
    size_t anomaly_count;
    ls_bytes *anomaly;
    size_t seal_count;
    ls_report_seal *seal;
    size_t file_count;
    ls_report_evidence *file;
    ls_conclusion finding;
    ls_bytes remarks;
} ls_site_report;

/* What is parsed lives in the arena. detail says the first thing that is wrong. */
ls_result ls_site_report_parse(ls_arena *arena, ls_bytes text, ls_site_report *out, ls_detail *detail);
/* Appends the canonical JSON. */
ls_result ls_site_report_format(const ls_site_report *r, ls_buf *out);

/*
 * What report.json and forms have in common, read from a map whose keys were checked: inspectors, from, to, fields,
 * counts, anomalies, seals, finding, remarks. Lists of maps have their keys checked here. Everything wrong is
 * diagnosed.
 */
void ls_site_report_read(const ls_value *map, ls_arena *arena, ls_diagnostics *d, ls_site_report *out);

/* The first thing that speaks against a finding of consistent, in words; NULL if nothing does. */
const char *ls_site_report_inconsistent(ls_arena *arena, const ls_site_report *r);

/* Two reports about one visit that say different things. */
typedef struct ls_report_difference {
    const char *what; /* "field lat", "count of centrifuges", "seal K-12", "finding", "from" */
    const char *a, *b;
} ls_report_difference;

/* What two reports about the same both establish, and differently: in the order of the first. Texts lie in the arena
 * and are as they come from the reports. */
ls_result ls_reports_compare(ls_arena *arena, const ls_site_report *a, const ls_site_report *b,
                             ls_report_difference **out, size_t *count);

#endif
