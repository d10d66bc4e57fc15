/* The canonical tar form of bundles: one writer of headers, and a reader that writes them again to compare. */
#include "bundle/bundle.h"
#include "crypto/sha256.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

const ls_fault ls_fault_bundle_form = {LS_CLASS_INVALID, "bundle-form", "not a bundle in canonical form"};
const ls_fault ls_fault_bundle_attachment = {LS_CLASS_INVALID, "bundle-attachment",
                                             "an attachment's bytes are not those that its name says"};

#define BLOCK 512
#define SIZE_LIMIT (UINT64_C(1) << 33) /* eleven octal digits */
#define FIRST_MEMBER "lockstep-bundle"
#define FIRST_CONTENT "lockstep bundle v1\nkind: %s\n"
#define FOLDER "attachments/"

static const char *const kinds[] = {"draft", "record", "excerpt", "courier", "evidence", "packet"};
#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

/* A ustar header: where each field begins, and what stands in it. Name, size and checksum differ between members. */
typedef struct field {
    size_t offset;
    const char *name, *value;
} field;

static const field fields[] = {
    {0, "name", NULL},         {100, "mode", "0000644"},   {108, "owner", "0000000"},
    {116, "group", "0000000"}, {124, "size", NULL},        {136, "time", "00000000000"},
    {148, "checksum", NULL},   {156, "type", "0"},         {157, "link name", NULL},
    {257, "magic", "ustar"},   {263, "version", "00"},     {265, "user name", NULL},
    {297, "group name", NULL}, {329, "device", "0000000"}, {337, "minor device", "0000000"},
    {345, "prefix", NULL},
};
#define FIELD_COUNT (sizeof fields / sizeof fields[0])
#define SIZE_OFFSET 124
#define CHECKSUM_OFFSET 148
#define CHECKSUM_SIZE 8

static bool name_byte_valid(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-' || c == '/';
}

static bool name_valid(ls_bytes name)
{
    if (name.len == 0 || name.len > LS_BUNDLE_NAME_MAX || name.ptr[name.len - 1] == '/') {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        if (!name_byte_valid(name.ptr[i])) {
            return false;
        }
    }
    ls_reader r = ls_reader_of(name);
    ls_bytes part;
    while (ls_read_until(&r, '/', &part)) {
        if (part.len == 0 || ls_bytes_is(part, ".") || ls_bytes_is(part, "..")) {
            return false;
        }
    }
    return true;
}

/* The one header that a member of this name and size can have. */
static void make_header(ls_bytes name, uint64_t size, uint8_t out[static BLOCK])
{
    memset(out, 0, BLOCK);
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        if (fields[i].value != NULL) {
            memcpy(out + fields[i].offset, fields[i].value, strlen(fields[i].value));
        }
    }
    char text[16];
    memcpy(out, name.ptr, name.len);
    snprintf(text, sizeof text, "%011" PRIo64, size);
    memcpy(out + SIZE_OFFSET, text, 11);
    /* The checksum counts its own field as spaces. */
    memset(out + CHECKSUM_OFFSET, ' ', CHECKSUM_SIZE);
    unsigned sum = 0;
    for (size_t i = 0; i < BLOCK; i++) {
        sum += out[i];
    }
    snprintf(text, sizeof text, "%06o", sum);
    memcpy(out + CHECKSUM_OFFSET, text, 7);
}

size_t ls_bundle_padding(uint64_t size)
{
    return (size_t)((BLOCK - size % BLOCK) % BLOCK);
}

ls_result ls_bundle_header(ls_buf *out, const char *name, uint64_t size)
{
    if (!name_valid(ls_bytes_str(name)) || size >= SIZE_LIMIT) {
        return ls_fail(&ls_fault_usage);
    }
    uint8_t header[BLOCK];
    make_header(ls_bytes_str(name), size, header);
    ls_buf_put(out, header, sizeof header);
    return ls_buf_check(out);
}

static void put_zeros(ls_buf *out, size_t len)
{
    static const uint8_t zeros[2 * BLOCK];
    ls_buf_put(out, zeros, len);
}

ls_result ls_bundle_put(ls_buf *out, const char *name, ls_bytes content)
{
    LS_TRY(ls_bundle_header(out, name, content.len));
    ls_buf_put_bytes(out, content);
    put_zeros(out, ls_bundle_padding(content.len));
    return ls_buf_check(out);
}

void ls_bundle_begin(ls_buf *out, ls_bundle_kind kind)
{
    char content[64];
    snprintf(content, sizeof content, FIRST_CONTENT, kinds[kind]);
    if (ls_failed(ls_bundle_put(out, FIRST_MEMBER, ls_bytes_str(content)))) {
        out->failed = true;
    }
}

void ls_bundle_end(ls_buf *out)
{
    put_zeros(out, 2 * BLOCK);
}

void ls_bundle_attachment_format(const ls_hash *hash, char out[static LS_BUNDLE_ATTACHMENT_NAME_SIZE])
{
    memcpy(out, FOLDER, sizeof FOLDER - 1);
    ls_hash_format(hash, out + sizeof FOLDER - 1);
}

/* Names the field in which a header differs from the one that it should be. */
static ls_result header_differs(const uint8_t *found, const uint8_t *expected, size_t offset, ls_detail *detail)
{
    size_t at = 0;
    while (found[at] == expected[at]) {
        at++;
    }
    size_t i = FIELD_COUNT - 1;
    while (fields[i].offset > at) {
        i--;
    }
    return ls_fail_with(&ls_fault_bundle_form, detail, "the header at byte %zu is not canonical: %s (byte %zu)", offset,
                        fields[i].name, offset + at);
}

/* Tar's octal: eleven digits and a NUL. What else could stand there is not canonical and given as 0. */
static uint64_t read_octal(const uint8_t *digits)
{
    uint64_t value = 0;
    for (size_t i = 0; i < 11; i++) {
        if (digits[i] < '0' || digits[i] > '7') {
            return 0;
        }
        value = value * 8 + (uint64_t)(digits[i] - '0');
    }
    return value;
}

static bool all_zero(ls_bytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        if (bytes.ptr[i] != 0) {
            return false;
        }
    }
    return true;
}

/* A bundle being read. */
typedef struct parser {
    ls_bytes file;
    ls_reader r;
    ls_detail *detail;
} parser;

static size_t position(const parser *p)
{
    return p->file.len - ls_reader_left(&p->r);
}

static ls_result read_member(parser *p, ls_member *out)
{
    size_t offset = position(p);
    const uint8_t *header = ls_read_bytes(&p->r, BLOCK).ptr;
    if (header == NULL) {
        return ls_fail_with(&ls_fault_bundle_form, p->detail, "it ends within the header at byte %zu", offset);
    }
    ls_bytes name = ls_bytes_of(header, strnlen((const char *)header, LS_BUNDLE_NAME_MAX + 1));
    if (!name_valid(name)) {
        return ls_fail_with(&ls_fault_bundle_form, p->detail, "the header at byte %zu has a name that no member has",
                            offset);
    }
    uint64_t size = read_octal(header + SIZE_OFFSET);
    uint8_t expected[BLOCK];
    make_header(name, size, expected);
    if (memcmp(header, expected, BLOCK) != 0) {
        return header_differs(header, expected, offset, p->detail);
    }
    ls_bytes content = ls_read_bytes(&p->r, size);
    ls_bytes padding = ls_read_bytes(&p->r, ls_bundle_padding(size));
    if (p->r.failed) {
        return ls_fail_with(&ls_fault_bundle_form, p->detail, "it ends within %.*s", (int)name.len, name.ptr);
    }
    if (!all_zero(padding)) {
        return ls_fail_with(&ls_fault_bundle_form, p->detail, "after %.*s something else than zeros fills the block",
                            (int)name.len, name.ptr);
    }
    *out = (ls_member){name, content};
    return LS_SUCCESS;
}

/* True where the end begins: a zero block can't be a header. */
static bool at_end(const parser *p)
{
    return ls_reader_left(&p->r) >= BLOCK && all_zero(ls_bytes_of(p->r.ptr, BLOCK));
}

static ls_result read_end(parser *p)
{
    ls_bytes end = ls_read_bytes(&p->r, 2 * BLOCK);
    if (!ls_reader_done(&p->r) || !all_zero(end)) {
        return ls_fail_with(&ls_fault_bundle_form, p->detail,
                            "it must end with two zero blocks and nothing after them (byte %zu)", position(p));
    }
    return LS_SUCCESS;
}

static ls_result read_kind(parser *p, ls_bundle_kind *out)
{
    if (p->file.len < BLOCK || memcmp(p->file.ptr, FIRST_MEMBER, sizeof FIRST_MEMBER) != 0) {
        ls_hint(p->detail, "is this a file that lockstep made?");
        return ls_fail_with(&ls_fault_bundle_form, p->detail, "its first member is not " FIRST_MEMBER);
    }
    ls_member first;
    LS_TRY(read_member(p, &first));
    for (size_t i = 0; i < KIND_COUNT; i++) {
        char content[64];
        snprintf(content, sizeof content, FIRST_CONTENT, kinds[i]);
        if (ls_bytes_is(first.content, content)) {
            *out = (ls_bundle_kind)i;
            return LS_SUCCESS;
        }
    }
    return ls_fail_with(&ls_fault_bundle_form, p->detail, FIRST_MEMBER " names no kind of bundle known here");
}

static int compare_names(ls_bytes a, ls_bytes b)
{
    int order = memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_members(const void *a, const void *b)
{
    return compare_names((*(const ls_member *const *)a)->name, (*(const ls_member *const *)b)->name);
}

static ls_result sort_members(ls_arena *arena, ls_bundle *b, ls_detail *detail)
{
    b->by_name = ls_arena_array(arena, b->count, sizeof *b->by_name);
    if (b->by_name == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < b->count; i++) {
        b->by_name[i] = &b->members[i];
    }
    qsort(b->by_name, b->count, sizeof *b->by_name, compare_members);
    for (size_t i = 1; i < b->count; i++) {
        if (compare_members(&b->by_name[i - 1], &b->by_name[i]) == 0) {
            ls_bytes name = b->by_name[i]->name;
            return ls_fail_with(&ls_fault_bundle_form, detail, "%.*s is in it twice", (int)name.len, name.ptr);
        }
    }
    return LS_SUCCESS;
}

ls_result ls_bundle_parse(ls_arena *arena, ls_bytes file, ls_bundle *out, ls_detail *detail)
{
    parser p = {file, ls_reader_of(file), detail};
    ls_bundle b = {0};
    LS_TRY(read_kind(&p, &b.kind));
    /* A member takes a block at least: that bounds the array by the file's own size. */
    size_t most = ls_reader_left(&p.r) / BLOCK;
    most = most < LS_BUNDLE_MEMBERS_MAX ? most : LS_BUNDLE_MEMBERS_MAX;
    b.members = ls_arena_array(arena, most, sizeof *b.members);
    if (b.members == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    while (!at_end(&p)) {
        if (b.count == LS_BUNDLE_MEMBERS_MAX) {
            return ls_fail_with(&ls_fault_bundle_form, detail, "it has more than %d members", LS_BUNDLE_MEMBERS_MAX);
        }
        ls_member member;
        LS_TRY(read_member(&p, &member));
        if (ls_bytes_is(member.name, FIRST_MEMBER)) {
            return ls_fail_with(&ls_fault_bundle_form, detail, FIRST_MEMBER " is in it twice");
        }
        b.members[b.count++] = member;
    }
    LS_TRY(read_end(&p));
    LS_TRY(sort_members(arena, &b, detail));
    *out = b;
    return LS_SUCCESS;
}

const ls_member *ls_bundle_member(const ls_bundle *b, const char *name)
{
    const ls_member wanted = {ls_bytes_str(name), {0}}, *key = &wanted;
    const ls_member **found = bsearch(&key, b->by_name, b->count, sizeof *b->by_name, compare_members);
    return found == NULL ? NULL : *found;
}

bool ls_bundle_attachment_name(const ls_member *m, ls_hash *out)
{
    const size_t prefix = sizeof FOLDER - 1;
    return ls_bytes_starts(m->name, FOLDER) &&
           ls_hash_parse(ls_bytes_of(m->name.ptr + prefix, m->name.len - prefix), out);
}

ls_result ls_bundle_fetch(void *bundle, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out)
{
    (void)arena; /* the content is a view into the bundle */
    char name[LS_BUNDLE_ATTACHMENT_NAME_SIZE];
    ls_bundle_attachment_format(hash, name);
    const ls_member *member = ls_bundle_member(bundle, name);
    if (member == NULL || member->content.len > limit) {
        return ls_fail(member == NULL ? &ls_fault_absent : &ls_fault_bundle_attachment);
    }
    ls_hash actual;
    ls_sha256_hash(member->content, &actual);
    if (!ls_hash_equal(&actual, hash)) {
        return ls_fail(&ls_fault_bundle_attachment);
    }
    *out = member->content;
    return LS_SUCCESS;
}
