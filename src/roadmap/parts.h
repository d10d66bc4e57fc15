/* What the files that read a roadmap share. */
#ifndef LS_ROADMAP_PARTS_H
#define LS_ROADMAP_PARTS_H

#include "process/field.h"
#include "roadmap/roadmap.h"

/* Whether a party has to be one that signs this accord, or only one of the charter's. */
typedef enum ls_party_of { LS_OF_CHARTER, LS_OF_ACCORD } ls_party_of;

typedef struct ls_roadmap_reader {
    ls_arena *arena;
    ls_diagnostics *d;
    const ls_charter *charter;
    ls_roadmap *roadmap;
    bool has_paragraphs; /* the text could be read */
    ls_ids parties;      /* of the charter */
    ls_ids tracks, steps, measures, events, rights, disputes, pledges, demands, declarations, inspections, paragraphs;
    const ls_value **source; /* of each measure; NULL: the roadmap was read before */
    bool *awaited;           /* of each event: something waits for it, or is a part of its amount */
} ls_roadmap_reader;

/* The party that a value names. */
bool ls_roadmap_read_party(ls_roadmap_reader *r, const ls_value *v, ls_party_of of, size_t *out);
/* A list of different parties; all of them, or none, if one is wrong. */
bool ls_roadmap_read_party_list(ls_roadmap_reader *r, const ls_value *map, const char *key, ls_party_of of,
                                ls_parties *out);
/* The keys that measures, pledges, demands and rights share: what, paragraph. */
void ls_roadmap_read_words(ls_roadmap_reader *r, const ls_value *v, ls_bytes *what, ls_bytes *paragraph);
/* The paragraph alone; it must be one of the text. */
void ls_roadmap_read_paragraph(ls_roadmap_reader *r, const ls_value *v, ls_bytes *out);
/* A key whose value is one of two words; absent: the first, which is false. */
void ls_roadmap_read_choice(ls_roadmap_reader *r, const ls_value *map, const char *key,
                            const char *const words[static 2], bool *second);
/* A key whose value is a length of time of at most 100 years. */
bool ls_roadmap_read_duration(ls_roadmap_reader *r, const ls_value *map, const char *key, ls_duration *out);
/* At most 100 years, which is as far as anything here reaches. */
bool ls_roadmap_duration_fits(ls_duration d);
/* A day, week, month or year, by name. */
bool ls_roadmap_period(ls_bytes name, ls_duration *out);
/* "25 %": more than nothing and at most the whole. */
bool ls_roadmap_percent(ls_bytes text, ls_quantity *out);

/* The moment under a key; with `map` lacking it, nothing. Ids of all that it may name, and what measures contain, are
 * known by then. */
void ls_roadmap_read_moment(ls_roadmap_reader *r, const ls_value *map, const char *key, ls_moment *out);
/* The same of a value that was found already; what names it. False, and diagnosed, if it is none. */
bool ls_roadmap_moment_of(ls_roadmap_reader *r, const ls_value *v, const char *what, ls_moment *out);
/* A list of moments. */
void ls_roadmap_read_moments(ls_roadmap_reader *r, const ls_value *map, const char *key, ls_moment **out,
                             size_t *count);

/* A reader of another document about a roadmap that was read before. False, and diagnosed, without memory. */
bool ls_roadmap_reader_about(ls_arena *arena, const ls_roadmap *roadmap, const ls_charter *charter, ls_diagnostics *d,
                             ls_roadmap_reader *out);

/* Each kind of thing in two passes: ids and all but moments; then, when all ids are known, the moments. */
void ls_roadmap_read_events(ls_roadmap_reader *r, const ls_value *v);
void ls_roadmap_read_event_moments(ls_roadmap_reader *r, const ls_value *v);
void ls_roadmap_read_steps(ls_roadmap_reader *r, const ls_value *v); /* the ids of measures, too */
void ls_roadmap_read_measures(ls_roadmap_reader *r);
void ls_roadmap_read_measure_moments(ls_roadmap_reader *r);
void ls_roadmap_read_rights(ls_roadmap_reader *r, const ls_value *v);
void ls_roadmap_read_right_moments(ls_roadmap_reader *r, const ls_value *v);
void ls_roadmap_read_disputes(ls_roadmap_reader *r, const ls_value *v);
void ls_roadmap_read_rules(ls_roadmap_reader *r, const ls_value *v);
void ls_roadmap_read_rule_moments(ls_roadmap_reader *r, const ls_value *v);
void ls_roadmap_read_declarations(ls_roadmap_reader *r, const ls_value *v);
/* When rights, declarations and measures are known; moments play no part in it. */
void ls_roadmap_read_inspections(ls_roadmap_reader *r, const ls_value *v);

/* Of the measure with this source: amount, at-most, units, shares, methods. Who performs is known. */
void ls_roadmap_read_amount(ls_roadmap_reader *r, const ls_value *v, ls_measure *m);
void ls_roadmap_read_method_moments(ls_roadmap_reader *r, const ls_value *v, ls_measure *m);
/* Parity takes its units from the other measure, when all have been read. */
void ls_roadmap_settle_parity(ls_roadmap_reader *r);

/* What only the whole can show. The first also fills in the order. */
void ls_roadmap_read_order(ls_roadmap_reader *r);
void ls_roadmap_check_deadlines(ls_roadmap_reader *r);
void ls_roadmap_check_declarations(ls_roadmap_reader *r);
void ls_roadmap_check_provisional(ls_roadmap_reader *r, const ls_value *v);
/* Of what is valid and yet hardly meant; for a roadmap without errors, of which all has been read. */
void ls_roadmap_warn(ls_roadmap_reader *r);

#endif
