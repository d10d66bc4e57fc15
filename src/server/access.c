/* Access notes. One is good for many requests, so that which was verified is remembered for a while by its hash. */
#include "crypto/sha256.h"
#include "os/os.h"
#include "server/hosted.h"

static bool remembered(ls_hosted *h, const ls_hash *hash, uint64_t version, ls_time now, ls_access *out)
{
    bool found = false;
    pthread_mutex_lock(&h->lock_notes);
    for (size_t i = 0; i < LS_HOSTED_NOTES && !found; i++) {
        const struct ls_hosted_note *n = &h->note[i];
        found = n->version == version && now < n->until && ls_hash_equal(&n->hash, hash);
        *out = found ? n->access : *out;
    }
    pthread_mutex_unlock(&h->lock_notes);
    return found;
}

static void remember(ls_hosted *h, const ls_hash *hash, uint64_t version, const ls_access *access, ls_time until)
{
    pthread_mutex_lock(&h->lock_notes);
    h->note[h->next_note++ % LS_HOSTED_NOTES] = (struct ls_hosted_note){*hash, version, *access, until};
    pthread_mutex_unlock(&h->lock_notes);
}

bool ls_hosted_reader(ls_hosted *h, const ls_view *v, const char *authorization, ls_access *out, ls_detail *detail)
{
    uint8_t note[LS_ACCESS_MAX];
    size_t len;
    ls_hash hash;
    ls_time now = ls_clock_now();
    ls_bytes value = ls_bytes_str(authorization == NULL ? "" : authorization);
    if (v->keys == NULL || !ls_bytes_starts(value, LS_ACCESS_SCHEME)) {
        ls_hint(detail, "lockstep sync makes an access note with a signer's or a delegate's key");
        return false;
    }
    ls_sha256_hash(value, &hash);
    if (remembered(h, &hash, v->keys->version, now, out)) {
        return true;
    }
    if (!ls_access_read_header(value, note, &len) ||
        ls_failed(ls_access_check(v->keys->charter, &v->keys->process, ls_bytes_of(note, len), now, v->stamped, out,
                                  detail))) {
        return false;
    }
    out->name = (ls_bytes){0}; /* it would view these keys, which may be replaced */
    /* Keys may end with a stamp, so not for longer than a minute. */
    remember(h, &hash, v->keys->version, out, out->expires < now + 60 ? out->expires : now + 60);
    return true;
}
