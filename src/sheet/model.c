/* What stands on a sheet: one table of sections, and the few words that come from us. */
#include "sheet/model.h"
#include <inttypes.h>
#include <stdio.h>

const ls_fault ls_fault_sheet_fonts = {LS_CLASS_ENVIRONMENT, "sheet-fonts", "there is no font to print with"};
const ls_fault ls_fault_sheet_failed = {LS_CLASS_ENVIRONMENT, "sheet-failed", "the sheet can't be printed"};

const char ls_sheet_mark[] = "EXERCISE";
const char ls_sheet_mark_meaning[] = "Nothing on this sheet can pass as real.";

#define WORDS_TEXT                                                                                                     \
    "Compare these with the words that your own side wrote down when it signed the charter. If one differs, this "     \
    "sheet is of another process: stop, and report."
#define FINDINGS_TEXT "In ink. What was not looked at is left empty and struck through."

static bool add_fact(ls_sheet_model *m, const char *name, const char *value)
{
    if (value == NULL) {
        return false;
    }
    m->fact[m->fact_count++] = (ls_sheet_pair){ls_bytes_str(name), ls_bytes_str(value)};
    return true;
}

#define GROUP 8 /* digits of a hash, so that an eye finds its place in it */

static const char *grouped(ls_arena *arena, const ls_hash *h)
{
    char hex[LS_HEX_HASH_SIZE], text[LS_HEX_HASH_SIZE + LS_HEX_HASH_SIZE / GROUP];
    size_t len = 0;
    ls_hash_format(h, hex);
    for (size_t i = 0; hex[i] != '\0'; i++) {
        if (i > 0 && i % GROUP == 0) {
            text[len++] = ' ';
        }
        text[len++] = hex[i];
    }
    return ls_arena_str(arena, ls_bytes_of(text, len));
}

static bool add_facts(ls_arena *arena, ls_sheet_model *m)
{
    const ls_sheet *s = m->sheet;
    bool made = true;
    if (s->sites > 0) {
        made = add_fact(m, "Site", ls_arena_format(arena, "%" PRIu64 " of %" PRIu64, s->site, s->sites));
    }
    if (made && s->draw != NULL) {
        made = add_fact(m, "Draw", grouped(arena, s->draw)) &&
               add_fact(m, "Position in the draw's list, from 0", ls_arena_format(arena, "%" PRIu64, s->position));
    }
    if (made && s->tranche.len > 0) {
        made = add_fact(m, "Declared row, from 0",
                        ls_arena_format(arena, "%" PRIu64 " of tranche %.*s", s->row, (int)s->tranche.len,
                                        (const char *)s->tranche.ptr));
    }
    return made;
}

static bool make_lines(ls_arena *arena, ls_sheet_model *m)
{
    const ls_sheet *s = m->sheet;
    char time[LS_TIME_SIZE] = "";
    ls_time_format(s->checkpoint_time, time);
    const char *record =
        s->checkpoint_size == 0
            ? ""
            : ls_arena_format(arena, "Record of %" PRIu64 " entries, checkpoint of %s", s->checkpoint_size, time);
    const char *codes = s->codes == NULL ? "" : ls_arena_format(arena, "Codes %s", s->codes->sheet);
    const char *title = ls_arena_format(arena, "%s%s%.*s", s->exercise ? ls_sheet_mark : "", s->exercise ? ": " : "",
                                        (int)s->title.len, (const char *)s->title.ptr);
    m->site = s->sites == 0 ? "" : ls_arena_format(arena, "Site %" PRIu64 " of %" PRIu64, s->site, s->sites);
    if (record == NULL || codes == NULL || title == NULL || m->site == NULL) {
        return false;
    }
    m->title = ls_bytes_str(title);
    m->foot = ls_arena_format(arena, "%s%s%s", record, record[0] != '\0' && codes[0] != '\0' ? " · " : "", codes);
    return m->foot != NULL;
}

static void add_section(ls_sheet_model *m, ls_section section)
{
    if (section.count > 0) {
        m->section[m->section_count++] = section;
    }
}

static void add_sections(ls_sheet_model *m)
{
    const ls_sheet *s = m->sheet;
    ls_bytes none = {0};
    size_t codes = s->codes == NULL ? 0 : s->codes->count;
    size_t words = s->charter == NULL ? 0 : LS_HASH_WORDS;
    add_section(m, (ls_section){LS_SECTION_PAIRS, "What was drawn", none, m->fact_count, m->fact});
    add_section(m, (ls_section){LS_SECTION_PAIRS, "What was declared", none, s->field_count, s->field});
    add_section(m, (ls_section){LS_SECTION_PAIRS, "For the inspector", none, s->note_count, s->note});
    add_section(m, (ls_section){LS_SECTION_WORDS, "The charter's fingerprint", ls_bytes_str(WORDS_TEXT), words, NULL});
    add_section(m,
                (ls_section){LS_SECTION_BLANKS, "What was found", ls_bytes_str(FINDINGS_TEXT), s->blank_count, NULL});
    add_section(m, (ls_section){LS_SECTION_SIGNATURES, "Signatures", none, s->signature_count, NULL});
    add_section(m, (ls_section){LS_SECTION_CODES, "The proof, as codes", s->reading, codes, NULL});
}

ls_result ls_sheet_model_make(ls_arena *arena, const ls_sheet *sheet, ls_sheet_model *out)
{
    ls_sheet_model m = {.sheet = sheet};
    if (!add_facts(arena, &m) || !make_lines(arena, &m)) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; sheet->charter != NULL && i < LS_HASH_WORDS; i++) {
        ls_hash_word(sheet->charter, i, m.word[i]);
    }
    *out = m;
    add_sections(out); /* they point into it */
    return LS_SUCCESS;
}
