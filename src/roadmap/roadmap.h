/*
 * The roadmap: what the parties have agreed to do, as the machine reads it (docs/roadmap.md).
 *
 * People write YAML beside a prose text whose paragraphs carry identifiers ("[p1] …" at a paragraph's start); what is
 * signed is the YAML's canonical JSON. Both are read by the same function into the same struct.
 */
#ifndef LS_ROADMAP_ROADMAP_H
#define LS_ROADMAP_ROADMAP_H

#include "base/value.h"
#include "process/charter.h"

#define LS_DATE_LIMIT_DEFAULT 7 /* days */
#define LS_DATE_LIMIT_MAX 366
#define LS_TRACKS_MAX 64
#define LS_STEPS_MAX 256
#define LS_MEASURES_MAX 1000
#define LS_AFTER_MAX 64
#define LS_EVENTS_MAX 500
#define LS_RIGHTS_MAX 64
#define LS_DISPUTES_MAX 16
#define LS_STAGES_MAX 16
#define LS_METHODS_MAX 16
#define LS_UNITS_MAX 16
#define LS_PLEDGES_MAX 1000
#define LS_DEMANDS_MAX 1000
#define LS_DECLARATIONS_MAX 64
#define LS_INSPECTIONS_MAX 16
#define LS_LIMITS_MAX 16
#define LS_FIELDS_MAX 1024
#define LS_ROADMAP_TRANCHES_MAX 1024
#define LS_PARAGRAPHS_MAX 2000
#define LS_TEXT_MAX (4u << 20) /* bytes of the prose */

/* A set of the charter's parties: bit p is party p. */
typedef uint32_t ls_parties;
#define LS_PARTY_BIT(p) (UINT32_C(1) << (p))
_Static_assert(LS_PARTIES_MAX <= 32, "a set of parties fits into 32 bits");

/* Amounts are whole thousandths of a unit, so that three decimals are exact. */
typedef int64_t ls_quantity;
#define LS_QUANTITY_ONE 1000
#define LS_QUANTITY_MAX INT64_C(1000000000000000) /* 10^12 units */
#define LS_QUANTITY_NONE INT64_MIN                /* not stated, or not known yet */
#define LS_PERCENT_ALL (100 * LS_QUANTITY_ONE)    /* a percentage is a quantity, too */
#define LS_QUANTITY_SIZE 24
/* A number with at most three decimals: "6200", "0.5"; no sign, no leading zeros. */
bool ls_quantity_parse(ls_bytes text, ls_quantity *out);
void ls_quantity_format(ls_quantity q, char out[static LS_QUANTITY_SIZE]);
/* So many percent of it; up: rounded up to the next thousandth. */
ls_quantity ls_quantity_percent(ls_quantity q, ls_quantity percent, bool up);

/* A radius around a place: "50 km", "2.5 km", "500 m"; whole metres, more than none. Untouched if it is none. */
#define LS_RADIUS_MAX 1000000 /* metres: the most that an accord may allow */
#define LS_RADIUS_SIZE 24
bool ls_radius_parse(ls_bytes text, uint64_t *metres);
void ls_radius_format(uint64_t metres, char out[static LS_RADIUS_SIZE]);

/* What can happen to a measure that others wait for. */
typedef enum ls_event_kind {
    LS_EVENT_PROMISED,
    LS_EVENT_BEGUN,
    LS_EVENT_PERFORMED,
    LS_EVENT_CONFIRMED,
    LS_EVENT_OVERDUE,
    LS_EVENT_BREACHED,
    LS_EVENT_KINDS
} ls_event_kind;

/*
 * A moment: when something has happened or will, as an expression in postfix form. Most put one time on a stack; DELAY
 * replaces the topmost, EARLIEST and LATEST the `count` topmost ones. text is how it was written, for people.
 */
typedef enum ls_moment_kind {
    LS_MOMENT_SIGNED,
    LS_MOMENT_IN_FORCE,
    LS_MOMENT_RATIFIED, /* subject: party */
    LS_MOMENT_DATE,
    LS_MOMENT_EVENT,    /* subject: event */
    LS_MOMENT_MEASURE,  /* subject: measure; what: an ls_event_kind; amount: of it, if a milestone */
    LS_MOMENT_STEP,     /* subject: step, complete */
    LS_MOMENT_DISPUTE,  /* subject: procedure; what: an ls_dispute_event */
    LS_MOMENT_DELAY,    /* duration */
    LS_MOMENT_EARLIEST, /* count */
    LS_MOMENT_LATEST    /* count */
} ls_moment_kind;

typedef enum ls_dispute_event { LS_DISPUTE_OPENED, LS_DISPUTE_SETTLED, LS_DISPUTE_EXHAUSTED } ls_dispute_event;

typedef struct ls_moment_op {
    ls_moment_kind kind;
    bool inner;   /* a duration runs from it: then it is a moment that came, even within a deadline */
    bool percent; /* amount is a percentage of the measure's */
    uint8_t what;
    uint16_t subject, count;
    ls_date date;
    ls_duration duration;
    ls_quantity amount; /* LS_QUANTITY_NONE: all of it */
} ls_moment_op;

#define LS_MOMENT_STACK 64 /* no moment needs more */

typedef struct ls_moment {
    size_t count; /* 0: there is none */
    const ls_moment_op *op;
    ls_bytes text;
} ls_moment;

/* How much a measure is about. */
typedef enum ls_amount_kind {
    LS_AMOUNT_NONE,
    LS_AMOUNT_TOTAL,   /* number, in parts */
    LS_AMOUNT_RATE,    /* number in each period, until the measure's `until` */
    LS_AMOUNT_PERCENT, /* number % of what was attested with event `subject` */
    LS_AMOUNT_PARITY,  /* as much as was confirmed of measure `subject` */
    LS_AMOUNT_CEILING  /* a level of at most number */
} ls_amount_kind;

typedef struct ls_weight {
    ls_bytes unit;
    ls_quantity weight; /* of one of it */
} ls_weight;

typedef struct ls_method {
    ls_bytes id, title;
    ls_quantity at_most; /* percent of the amount, or LS_QUANTITY_NONE */
    ls_moment until;
} ls_method;

typedef struct ls_amount {
    ls_amount_kind kind;
    ls_quantity number;
    ls_bytes unit;   /* for people; empty where units say it */
    ls_duration per; /* LS_AMOUNT_RATE: one period */
    size_t subject;
    size_t unit_count; /* at least 1: the units that an act may state it in */
    ls_weight *units;
    size_t method_count;
    ls_method *methods;
    ls_quantity *shares; /* percent for each party of the charter, or NULL */
} ls_amount;

typedef enum ls_silence { LS_SILENCE_NONE, LS_SILENCE_CONFIRMED, LS_SILENCE_DISPUTED } ls_silence;

typedef struct ls_measure {
    ls_bytes id;
    ls_mark mark;
    size_t step, track; /* indices */
    ls_parties by;      /* who performs: each, or, with an amount, all together */
    ls_bytes what;
    ls_bytes paragraph; /* of the text */
    size_t after_count; /* all must have come before it is due */
    ls_moment *after;
    ls_moment begin, due, until, undone_by;
    ls_parties verifiers;      /* each must confirm; none: performed is the end */
    ls_parties witnesses;      /* in whose presence alone a performance counts */
    ls_silence silence;        /* what a verifier's silence means, */
    ls_duration silence_after; /* and when */
    ls_amount amount;
    ls_parties may_join, may_call_off;
    bool irreversible, continuing, provisional, substitutes;
    ls_bytes declares;      /* name of a declaration that this measure makes, or empty */
    ls_bytes opens;         /* name of a declaration whose tranche this measure opens, or empty */
    uint32_t opens_tranche; /* from 1 */
} ls_measure;

typedef struct ls_event {
    ls_bytes id, title;
    ls_mark mark;
    ls_parties attested_by; /* each of them; or none, and: */
    ls_moment when, unless;
    bool to_be_agreed; /* it has no content yet: it can't happen */
} ls_event;

typedef struct ls_right {
    ls_bytes id, what, paragraph;
    size_t of;
    uint32_t quota;
    ls_duration per; /* one period */
    ls_moment from;  /* the first one begins */
} ls_right;

typedef struct ls_stage {
    ls_bytes id, title;
    ls_duration lasts;
    bool optional, extendable;
    size_t after_count; /* indices of stages before it in the list */
    size_t *after;
} ls_stage;

typedef struct ls_dispute {
    ls_bytes id, title;
    ls_mark mark;
    ls_parties open_to, settled_by;
    size_t stage_count;
    ls_stage *stages;
} ls_dispute;

typedef struct ls_pledge {
    ls_bytes id, what, paragraph;
    size_t by;
} ls_pledge;

typedef struct ls_demand {
    ls_bytes id, what, paragraph;
    size_t by, of;
} ls_demand;

typedef struct ls_step {
    ls_bytes id, title;
    size_t track;
    bool simultaneous;
} ls_step;

typedef struct ls_track {
    ls_bytes id, title;
} ls_track;

/* What a suspension may cover, and what it does. */
enum { LS_SUSPEND_ACCORD = 1, LS_SUSPEND_TRACK = 2, LS_SUSPEND_MEASURE = 4 };
typedef struct ls_suspension_rule {
    uint8_t scope;                 /* LS_SUSPEND_… */
    bool stops_own;                /* the clocks of the party that suspends */
    bool counterpart_may_withhold; /* and those of all others */
    ls_duration at_most;           /* count 0: without end of its own */
    ls_moment until;
} ls_suspension_rule;

typedef struct ls_extension_rule {
    ls_parties by;  /* none: nothing can be extended */
    unsigned days;  /* at most, each time */
    unsigned times; /* at most */
} ls_extension_rule;

typedef struct ls_withdrawal_rule {
    ls_duration notice; /* count 0: there is no withdrawal */
    bool continues;     /* for the others */
} ls_withdrawal_rule;

/* Whom a tranche's opening shows what. */
typedef struct ls_declared_audience {
    ls_bytes name;
    const bool *fields; /* field_count of them; NULL: every field, and so the tranche's key */
} ls_declared_audience;

/* A declaration as the accord fixes it. */
typedef struct ls_declared {
    ls_bytes name;
    size_t by;
    size_t field_count;
    ls_bytes *fields;   /* the columns that are committed to, in order; the tranche column is none of them */
    ls_bytes id_column; /* one of fields */
    ls_bytes tranche_column;
    ls_bytes latitude, longitude; /* columns, or both empty */
    size_t tranche_count;
    ls_bytes *labels;
    uint64_t *padded; /* n of each tranche */
    uint64_t row_bytes;
    size_t audience_count; /* at least 1; without a word of the accord: all fields for the process */
    ls_declared_audience *audiences;
} ls_declared;

/* How a declaration is inspected (docs/inspections.md). Rights are indices of the roadmap's, of the party that
 * inspects.
 */
typedef struct ls_draw_rule {
    bool there;
    size_t right;
    uint64_t rows, replacements;
    ls_duration commit, reveal, open;
} ls_draw_rule;

typedef struct ls_visit_rule {
    bool there;
    int right; /* or -1 */
    ls_duration notice, repeat, lasts, report;
    ls_duration postpone; /* count 0: it can't be put off */
    size_t limit_count;
    ls_bytes *limits; /* of managed access: names */
} ls_visit_rule;

typedef struct ls_challenge_rule {
    bool there;
    size_t right;
    uint64_t radius;          /* the largest, in metres */
    bool areas_within;        /* an area must lie within the circle; else it is enough that it touches it */
    bool without_coordinates; /* such rows cover every place */
    ls_duration clarify;      /* count 0: no question need come first */
    ls_duration answer;
    bool silence_lets_visit; /* else it denies */
} ls_challenge_rule;

typedef struct ls_inspection {
    ls_bytes id, title, paragraph;
    size_t of, by; /* parties: inspected, inspecting */
    const ls_declared *declared;
    size_t verify_count;
    size_t *verifies; /* measures */
    ls_draw_rule draws;
    ls_visit_rule visits;
    ls_challenge_rule challenges;
} ls_inspection;

/* What is worked out one after the other: each depends only on those before it. */
typedef enum ls_node_kind {
    LS_NODE_ENTRY, /* entry into force, and provisional application */
    LS_NODE_EVENT,
    LS_NODE_MEASURE, /* what was said about it: begun, performed, confirmed */
    LS_NODE_STEP,    /* complete; together */
    LS_NODE_CLOCK,   /* of a measure: deadlines, overdue, breached, undone, its state */
    LS_NODE_DISPUTE,
    LS_NODE_KINDS
} ls_node_kind;

typedef struct ls_node {
    ls_node_kind kind;
    size_t index;
} ls_node;

typedef struct ls_roadmap {
    ls_bytes name, title;
    size_t party_count;
    size_t *parties;       /* indices into the charter: who must sign, in this order */
    ls_parties signed_by;  /* the same as a set */
    unsigned date_limit;   /* days by which a claimed date may precede the act and still count */
    ls_moment entry;       /* into force; none: when signed */
    ls_moment provisional; /* application */
    ls_parties assessors;
    ls_suspension_rule suspension;
    ls_extension_rule extension;
    ls_withdrawal_rule withdrawal;
    size_t track_count;
    ls_track *tracks;
    size_t step_count;
    ls_step *steps;
    size_t measure_count;
    ls_measure *measures;
    size_t event_count;
    ls_event *events;
    size_t right_count;
    ls_right *rights;
    size_t dispute_count;
    ls_dispute *disputes;
    size_t pledge_count;
    ls_pledge *pledges;
    size_t demand_count;
    ls_demand *demands;
    size_t declaration_count;
    ls_declared *declarations;
    size_t inspection_count;
    ls_inspection *inspections;
    size_t node_count;
    ls_node *order; /* all nodes, each after all that it depends on */
} ls_roadmap;

/* The node that a leaf of a moment looks at; false if it depends on nothing but facts and dates. */
bool ls_moment_op_node(const ls_roadmap *r, const ls_moment_op *op, ls_node *out);

/* Reads a roadmap and diagnoses everything wrong with it at once: unknown keys, duplicate ids, unknown parties,
 * tracks, steps, paragraphs, declarations, cycles, impossible dates. text is the prose; if it is itself not in order,
 * one diagnostic says so, and ls_text_read says where. *out is untouched if there were errors. */
void ls_roadmap_read(ls_arena *arena, const ls_value *v, const ls_charter *charter, ls_bytes text, ls_diagnostics *d,
                     ls_roadmap *out);
/* The same where the prose is not at hand: whether the paragraphs that are named stand in it is not looked at. For what
 * was accepted with its text already; acceptance needs both. */
void ls_roadmap_read_alone(ls_arena *arena, const ls_value *v, const ls_charter *charter, ls_diagnostics *d,
                           ls_roadmap *out);

/* Index, or -1. */
int ls_roadmap_measure(const ls_roadmap *r, ls_bytes id);
int ls_roadmap_event(const ls_roadmap *r, ls_bytes id);
int ls_roadmap_track(const ls_roadmap *r, ls_bytes id);
int ls_roadmap_right(const ls_roadmap *r, ls_bytes id);
int ls_roadmap_dispute(const ls_roadmap *r, ls_bytes id);
int ls_roadmap_inspection(const ls_roadmap *r, ls_bytes id);
/* The inspection whose draws, visits or challenges use this right, and the kind of act that does: "draw"; NULL: `use`
 * uses it. */
const ls_inspection *ls_roadmap_right_of(const ls_roadmap *r, size_t right, const char **kind);
int ls_dispute_stage(const ls_dispute *d, ls_bytes id);
int ls_amount_method(const ls_amount *a, ls_bytes id);
/* What an act states ("6200 t", "60 bomber, 400 missile", or a bare number where there is one unit), by weight. */
bool ls_amount_parse(const ls_amount *a, ls_bytes text, ls_quantity *out);
const ls_declared *ls_roadmap_declaration(const ls_roadmap *r, ls_bytes name);
/* What the opening of a tranche shows to this audience; NULL: nothing. */
const ls_declared_audience *ls_declared_for(const ls_declared *d, ls_bytes audience);

/* A paragraph of the prose: an identifier in brackets at its start, then its words. */
typedef struct ls_paragraph {
    ls_bytes id, body;
    unsigned line;
} ls_paragraph;

/* Splits a text at empty lines; headings (lines that begin with '#') carry no identifier. Diagnoses paragraphs
 * without identifier, duplicate identifiers and characters that don't show (process/plain.h); marks are places in the
 * text. Both outputs are untouched if there were errors. */
void ls_text_read(ls_arena *arena, ls_bytes text, ls_diagnostics *d, ls_paragraph **paragraphs, size_t *count);

#endif
