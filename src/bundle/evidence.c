/* The texts in bundles of evidence: claims and lists of nodes. */
#include "bundle/evidence.h"
#include <inttypes.h>
#include <stdio.h>

const ls_fault ls_fault_evidence_form = {LS_CLASS_INVALID, "evidence-form", "not a claim in canonical form"};

#define FIRST_LINE "lockstep evidence v1"

enum { HISTORY_OPTIONAL, HISTORY_REQUIRED };

static const struct {
    const char *name;
    int history;
    bool index, cosigner;
} kinds[LS_CLAIM_KINDS] = {
    [LS_CLAIM_SPLIT_VIEW] = {"split-view", HISTORY_OPTIONAL, false, false},
    [LS_CLAIM_FORK] = {"fork", HISTORY_REQUIRED, true, false},
    [LS_CLAIM_OMISSION] = {"omission", HISTORY_REQUIRED, false, false},
    [LS_CLAIM_ENTRY] = {"entry", HISTORY_REQUIRED, true, false},
    [LS_CLAIM_AHEAD] = {"ahead", HISTORY_REQUIRED, false, true},
};

const char *ls_claim_name(ls_claim_kind kind)
{
    return kinds[kind].name;
}

/* Takes the next line if it begins with the keyword, and gives what follows it. */
static bool take(ls_reader *r, const char *keyword, ls_bytes *value)
{
    ls_reader ahead = *r;
    ls_bytes line;
    size_t len = strlen(keyword);
    if (!ls_read_line(&ahead, &line) || !ls_bytes_starts(line, keyword)) {
        return false;
    }
    *r = ahead;
    *value = ls_bytes_of(line.ptr + len, line.len - len);
    return true;
}

static bool read_kind(ls_reader *r, ls_claim *c)
{
    ls_bytes line, name;
    if (!ls_read_line(r, &line) || !ls_bytes_is(line, FIRST_LINE) || !take(r, "claim: ", &name)) {
        return false;
    }
    for (ls_claim_kind kind = 0; kind < LS_CLAIM_KINDS; kind++) {
        if (ls_bytes_is(name, kinds[kind].name)) {
            c->kind = kind;
            return true;
        }
    }
    return false;
}

static bool read_history(ls_reader *r, ls_claim *c)
{
    ls_bytes value, number, size;
    if (!take(r, "history: ", &value)) {
        return kinds[c->kind].history == HISTORY_OPTIONAL;
    }
    ls_reader words = ls_reader_of(value);
    if (!ls_read_until(&words, ' ', &number)) {
        return false;
    }
    size = ls_read_bytes(&words, ls_reader_left(&words));
    return ls_decimal_parse(number, LS_HISTORIES_MAX, &c->history) && c->history > 0 &&
           ls_decimal_parse(size, INT64_MAX, &c->size) && c->size > 0;
}

ls_result ls_claim_parse(ls_bytes text, ls_claim *out)
{
    ls_reader r = ls_reader_of(text);
    ls_claim c = {0};
    ls_bytes value;
    bool ok = read_kind(&r, &c) && read_history(&r, &c);
    if (ok && kinds[c.kind].index) {
        ok = take(&r, "index: ", &value) && ls_decimal_parse(value, INT64_MAX, &c.index);
    }
    if (ok && kinds[c.kind].cosigner) {
        ok = take(&r, "cosigner: ", &c.cosigner) && ls_name_valid(c.cosigner);
    }
    if (!ok || !ls_reader_done(&r)) {
        return ls_fail(&ls_fault_evidence_form);
    }
    *out = c;
    return LS_SUCCESS;
}

void ls_claim_format(const ls_claim *c, ls_buf *out)
{
    ls_buf_format(out, FIRST_LINE "\nclaim: %s\n", kinds[c->kind].name);
    if (c->history > 0) {
        ls_buf_format(out, "history: %" PRIu64 " %" PRIu64 "\n", c->history, c->size);
    }
    if (kinds[c->kind].index) {
        ls_buf_format(out, "index: %" PRIu64 "\n", c->index);
    }
    if (kinds[c->kind].cosigner) {
        ls_buf_format(out, "cosigner: %.*s\n", (int)c->cosigner.len, c->cosigner.ptr);
    }
}

ls_result ls_nodes_parse(ls_bytes text, ls_hash nodes[static LS_MERKLE_PROOF_MAX], size_t *count)
{
    ls_reader r = ls_reader_of(text);
    ls_hash read[LS_MERKLE_PROOF_MAX];
    size_t n = 0;
    for (ls_bytes line; ls_read_line(&r, &line); n++) {
        size_t len;
        if (n == LS_MERKLE_PROOF_MAX || !ls_base64_decode(line, read[n].b, LS_HASH_SIZE, &len) || len != LS_HASH_SIZE) {
            return ls_fail(&ls_fault_evidence_form);
        }
    }
    if (n == 0 || !ls_reader_done(&r)) {
        return ls_fail(&ls_fault_evidence_form);
    }
    memcpy(nodes, read, n * sizeof *nodes);
    *count = n;
    return LS_SUCCESS;
}

void ls_nodes_format(const ls_hash *nodes, size_t count, ls_buf *out)
{
    for (size_t i = 0; i < count; i++) {
        ls_buf_put_base64(out, ls_bytes_of(nodes[i].b, LS_HASH_SIZE));
        ls_buf_put_u8(out, '\n');
    }
}

void ls_claim_member(size_t number, const char *part, char out[static LS_BUNDLE_NAME_MAX + 1])
{
    snprintf(out, LS_BUNDLE_NAME_MAX + 1, "claim/%zu/%s", number, part);
}

void ls_history_member(size_t number, const char *path, char out[static LS_BUNDLE_NAME_MAX + 1])
{
    snprintf(out, LS_BUNDLE_NAME_MAX + 1, "history/%zu/%s", number, path);
}
