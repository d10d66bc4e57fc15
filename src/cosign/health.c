/* How a cosigner stands, as JSON. */
#include "cosign/service.h"
#include <jansson.h>
#include <stdlib.h>

static json_t *text_of(ls_bytes b)
{
    return json_stringn((const char *)b.ptr, b.len);
}

static json_t *time_of(ls_time t)
{
    char text[LS_TIME_SIZE];
    ls_time_format(t, text);
    return t > 0 ? json_string(text) : json_null();
}

json_t *ls_cosign_standing_json(const ls_cosign_standing *s)
{
    json_t *refusal = json_null();
    if (s->rule.len > 0) {
        refusal = json_pack("{s:o, s:o, s:o}", "rule", text_of(s->rule), "text", text_of(s->text), "since",
                            time_of(s->since));
    }
    return json_pack("{s:o, s:I, s:o, s:o, s:o}", "origin", text_of(s->origin), "size", (json_int_t)s->last.size,
                     "cosigned", time_of(s->last.time), "stopped",
                     s->stopped.len > 0 ? text_of(s->stopped) : json_null(), "refusal", refusal);
}

typedef struct health {
    json_t *origins;
    bool refusing;
} health;

static ls_result add_origin(void *context, const ls_cosign_standing *s)
{
    health *h = context;
    h->refusing = h->refusing || s->rule.len > 0;
    return json_array_append_new(h->origins, ls_cosign_standing_json(s)) == 0 ? LS_SUCCESS : ls_fail(&ls_fault_memory);
}

ls_result ls_cosign_put_health(ls_cosign_state *state, const ls_vkey *key, bool whole, ls_buf *out)
{
    char vkey[LS_VKEY_SIZE];
    health h = {.origins = json_array()};
    ls_vkey_format(key, vkey);
    ls_result r = ls_cosign_state_standing(state, add_origin, &h, NULL);
    json_t *said = json_pack("{s:s}", "status", h.refusing ? "refusing" : "ok");
    if (whole) {
        json_object_set_new(said, "key", json_string(vkey));
        json_object_set(said, "origins", h.origins);
    }
    char *text = said == NULL ? NULL : json_dumps(said, JSON_INDENT(1));
    if (ls_succeeded(r) && text == NULL) {
        r = ls_fail(&ls_fault_memory);
    }
    if (ls_succeeded(r)) {
        ls_buf_put_str(out, text);
        ls_buf_put_u8(out, '\n');
        r = ls_buf_check(out);
    }
    free(text);
    json_decref(said);
    json_decref(h.origins);
    return r;
}
