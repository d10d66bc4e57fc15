/* Packets: a draw computed again by whoever has the file, and every part of it that is missing, wrong or beyond it. */
#include "bundle/packet.h"
#include "bundle/verify.h"
#include "crypto/sha256.h"
#include "fixture/bundles.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char clauses[] =
    ",\"rights\":[{\"id\":\"rounds\",\"of\":\"usa\",\"what\":\"draw\",\"paragraph\":\"p2\",\"quota\":\"4 per year\","
    "\"from\":\"in force\"},{\"id\":\"challenges\",\"of\":\"usa\",\"what\":\"challenge\",\"paragraph\":\"p2\","
    "\"quota\":\"4 per year\",\"from\":\"in force\"}],"
    "\"inspections\":[{\"id\":\"baseline\",\"title\":\"Baseline\",\"paragraph\":\"p2\",\"of\":\"dprk\",\"by\":\"usa\","
    "\"declaration\":\"sites\",\"draws\":{\"right\":\"rounds\",\"rows\":3,\"replacements\":2,\"commit\":\"2 days\","
    "\"reveal\":\"2 days\",\"open\":\"5 days\"},\"challenges\":{\"right\":\"challenges\",\"radius\":\"50 km\","
    "\"areas\":\"touch\",\"without-coordinates\":\"are not covered\",\"answer\":\"5 "
    "days\",\"on-silence\":\"denied\"}}]";

#define POPULATION 7
#define NEAR 4 /* rows of tranche 1; those of tranche 2 follow */
#define ROWS 3
#define SPARE 2

enum { ACCORD = 2, DECLARE = 3 };

typedef struct story {
    fixture f;
    uint64_t draw, acts[64];
    size_t act_count; /* that the packet holds */
    ls_hash draw_id, charter;
    uint8_t nonce[2][32]; /* inspected, inspecting */
    ls_population_row drawn[POPULATION];
    bool blank[POPULATION]; /* by position */
    ls_bytes checkpoint;
    char packet[256];
} story;

static ls_population_row row_at(uint64_t position)
{
    return position < NEAR ? (ls_population_row){1, position} : (ls_population_row){2, position - NEAR};
}

static void set_hash(ls_act_draft *d, ls_header h, const ls_hash *value)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(value, hex);
    ls_act_draft_set(d, h, "%s", hex);
}

static void begin(story *s, size_t party, const char *kind, const ls_hash *ref, ls_act_draft *d)
{
    fixture_draft(&s->f, party, kind, d);
    set_hash(d, LS_H_ACCORD, &s->f.accord);
    set_hash(d, LS_H_REF, ref);
}

static ls_hash id_of(const story *s, uint64_t index)
{
    return ls_record_at(s->f.record, index).id;
}

/* Files it, with a stamp over it, and lets the packet hold it. */
static uint64_t file(story *s, ls_bytes note)
{
    uint64_t index = fixture_append(&s->f, note);
    fixture_stamp(&s->f);
    s->acts[s->act_count++] = index;
    return index;
}

static ls_result see_blank(void *context, uint32_t tranche, uint64_t row, const ls_opened_field *fields)
{
    (void)tranche;
    (void)row;
    *(bool *)context = fields[0].value.len == 0 && fields[1].value.len == 0;
    return LS_SUCCESS;
}

static ls_bytes single(story *s, ls_population_row row)
{
    return fixture_rows_file(&s->f, row.tranche, &row.row, 1, NULL);
}

/* Which rows the shuffle left blank. */
static void look(story *s)
{
    for (uint64_t i = 0; i < POPULATION; i++) {
        ls_opening_part *part;
        size_t count;
        ls_opening_report report;
        assert_null(ls_opening_parse(&s->f.arena, single(s, row_at(i)), 2, &part, &count).fault);
        assert_null(ls_opening_verify(part, &s->f.declaration[0].declared, see_blank, &s->blank[i], &report).fault);
        assert_int_equal(report.verdict, LS_OPENED);
    }
}

/* The protocol's formulas, on their own: SHA-256, and a sort of all tickets. */
typedef struct ticket {
    ls_hash hash;
    uint64_t position;
} ticket;

static int compare_tickets(const void *a, const void *b)
{
    return memcmp(((const ticket *)a)->hash.b, ((const ticket *)b)->hash.b, LS_HASH_SIZE);
}

static void put_label(ls_buf *b, const char *label, const ls_hash *draw)
{
    ls_buf_put_str(b, label);
    ls_buf_put_u8(b, 0);
    ls_buf_put(b, draw->b, LS_HASH_SIZE);
}

static void hash_and_free(ls_buf *b, ls_hash *out)
{
    ls_sha256_hash(ls_buf_bytes(b), out);
    ls_buf_free(b);
}

static void draw_again(story *s, uint64_t order[static POPULATION])
{
    ticket tickets[POPULATION];
    ls_buf b = {0};
    ls_hash seed;
    put_label(&b, "lockstep seed v1", &s->draw_id);
    ls_buf_put(&b, s->nonce, sizeof s->nonce);
    hash_and_free(&b, &seed);
    for (uint64_t i = 0; i < POPULATION; i++) {
        ls_buf_put(&b, seed.b, sizeof seed.b);
        ls_buf_put_u64(&b, i);
        hash_and_free(&b, &tickets[i].hash);
        tickets[i].position = i;
        b = (ls_buf){0};
    }
    qsort(tickets, POPULATION, sizeof *tickets, compare_tickets);
    for (size_t i = 0; i < POPULATION; i++) {
        order[i] = tickets[i].position;
    }
}

static ls_hash commitment(const story *s, size_t side, const char *party)
{
    ls_buf b = {0};
    ls_hash out;
    put_label(&b, "lockstep draw v1", &s->draw_id);
    ls_buf_put_u8(&b, (uint8_t)strlen(party));
    ls_buf_put_str(&b, party);
    ls_buf_put(&b, s->nonce[side], 32);
    hash_and_free(&b, &out);
    return out;
}

/* Nonces by which exactly this many of the chosen rows are blank, and none of the replacements: the shuffle is another
 * one in each run. */
static void choose_nonces(story *s, size_t blanks)
{
    uint64_t order[POPULATION];
    for (unsigned n = 0;; n++) {
        size_t among = 0, spare = 0;
        s->nonce[1][0] = (uint8_t)n;
        s->nonce[1][1] = (uint8_t)(n >> 8);
        draw_again(s, order);
        for (size_t i = 0; i < ROWS + SPARE; i++) {
            *(i < ROWS ? &among : &spare) += s->blank[order[i]];
        }
        if (among == blanks && spare == 0) {
            break;
        }
        assert_true(n < 65536);
    }
    for (size_t i = 0; i < POPULATION; i++) {
        s->drawn[i] = row_at(order[i]);
    }
}

static void open_process(story *s)
{
    *s = (story){0};
    fixture_open(&s->f, NULL);
    s->f.clauses = clauses;
    file(s, fixture_charter(&s->f));
    file(s, fixture_accord(&s->f));
    s->charter = *ls_record_process(s->f.record);
    file(s, fixture_declare(&s->f, fixture_inventory, NULL));
    look(s);
}

static void file_draw(story *s, const char *list)
{
    ls_act_draft d;
    ls_hash declare = id_of(s, s->acts[DECLARE - 1]);
    begin(s, FIXTURE_USA, "draw", &declare, &d);
    ls_act_draft_set(&d, LS_H_INSPECTION, "baseline");
    ls_act_draft_set(&d, LS_H_POPULATION, "%d", list == NULL ? POPULATION : 3);
    ls_act_draft_set(&d, LS_H_ROWS, "%d", list == NULL ? ROWS : 2);
    ls_act_draft_set(&d, LS_H_SPARE, "%d", list == NULL ? SPARE : 0);
    if (list != NULL) {
        ls_attachment a = fixture_attach(&s->f, "population.csv", "text/csv", ls_bytes_str(list));
        ls_act_draft_attach(&d, &a);
    }
    s->draw = file(s, fixture_finish(&s->f, &d));
    s->draw_id = id_of(s, s->draw);
}

static void file_commit(story *s, size_t side)
{
    ls_act_draft d;
    ls_hash value = commitment(s, side, side == 0 ? "dprk" : "usa");
    begin(s, side == 0 ? FIXTURE_DPRK : FIXTURE_USA, "commit", &s->draw_id, &d);
    set_hash(&d, LS_H_COMMITMENT, &value);
    file(s, fixture_finish(&s->f, &d));
}

static void file_reveal(story *s, size_t side)
{
    ls_act_draft d;
    ls_hash value;
    memcpy(value.b, s->nonce[side], sizeof value.b);
    begin(s, side == 0 ? FIXTURE_DPRK : FIXTURE_USA, "reveal", &s->draw_id, &d);
    set_hash(&d, LS_H_NONCE, &value);
    file(s, fixture_finish(&s->f, &d));
}

/* Opens rows for the draw (or whatever ref is), one part for each row, in the order given. */
static ls_bytes join_singles(story *s, const ls_population_row *rows, size_t count)
{
    ls_buf file = {0};
    const size_t head = sizeof "lockstep opening v1\n" - 1 + 4;
    ls_buf_put_str(&file, "lockstep opening v1\n");
    ls_buf_put_u32(&file, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        ls_bytes one = single(s, rows[i]);
        ls_buf_put_bytes(&file, ls_bytes_of(one.ptr + head, one.len - head));
    }
    ls_bytes kept = fixture_keep(&s->f, ls_buf_bytes(&file));
    ls_buf_free(&file);
    return kept;
}

/* The rows of each tranche in a part of its own: the form that open makes. */
static ls_bytes join_rows(story *s, const ls_population_row *rows, size_t count)
{
    const size_t head = sizeof "lockstep opening v1\n" - 1 + 4;
    ls_buf file = {0}, parts = {0};
    uint32_t part_count = 0;
    for (uint32_t k = 1; k <= 2; k++) {
        uint64_t numbers[POPULATION];
        size_t n = 0;
        for (uint64_t row = 0; row < NEAR; row++) {
            for (size_t i = 0; i < count; i++) {
                if (rows[i].tranche == k && rows[i].row == row) {
                    numbers[n++] = row;
                }
            }
        }
        if (n > 0) {
            ls_bytes one = fixture_rows_file(&s->f, k, numbers, n, NULL);
            ls_buf_put_bytes(&parts, ls_bytes_of(one.ptr + head, one.len - head));
            part_count++;
        }
    }
    ls_buf_put_str(&file, "lockstep opening v1\n");
    ls_buf_put_u32(&file, part_count);
    ls_buf_put_bytes(&file, ls_buf_bytes(&parts));
    ls_bytes kept = fixture_keep(&s->f, ls_buf_bytes(&file));
    ls_buf_free(&file);
    ls_buf_free(&parts);
    return kept;
}

static ls_bytes open_note(story *s, const ls_hash *ref, const ls_population_row *rows, size_t count, size_t blank)
{
    ls_act_draft d;
    begin(s, FIXTURE_DPRK, "open", ref, &d);
    ls_act_draft_set(&d, LS_H_DECLARATION, "sites");
    ls_act_draft_set(&d, LS_H_ROWS, "%zu", count);
    if (blank > 0) {
        ls_act_draft_set(&d, LS_H_BLANK, "%zu", blank);
    }
    ls_attachment a =
        fixture_attach(&s->f, "sites-rows.opening", "application/octet-stream", join_rows(s, rows, count));
    ls_act_draft_attach(&d, &a);
    return fixture_finish(&s->f, &d);
}

/* Up to both nonces. */
static void play(story *s, size_t blanks)
{
    open_process(s);
    file_draw(s, NULL);
    choose_nonces(s, blanks);
    file_commit(s, 0);
    file_commit(s, 1);
    file_reveal(s, 0);
    file_reveal(s, 1);
}

static void about(story *s, const char *kind, const ls_hash *id, const ls_population_row *row)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(id, hex);
    int n = snprintf(s->packet, sizeof s->packet, "lockstep packet v1\n%s: %s\n", kind, hex);
    if (row != NULL) {
        snprintf(s->packet + n, sizeof s->packet - (size_t)n, "row: %u/%llu\n", row->tranche,
                 (unsigned long long)row->row);
    }
}

/* The packet of all that was filed, but for one act. */
static ls_report verify_parts(story *s, bundles_parts parts, uint64_t but)
{
    uint64_t acts[64];
    ls_report report;
    ls_detail detail = {0};
    parts.acts = acts;
    for (size_t i = 0; i < s->act_count; i++) {
        if (s->acts[i] != but) {
            acts[parts.act_count++] = s->acts[i];
        }
    }
    parts.packet = s->packet[0] == '\0' ? NULL : s->packet;
    ls_bytes checkpoint = s->checkpoint.len > 0 ? s->checkpoint : fixture_checkpoint(&s->f);
    ls_bytes file = bundles_packet(&s->f, checkpoint, &parts);
    ls_result r = ls_verify_bundle(&s->f.arena, file, &s->charter, NULL, NULL, &report, &detail);
    assert_null(r.fault);
    return report;
}

static ls_report verify(story *s)
{
    return verify_parts(s, (bundles_parts){0}, UINT64_MAX);
}

static void print(const ls_report *r)
{
    for (size_t i = 0; i < r->count; i++) {
        print_message("%d %s: %s\n", (int)r->finding[i].level, r->finding[i].subject, r->finding[i].text);
    }
}

static bool has(const ls_report *r, ls_finding_level level, const char *subject, const char *words)
{
    for (size_t i = 0; i < r->count; i++) {
        const ls_finding *f = &r->finding[i];
        if (f->level == level && strstr(f->subject, subject) != NULL && strstr(f->text, words) != NULL) {
            return true;
        }
    }
    return false;
}

static void expect(const ls_report *r, ls_finding_level level, const char *subject, const char *words)
{
    if (!has(r, level, subject, words)) {
        print(r);
        fail_msg("no finding about %s says: %s", subject, words);
    }
}

static void expect_valid(const ls_report *r, bool valid)
{
    if (r->failed == valid || !r->anchored) {
        print(r);
        fail_msg("it should have been %s", valid ? "valid" : "invalid");
    }
}

static size_t count_failed(const ls_report *r)
{
    size_t count = 0;
    for (size_t i = 0; i < r->count; i++) {
        count += r->finding[i].level == LS_FINDING_FAILED;
    }
    return count;
}

static const char *name_of(story *s, const ls_population_row *row)
{
    return ls_arena_format(&s->f.arena, "row %u/%llu", row->tranche, (unsigned long long)row->row);
}

static void close_story(story *s)
{
    fixture_close(&s->f);
    free(s);
}

static story *new_story(size_t blanks)
{
    story *s = calloc(1, sizeof *s);
    assert_non_null(s);
    play(s, blanks);
    about(s, "draw", &s->draw_id, NULL);
    return s;
}

/* The rows that were drawn and a replacement for each blank one are opened: every one is found at its place. */
static void whole_draws(void **state)
{
    (void)state;
    for (size_t blanks = 0; blanks <= 2; blanks++) {
        story *s = new_story(blanks);
        file(s, open_note(s, &s->draw_id, s->drawn, ROWS + blanks, blanks));
        ls_report r = verify(s);
        expect_valid(&r, true);
        expect(&r, LS_FINDING_OK, "(draw by usa)", "of 7 rows 3 were drawn, and 2 stand by");
        expect(&r, LS_FINDING_NOTE, "packet", "only the whole record shows");
        assert_int_equal(r.packet->count, ROWS + SPARE);
        for (size_t i = 0; i < ROWS + SPARE; i++) {
            const ls_drawn_row *x = &r.packet->rows[i];
            assert_int_equal(ls_population_row_compare(&x->row, &s->drawn[i]), 0);
            assert_int_equal(x->replacement, i >= ROWS);
            if (i >= ROWS + blanks) {
                assert_int_equal(x->state, LS_DRAWN_SPARE);
                continue;
            }
            uint64_t position = x->row.row + (x->row.tranche == 2 ? NEAR : 0);
            assert_int_equal(x->position, position);
            assert_int_equal(x->state, s->blank[position] ? LS_DRAWN_BLANK : LS_DRAWN_OPENED);
            expect(&r, LS_FINDING_OK, name_of(s, &x->row), i < ROWS ? "drawn as number" : "replacement");
        }
        close_story(s);
    }
}

/* Everything that a draw is computed from is named where it is missing. */
static void parts_missing(void **state)
{
    (void)state;
    static const struct {
        size_t act;
        const char *subject, *words;
    } cases[] = {{ACCORD - 1, "draw", "the accord's roadmap is not in this file"},
                 {DECLARE - 1, "draw", "the declaration that it draws from is not in this file"},
                 {3, "packet", "the draw that it is about is not in this file"},
                 {4, "draw", "the commitment of dprk is not in this file"},
                 {5, "draw", "the commitment of usa is not in this file"},
                 {6, "draw", "the nonce of dprk is not in this file"},
                 {7, "draw", "the nonce of usa is not in this file"}};
    story *s = new_story(0);
    file(s, open_note(s, &s->draw_id, s->drawn, ROWS, 0));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ls_report r = verify_parts(s, (bundles_parts){0}, s->acts[cases[i].act]);
        expect_valid(&r, false);
        expect(&r, LS_FINDING_FAILED, cases[i].subject, cases[i].words);
        assert_int_equal(r.packet->count, 0);
    }
    ls_report r = verify_parts(s, (bundles_parts){0}, s->acts[8]);
    assert_int_equal(count_failed(&r), ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        expect(&r, LS_FINDING_FAILED, name_of(s, &s->drawn[i]), "and not opened in this file");
    }
    r = verify_parts(s, (bundles_parts){.without = ".opening"}, UINT64_MAX);
    assert_int_equal(count_failed(&r), ROWS);
    /* Without the text and the manifest all of it can be told. */
    r = verify_parts(s, (bundles_parts){.without = ".md"}, UINT64_MAX);
    expect_valid(&r, true);
    r = verify_parts(s, (bundles_parts){.without = "manifest"}, UINT64_MAX);
    expect_valid(&r, true);
    r = verify_parts(s, (bundles_parts){.without = "roadmap.json"}, UINT64_MAX);
    expect(&r, LS_FINDING_FAILED, "draw", "the accord's roadmap is not in this file");
    s->packet[0] = '\0';
    r = verify(s);
    expect(&r, LS_FINDING_FAILED, "packet", "it is missing");
    close_story(s);
}

/* Opened too few, or others than were drawn. */
static void other_rows(void **state)
{
    (void)state;
    story *s = new_story(0);
    file(s, open_note(s, &s->draw_id, s->drawn, ROWS - 1, 0));
    ls_report r = verify(s);
    assert_int_equal(count_failed(&r), 1);
    expect(&r, LS_FINDING_FAILED, name_of(s, &s->drawn[ROWS - 1]), "drawn as number 3, and not opened in this file");
    ls_population_row stranger = s->drawn[POPULATION - 1];
    file(s, open_note(s, &s->draw_id, &stranger, 1, 0));
    r = verify(s);
    assert_int_equal(count_failed(&r), 2);
    expect(&r, LS_FINDING_FAILED, name_of(s, &stranger), "it is opened for this draw, and was not drawn");
    file(s, open_note(s, &s->draw_id, &s->drawn[ROWS], 1, 0));
    r = verify(s);
    assert_int_equal(count_failed(&r), 2);
    expect(&r, LS_FINDING_NOTE, name_of(s, &s->drawn[ROWS]), "replacement 1; opened in act");
    close_story(s);
}

/* A blank row is missing its replacement. */
static void replacement_missing(void **state)
{
    (void)state;
    story *s = new_story(1);
    file(s, open_note(s, &s->draw_id, s->drawn, ROWS, 1));
    ls_report r = verify(s);
    assert_int_equal(count_failed(&r), 1);
    expect(&r, LS_FINDING_FAILED, name_of(s, &s->drawn[ROWS]), "replacement 1, and not opened in this file");
    close_story(s);
}

/* What was opened for something else does not count for a draw. */
static void opened_for_another(void **state)
{
    (void)state;
    story *s = new_story(0);
    file(s, fixture_open_act(&s->f, 0, ROWS, join_rows(s, s->drawn, ROWS)));
    ls_report r = verify(s);
    assert_int_equal(count_failed(&r), ROWS);
    /* But rows that stand alone do. */
    ls_bytes singles[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        singles[i] = single(s, s->drawn[i]);
    }
    r = verify_parts(s, (bundles_parts){.openings = singles, .opening_count = ROWS}, UINT64_MAX);
    expect_valid(&r, true);
    expect(&r, LS_FINDING_OK, name_of(s, &s->drawn[0]), "opened in this file");
    close_story(s);
}

/* One site: charter, roadmap, declare, the draw's acts, and one row. */
static void one_site(void **state)
{
    (void)state;
    story *s = new_story(0);
    for (size_t i = 0; i < ROWS + SPARE; i++) {
        ls_bytes one = single(s, s->drawn[i]);
        about(s, "draw", &s->draw_id, &s->drawn[i]);
        ls_report r =
            verify_parts(s, (bundles_parts){.openings = &one, .opening_count = 1, .without = "manifest"}, UINT64_MAX);
        expect_valid(&r, true);
        expect(&r, LS_FINDING_NOTE, name_of(s, &s->drawn[i]),
               i < ROWS ? "others show the other rows" : "takes the place of a blank row");
        /* About one row, with the opening of another. */
        about(s, "draw", &s->draw_id, &s->drawn[(i + 1) % ROWS]);
        r = verify_parts(s, (bundles_parts){.openings = &one, .opening_count = 1}, UINT64_MAX);
        assert_int_equal(count_failed(&r), 1);
        expect(&r, LS_FINDING_FAILED, name_of(s, &s->drawn[(i + 1) % ROWS]), "does not open it");
    }
    about(s, "draw", &s->draw_id, &s->drawn[POPULATION - 1]);
    ls_bytes stranger = single(s, s->drawn[POPULATION - 1]);
    ls_report r = verify_parts(s, (bundles_parts){.openings = &stranger, .opening_count = 1}, UINT64_MAX);
    expect_valid(&r, false);
    expect(&r, LS_FINDING_FAILED, name_of(s, &s->drawn[POPULATION - 1]), "it was not drawn");
    close_story(s);
}

/* A member that is no opening of a single row. */
static void singles_refused(void **state)
{
    (void)state;
    story *s = new_story(0);
    file(s, open_note(s, &s->draw_id, s->drawn, ROWS, 0));
    ls_bytes good = single(s, s->drawn[0]), two = join_singles(s, s->drawn, 2), whole = fixture_tranche_file(&s->f, 1);
    ls_bytes cut = {good.ptr, good.len - 1}, changed = fixture_keep(&s->f, good);
    ((uint8_t *)(uintptr_t)changed.ptr)[changed.len - 1] ^= 1;
    const ls_bytes bad[] = {two, whole, cut, ls_bytes_str("lockstep opening v1\n")};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ls_report r = verify_parts(s, (bundles_parts){.openings = &bad[i], .opening_count = 1}, UINT64_MAX);
        assert_int_equal(count_failed(&r), 1);
        expect(&r, LS_FINDING_FAILED, "opening/1", "it is not the opening of a single row");
    }
    ls_report r = verify_parts(s, (bundles_parts){.openings = &changed, .opening_count = 1}, UINT64_MAX);
    assert_int_equal(count_failed(&r), 1);
    expect(&r, LS_FINDING_FAILED, "opening/1", "not an opening of tranche");
    close_story(s);
}

/* Another charter than the one that is trusted is not worth computing a draw for. */
static void another_charter(void **state)
{
    (void)state;
    story *s = new_story(0);
    s->charter.b[0] ^= 1;
    ls_report r = verify(s);
    assert_true(r.failed);
    assert_false(r.anchored);
    assert_int_equal(r.packet->count, 0);
    close_story(s);
}

/* Of the rows of a list, by positions in it. */
static void listed_rows(void **state)
{
    (void)state;
    static const char list[] = "tranche,row\n1,0\n1,2\n2,1\n";
    static const ls_population_row rows[] = {{1, 0}, {1, 2}, {2, 1}};
    story *s = calloc(1, sizeof *s);
    assert_non_null(s);
    open_process(s);
    file_draw(s, list);
    file_commit(s, 0);
    file_commit(s, 1);
    file_reveal(s, 0);
    file_reveal(s, 1);
    about(s, "draw", &s->draw_id, NULL);
    file(s, open_note(s, &s->draw_id, rows, 3, 0));
    ls_report r = verify(s);
    /* Two of three were drawn, so one was not. */
    assert_int_equal(r.packet->count, 2);
    assert_int_equal(count_failed(&r), 1);
    expect(&r, LS_FINDING_FAILED, "row ", "was not drawn");
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(ls_population_row_compare(&r.packet->rows[i].row, &rows[r.packet->rows[i].position]), 0);
    }
    r = verify_parts(s, (bundles_parts){.without = "population"}, UINT64_MAX);
    expect(&r, LS_FINDING_FAILED, "draw", "the list of rows that it draws from is not in this file");
    close_story(s);
}

/* Who is free to choose names positions. */
static void chosen_rows(void **state)
{
    (void)state;
    story *s = calloc(1, sizeof *s);
    assert_non_null(s);
    open_process(s);
    file_draw(s, NULL);
    ls_act_draft d;
    begin(s, FIXTURE_USA, "choose", &s->draw_id, &d);
    ls_act_draft_set(&d, LS_H_ROWS, "2");
    ls_buf_put_str(&d.text, "1\n5\n");
    file(s, fixture_finish(&s->f, &d));
    about(s, "draw", &s->draw_id, NULL);
    const ls_population_row rows[] = {{1, 1}, {2, 1}};
    ls_report r = verify(s);
    assert_int_equal(count_failed(&r), 2);
    file(s, open_note(s, &s->draw_id, rows, 2, 0));
    r = verify(s);
    expect_valid(&r, true);
    expect(&r, LS_FINDING_NOTE, "draw", "usa chose these 2 rows, without a draw; that dprk had defaulted");
    close_story(s);
}

/* A checkpoint over the entries as they lie there now, whatever a record would say of them. */
static void sign_anyhow(story *s)
{
    ls_hash leaf[256], root;
    ls_buf note = {0}, signature = {0};
    ls_merkle_leaves(s->f.entry, s->f.entry_count, leaf);
    ls_merkle_root(leaf, s->f.entry_count, &root);
    ls_buf_format(&note, "%s\n%zu\n", s->f.ledger.vkey.name, s->f.entry_count);
    ls_buf_put_base64(&note, ls_bytes_of(root.b, sizeof root.b));
    ls_buf_put_str(&note, "\n");
    ls_note_sign(&signature, ls_buf_bytes(&note), &s->f.ledger.vkey, s->f.ledger.secret);
    ls_buf_put_str(&note, "\n");
    ls_buf_put_bytes(&note, ls_buf_bytes(&signature));
    s->checkpoint = fixture_keep(&s->f, ls_buf_bytes(&note));
    ls_buf_free(&note);
    ls_buf_free(&signature);
}

/* What no record accepts is found in an excerpt, too, for a ledger may sign anything. */
static void rules_broken(void **state)
{
    (void)state;
    story *s = new_story(0);
    uint64_t reveal = s->acts[6];
    ls_bytes note = s->f.entry[reveal];
    s->f.entry[reveal] = s->f.entry[s->acts[5]];
    s->f.entry[s->acts[5]] = note;
    sign_anyhow(s);
    ls_report r = verify(s);
    expect_valid(&r, false);
    expect(&r, LS_FINDING_FAILED, "draw", "in another order than the rules allow");
    s->f.entry[s->acts[5]] = s->f.entry[reveal];
    s->f.entry[reveal] = note;
    /* A nonce that was never committed to: an act that no record takes, under a checkpoint all the same. */
    ls_act_draft d;
    ls_hash other = {{9}};
    begin(s, FIXTURE_DPRK, "reveal", &s->draw_id, &d);
    set_hash(&d, LS_H_NONCE, &other);
    s->f.entry[reveal] = fixture_finish(&s->f, &d);
    sign_anyhow(s);
    r = verify(s);
    expect_valid(&r, false);
    expect(&r, LS_FINDING_FAILED, "draw", "the nonce of dprk is not the one it committed to");
    close_story(s);
}

static uint64_t file_challenge(story *s)
{
    ls_act_draft d;
    fixture_draft(&s->f, FIXTURE_USA, "challenge", &d);
    set_hash(&d, LS_H_ACCORD, &s->f.accord);
    ls_act_draft_set(&d, LS_H_INSPECTION, "baseline");
    ls_act_draft_set(&d, LS_H_PLACE, "39.7956 125.755");
    ls_act_draft_set(&d, LS_H_RADIUS, "5000");
    return file(s, fixture_finish(&s->f, &d));
}

static void challenges(void **state)
{
    (void)state;
    story *s = calloc(1, sizeof *s);
    assert_non_null(s);
    open_process(s);
    ls_hash id = id_of(s, file_challenge(s));
    about(s, "challenge", &id, NULL);
    ls_report r = verify(s);
    expect_valid(&r, true);
    expect(&r, LS_FINDING_NOTE, "(challenge by usa)", "within 5000 m of 39.7956 125.755");
    expect(&r, LS_FINDING_NOTE, "(challenge by usa)", "no answer");
    ls_population_row row = {1, 2};
    uint64_t open = file(s, open_note(s, &id, &row, 1, 0));
    r = verify(s);
    expect_valid(&r, true);
    expect(&r, LS_FINDING_NOTE, "(open by dprk)", "opens rows in answer");
    ls_act_draft d;
    begin(s, FIXTURE_DPRK, "deny", &id, &d);
    file(s, fixture_finish(&s->f, &d));
    r = verify_parts(s, (bundles_parts){0}, open);
    expect_valid(&r, true);
    expect(&r, LS_FINDING_NOTE, "(deny by dprk)", "denies");
    /* A draw's packet is not a challenge's. */
    about(s, "draw", &id, NULL);
    r = verify(s);
    expect(&r, LS_FINDING_FAILED, "packet", "the draw that it is about is not in this file");
    close_story(s);
}

/* A report act about the draw, with this report.json; extra: a file beside it, or NULL. */
static uint64_t file_report(story *s, size_t party, const char *finding, const char *json, const char *extra)
{
    ls_act_draft d;
    begin(s, party, "report", &s->draw_id, &d);
    ls_act_draft_set(&d, LS_H_FINDING, "%s", finding);
    ls_attachment a = fixture_attach(&s->f, "report.json", "application/json", ls_bytes_str(json));
    ls_act_draft_attach(&d, &a);
    if (extra != NULL) {
        a = fixture_attach(&s->f, "gate.jpg", "image/jpeg", ls_bytes_str(extra));
        ls_act_draft_attach(&d, &a);
    }
    return file(s, fixture_finish(&s->f, &d));
}

/* Its report.json; hash: of a file that it names, or NULL. */
static const char *report_json(story *s, const ls_hash *about, const char *finding, const char *found,
                               const ls_hash *hash)
{
    char id[LS_HEX_HASH_SIZE], hex[LS_HEX_HASH_SIZE];
    ls_hash_format(about, id);
    const char *files = "";
    if (hash != NULL) {
        ls_hash_format(hash, hex);
        files = ls_arena_format(&s->f.arena,
                                "{\"bytes\":5,\"hash\":\"%s\",\"name\":\"gate.jpg\",\"what\":\"the gate\"}", hex);
    }
    return ls_arena_format(&s->f.arena,
                           "{\"about\":\"%s\",\"anomalies\":[],\"counts\":[],\"fields\":[{\"declared\":\"Mill\","
                           "\"found\":\"%s\",\"name\":\"name\"}],\"files\":[%s],\"finding\":\"%s\","
                           "\"from\":\"2018-11-02\",\"inspectors\":[\"A. Kim\"],"
                           "\"lockstep\":\"inspection report v1\",\"remarks\":\"\",\"row\":\"1/0\",\"seals\":[],"
                           "\"to\":\"2018-11-02\"}",
                           id, found, files, finding);
}

/* A report whose file is not what its act says, or says of itself. */
static void reports_that_do_not_hold(void **state)
{
    (void)state;
    static const ls_hash other = {{1}};
    ls_hash photo;
    ls_sha256_hash(ls_bytes_str("photo"), &photo);
    story *s = new_story(0);
    file(s, open_note(s, &s->draw_id, s->drawn, ROWS, 0));
    const struct {
        const char *finding, *json, *extra, *words;
        ls_finding_level level;
    } cases[] = {
        {"consistent", report_json(s, &s->draw_id, "consistent", "Mill", NULL), NULL, "it reports: consistent",
         LS_FINDING_OK},
        {"consistent", report_json(s, &s->draw_id, "consistent", "Mill", &photo), "photo", "it reports: consistent",
         LS_FINDING_OK},
        {"consistent", report_json(s, &other, "consistent", "Mill", NULL), NULL, "about another act",
         LS_FINDING_FAILED},
        {"discrepancy", report_json(s, &s->draw_id, "consistent", "Mill", NULL), NULL, "another finding than the act",
         LS_FINDING_FAILED},
        {"consistent", "{}", NULL, "its report.json does not hold", LS_FINDING_FAILED},
        {"consistent", report_json(s, &s->draw_id, "consistent", "Mill", &photo), NULL,
         "gate.jpg that its report names is not attached", LS_FINDING_FAILED},
        {"consistent", report_json(s, &s->draw_id, "consistent", "Mill", &photo), "other", "is not attached",
         LS_FINDING_FAILED},
        {"consistent", report_json(s, &s->draw_id, "consistent", "Dairy", NULL), NULL, "which does not follow",
         LS_FINDING_NOTE},
        {"consistent", "{\"lockstep\":\"inspection conclusion v1\"}", NULL, "on the record", LS_FINDING_OK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t before = s->act_count;
        file_report(s, FIXTURE_USA, cases[i].finding, cases[i].json, cases[i].extra);
        ls_report r = verify(s);
        expect(&r, cases[i].level, "(report by usa)", cases[i].words);
        expect_valid(&r, cases[i].level != LS_FINDING_FAILED);
        assert_int_equal(count_failed(&r), cases[i].level == LS_FINDING_FAILED);
        s->act_count = before;
    }
    /* Where a file is not here, nobody can say that it was not attached. */
    file_report(s, FIXTURE_USA, "consistent", report_json(s, &s->draw_id, "consistent", "Mill", &photo), "photo");
    ls_report r = verify_parts(s, (bundles_parts){.without = "gate"}, UINT64_MAX);
    expect_valid(&r, true);
    expect(&r, LS_FINDING_NOTE, "(report by usa)", "gate.jpg that its report names is not here");
    close_story(s);
}

static size_t count_contradictions(const ls_report *r)
{
    size_t count = 0;
    for (size_t i = 0; i < r->count; i++) {
        count += strncmp(r->finding[i].text, "CONTRADICTION", 13) == 0;
        assert_true(strncmp(r->finding[i].text, "CONTRADICTION", 13) != 0 || r->finding[i].level == LS_FINDING_NOTE);
    }
    return count;
}

static void reports_that_contradict(void **state)
{
    (void)state;
    story *s = new_story(0);
    file(s, open_note(s, &s->draw_id, s->drawn, ROWS, 0));
    file_report(s, FIXTURE_USA, "consistent", report_json(s, &s->draw_id, "consistent", "Mill", NULL), NULL);
    file_report(s, FIXTURE_DPRK, "consistent", report_json(s, &s->draw_id, "consistent", "Mill", NULL), NULL);
    ls_report r = verify(s);
    assert_int_equal(count_contradictions(&r), 0);
    /* The finding and a field, against each side's first. */
    file_report(s, FIXTURE_USA, "discrepancy", report_json(s, &s->draw_id, "discrepancy", "Dairy", NULL), NULL);
    r = verify(s);
    expect_valid(&r, true);
    assert_int_equal(count_contradictions(&r), 4);
    expect(&r, LS_FINDING_NOTE, "(report by usa)", "field name is \"Mill\" by dprk there, and \"Dairy\" by usa here");
    /* One more of the same is compared with the firsts alone. */
    file_report(s, FIXTURE_USA, "discrepancy", report_json(s, &s->draw_id, "discrepancy", "Barn", NULL), NULL);
    r = verify(s);
    assert_int_equal(count_contradictions(&r), 8);
    close_story(s);
}

/* The text that says what a packet is about has one form. */

#define HEX "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void forms(void **state)
{
    (void)state;
    static const char *const good[] = {
        "lockstep packet v1\ndraw: " HEX "\n", "lockstep packet v1\nchallenge: " HEX "\n",
        "lockstep packet v1\ndraw: " HEX "\nrow: 1/0\n", "lockstep packet v1\ndraw: " HEX "\nrow: 4096/17179869184\n"};
    static const char *const bad[] = {"",
                                      "lockstep packet v1\n",
                                      "lockstep packet v1\ndraw: " HEX,
                                      "lockstep packet v2\ndraw: " HEX "\n",
                                      "lockstep packet v1\ndraw:  " HEX "\n",
                                      "lockstep packet v1\nvisit: " HEX "\n",
                                      "lockstep packet v1\ndraw: " HEX "\n\n",
                                      "lockstep packet v1\ndraw: " HEX "\nrow: 0/0\n",
                                      "lockstep packet v1\ndraw: " HEX "\nrow: 01/0\n",
                                      "lockstep packet v1\ndraw: " HEX "\nrow: 1/\n",
                                      "lockstep packet v1\ndraw: " HEX "\nrow: /1\n",
                                      "lockstep packet v1\ndraw: " HEX "\nrow: 1\n",
                                      "lockstep packet v1\ndraw: " HEX "\nrow: 1/2/3\n",
                                      "lockstep packet v1\ndraw: " HEX "\nrow: 1/-2\n",
                                      "lockstep packet v1\ndraw: " HEX "\nrow: 1/2\nrow: 1/2\n",
                                      "lockstep packet v1\r\ndraw: " HEX "\r\n"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ls_packet p;
        ls_buf out = {0};
        assert_null(ls_packet_parse(ls_bytes_str(good[i]), &p).fault);
        ls_packet_format(&p, &out);
        assert_string_equal(ls_buf_cstr(&out), good[i]);
        ls_buf_free(&out);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ls_packet p = {.single = true}, before = p;
        assert_ptr_equal(ls_packet_parse(ls_bytes_str(bad[i]), &p).fault, &ls_fault_packet_form);
        assert_memory_equal(&p, &before, sizeof p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_draws),
        cmocka_unit_test(parts_missing),
        cmocka_unit_test(other_rows),
        cmocka_unit_test(replacement_missing),
        cmocka_unit_test(opened_for_another),
        cmocka_unit_test(one_site),
        cmocka_unit_test(singles_refused),
        cmocka_unit_test(another_charter),
        cmocka_unit_test(listed_rows),
        cmocka_unit_test(chosen_rows),
        cmocka_unit_test(rules_broken),
        cmocka_unit_test(challenges),
        cmocka_unit_test(forms),
        cmocka_unit_test(reports_that_do_not_hold),
        cmocka_unit_test(reports_that_contradict),
    };
    assert_null(ls_crypto_init().fault);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
