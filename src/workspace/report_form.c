/* An empty form: what lockstep report reads, with everything that is known already. */
#include "workspace/packet_parts.h"

typedef unsigned long long ull;

/* A string as YAML has it in double quotes, which is JSON's way with two exceptions that do not matter here. */
static void put_quoted(ls_buf *out, ls_bytes s)
{
    ls_buf_put_str(out, "\"");
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        if (c == '"' || c == '\\') {
            ls_buf_format(out, "\\%c", c);
        } else if (c < 0x20 || c == 0x7f) {
            ls_buf_format(out, "\\x%02X", c);
        } else {
            ls_buf_put_u8(out, c);
        }
    }
    ls_buf_put_str(out, "\"");
}

static void put_visit(const ls_packet_making *m, const ls_packet_site *site, ls_buf *out)
{
    char hex[LS_HEX_HASH_SIZE] = "?";
    if (site->visit != NULL) {
        ls_record_entry visit = ls_record_at(m->ws->record, site->visit->visit->index);
        ls_hash_format(&visit.id, hex);
    }
    ls_buf_format(out, "visit: \"%s\"%s\n", hex,
                  site->visit != NULL ? "" : " # the notice of the visit: its entry, or the beginning of its id");
}

static void put_fields(const ls_seen_row *seen, ls_buf *out)
{
    ls_buf_put_str(out, "fields: # found: \"=\" as declared; \"?\" not established; or what was found\n");
    for (size_t i = 0; i < seen->declared->field_count; i++) {
        if (!seen->fields[i].open) {
            continue;
        }
        ls_buf_put_str(out, "  - name: ");
        put_quoted(out, seen->declared->fields[i]);
        ls_buf_put_str(out, "\n    declared: ");
        put_quoted(out, seen->fields[i].value);
        ls_buf_put_str(out, "\n    found: \"?\"\n");
    }
}

void ls_packet_form(const ls_packet_making *m, size_t n, ls_buf *out)
{
    const ls_packet_site *site = &m->plan->site[n];
    ls_buf_format(out,
                  "# The report about site %zu of %zu. Fill it in, then: lockstep report report-%zu.yaml\n"
                  "report: 1\n",
                  n + 1, m->plan->site_count, n + 1);
    put_visit(m, site, out);
    if (site->seen != NULL) {
        ls_buf_format(out, "row: %u/%llu\n", (unsigned)site->seen->opened.row.tranche, (ull)site->seen->opened.row.row);
    }
    ls_buf_put_str(out, "inspectors: [] # their names: [\"A. Name\", \"B. Name\"]\n"
                        "from: \"?\" # the day on which they came, like 2018-11-02\n"
                        "to: \"?\" # the day on which they left\n");
    if (site->seen != NULL) {
        put_fields(site->seen, out);
    }
    ls_buf_put_str(out, "counts: [] # {what: centrifuges, declared: 12, found: 12}\n"
                        "anomalies: [] # \"what was out of the ordinary\"\n"
                        "seals: [] # {number: K-1234, state: applied}, or: found intact, found broken\n"
                        "files: [] # {file: gate.jpg, what: the gate}; lockstep report --prepare adds their hashes\n"
                        "finding: \"?\" # consistent, discrepancy or inconclusive\n"
                        "remarks: \"\"\n");
}
