/*
 * Bundles: files to carry by hand. A bundle is a tar archive (POSIX ustar) in one canonical form, so that anyone can
 * look inside with tar, and no two bundles with the same content differ.
 *
 * Canonical: regular files only, names [A-Za-z0-9._/-]{1,99} without a part that is empty, "." or "..", mode 0644,
 * owner 0, time 0, sizes below 8 GiB, in the order given, no duplicates, zeros up to the next block of 512 bytes, two
 * zero blocks at the end and nothing after them. The first member is "lockstep-bundle" and holds
 * "lockstep bundle v1\nkind: <kind>\n". (`tar --format=ustar --blocking-factor=1` with these attributes makes the very
 * same bytes.)
 *
 *   kind draft    act.note (a joint act, or one that needs several signers, with the signatures so far),
 *                 attachments/<hex> for each of its attachments
 *   kind record   checkpoint, tile/entries/… (C2SP tlog-tiles), attachments/<hex>
 *   kind excerpt  act/<index>.note and act/<index>.tlog-proof for each act (the charter's is index 0), all under one
 *                 checkpoint, attachments/<hex>
 *   kind courier  what is carried between a delegation and the host (bundle/courier.h)
 *   kind packet   the same as an excerpt, and packet and opening/<n>: what inspectors take to a site (bundle/packet.h)
 *   kind evidence charter.note, claim/<n>/…, history/<h>/…, attachments/<hex>: see bundle/evidence.h
 */
#ifndef LS_BUNDLE_BUNDLE_H
#define LS_BUNDLE_BUNDLE_H

#include "record/record.h"
#include <lockstep/bytes.h>

#define LS_BUNDLE_MEMBERS_MAX 65536
#define LS_BUNDLE_NAME_MAX 99

extern const ls_fault ls_fault_bundle_form;       /* invalid: not a bundle in canonical form */
extern const ls_fault ls_fault_bundle_attachment; /* invalid: a member's bytes are not those its name says */

typedef enum ls_bundle_kind {
    LS_BUNDLE_DRAFT,
    LS_BUNDLE_RECORD,
    LS_BUNDLE_EXCERPT,
    LS_BUNDLE_COURIER,
    LS_BUNDLE_EVIDENCE,
    LS_BUNDLE_PACKET
} ls_bundle_kind;

typedef struct ls_member {
    ls_bytes name, content; /* views into the bundle */
} ls_member;

typedef struct ls_bundle {
    ls_bundle_kind kind;
    size_t count; /* the first member, which says the kind, not counted */
    ls_member *members;
    const ls_member **by_name; /* the same, sorted */
} ls_bundle;

ls_result ls_bundle_parse(ls_arena *arena, ls_bytes file, ls_bundle *out, ls_detail *detail);
/* NULL if there is none. */
const ls_member *ls_bundle_member(const ls_bundle *b, const char *name);
/* Says of a member named attachments/<hex> which hash its name says; false for all others. */
bool ls_bundle_attachment_name(const ls_member *m, ls_hash *out);
/* The attachment with this hash (checked), ls_fault_absent, or another fault. An ls_fetch over a bundle; context is the
 * ls_bundle. */
ls_result ls_bundle_fetch(void *bundle, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out);

/* Writing, so that the caller can stream large members: begin, then members, then end. Nothing here looks for
 * duplicates: parsing does. */
#define LS_BUNDLE_ATTACHMENT_NAME_SIZE (sizeof "attachments/" + 2 * LS_HASH_SIZE)
void ls_bundle_attachment_format(const ls_hash *hash, char out[static LS_BUNDLE_ATTACHMENT_NAME_SIZE]);
void ls_bundle_begin(ls_buf *out, ls_bundle_kind kind);
/* Appends a member's 512-byte header; the caller appends size bytes of content and then ls_bundle_padding(size) zeros.
 * ls_fault_usage if the name or the size can't be in a bundle. */
ls_result ls_bundle_header(ls_buf *out, const char *name, uint64_t size);
size_t ls_bundle_padding(uint64_t size);
ls_result ls_bundle_put(ls_buf *out, const char *name, ls_bytes content); /* header, content, padding */
void ls_bundle_end(ls_buf *out);

#endif
