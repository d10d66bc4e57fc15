/* Acts, parties and audiences as people name them. */
#include "cli/cli.h"
#include "process/sealed.h"

static ls_result find_by_prefix(cli *c, const char *name, uint64_t *index)
{
    size_t len = strlen(name), found = 0;
    for (uint64_t i = 0; i < ls_record_size(c->ws.record); i++) {
        char hex[LS_HEX_HASH_SIZE];
        ls_record_entry entry = ls_record_at(c->ws.record, i);
        ls_hash_format(&entry.id, hex);
        if (strncmp(hex, name, len) == 0) {
            *index = i;
            found++;
        }
    }
    if (found == 1) {
        return LS_SUCCESS;
    }
    ls_hint(&c->detail, "lockstep log lists the acts with their places and ids");
    return ls_fail_with(&ls_fault_usage, &c->detail, found == 0 ? "there is no act %s" : "several acts begin with %s",
                        name);
}

ls_result cli_find_act(cli *c, const char *name, uint64_t *index)
{
    uint64_t n;
    if (strlen(name) < 8 && ls_decimal_parse(ls_bytes_str(name), UINT64_MAX, &n)) {
        if (n >= ls_record_size(c->ws.record)) {
            ls_hint(&c->detail,
                    "lockstep log --stamps lists them with their numbers; lockstep sync brings what is new");
            return ls_fail_with(&ls_fault_usage, &c->detail, "the record has %llu entries, counted from 0",
                                (unsigned long long)ls_record_size(c->ws.record));
        }
        *index = n;
        return LS_SUCCESS;
    }
    if (strlen(name) < 6) {
        ls_hint(&c->detail, "lockstep log lists the acts with their places and ids");
        return ls_fail_with(&ls_fault_usage, &c->detail, "give an entry's number, or at least six digits of its id");
    }
    return find_by_prefix(c, name, index);
}

const char *cli_party_name(cli *c, size_t party)
{
    return party == LS_NOBODY ? "" : cli_text(c, ls_record_charter(c->ws.record)->party[party].name);
}

ls_result cli_audience(cli *c, ls_bytes *out)
{
    const char *name = cli_value(c, "audience");
    ls_bytes audience = ls_bytes_str(name == NULL ? "process" : name);
    const ls_charter *charter = ls_record_charter(c->ws.record);
    if (charter != NULL && ls_audience_members(charter, audience) == 0) {
        ls_hint(&c->detail, "public, process, or one that the charter lists: lockstep charter show");
        return ls_fail_with(&ls_fault_usage, &c->detail, "the charter has no audience \"%s\"", name);
    }
    *out = audience;
    return LS_SUCCESS;
}

const char *cli_readers(cli *c, ls_bytes audience)
{
    const ls_charter *charter = ls_record_charter(c->ws.record);
    uint32_t parties = ls_audience_members(charter, audience);
    ls_buf names = {0};
    for (size_t i = 0; i < charter->party_count; i++) {
        if ((parties >> i & 1) == 0) {
            continue;
        }
        parties &= ~(1u << i);
        ls_buf_put_str(&names, names.len == 0 ? "" : parties == 0 ? " and " : ", ");
        ls_buf_put_bytes(&names, charter->party[i].title.len > 0 ? charter->party[i].title : charter->party[i].name);
    }
    ls_buf_put_str(&names, ls_bytes_is(audience, "public") ? ", and to everybody" : "");
    const char *text = cli_text(c, ls_buf_bytes(&names));
    ls_buf_free(&names);
    return text;
}
