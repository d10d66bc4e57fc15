/* What the files of record/ share: the record itself, and a row of the rules' table. */
#ifndef LS_RECORD_INTERNAL_H
#define LS_RECORD_INTERNAL_H

#include "accord/who.h"
#include "inspection/inspection.h"
#include "process/finality.h"
#include "record/record.h"
#include "record/table.h"
#include "talks/talks.h"

#define NOBODY UINT8_MAX
#define ACCORDS_MAX INT16_MAX
#define ENTRIES_MAX (UINT32_MAX - 1)
#define ROOTS_RECENT 4096 /* kept in memory where older ones can be read; a power of two */

/* What becomes of an entry after it was appended. Without effect is one that lapsed or was annulled. */
enum {
    ENTRY_LAPSED = 1,     /* its ledger time turned out later than it lapses */
    ENTRY_RESUMED = 2,    /* a suspension that was resumed */
    ENTRY_REPUDIATED = 4, /* its party says that it was signed with a lost key */
    ENTRY_ANNULLED = 8,   /* and all others consented */
    ENTRY_RECEIPTED = 16, /* cosigners' receipts say when they had it */
};

/* What is kept of each entry, as small as it can be: there may be a million. Times follow from the stamps. */
typedef struct entry {
    ls_hash id;
    int16_t accord, measure; /* indices, or -1 */
    uint8_t kind;            /* row of the rules' table */
    uint8_t by;              /* index of the party, or NOBODY */
    uint8_t flags;
    uint32_t signers; /* of a chained act: bit i is the party's i-th signer */
} entry;

/* A stamp that covers entries that none before it covered. */
typedef struct stamp {
    uint32_t size; /* of its checkpoint */
    ls_time time;
} stamp;

/* A party's chain of acts. */
typedef struct chain {
    uint64_t seq;       /* of its last act; 0: none yet */
    ls_hash last;       /* its id */
    uint64_t head_size; /* the head it named */
} chain;

/* Who has said what of a draw so far, as positions in the list of what was said of inspections; or NONE. */
typedef struct draw_sides {
    uint32_t commit[LS_SIDES], reveal[LS_SIDES]; /* the last of each side */
} draw_sides;

/* One version of an accord. Versions of one accord form a list in the order of the record. */
typedef struct accord {
    ls_accord shown;
    int first, next; /* version of the same accord; next: -1 if there is none */
    ls_fact *fact;   /* begins with those of the version that it amends */
    size_t fact_count, fact_capacity;
    uint32_t *performed;     /* of each measure: how many performances with effect there are */
    uint32_t *declared;      /* of each declaration: the first on the record, or NONE */
    ls_inspected *inspected; /* what was said of inspections under any of its versions: held by the first of them */
    draw_sides *sides;       /* of each that is a draw */
    size_t inspected_count, inspected_capacity, sides_capacity;
} accord;

/* A name in talks, and what was given it, as positions in the list of what was said of talks. */
typedef struct talk_name {
    ls_hash key;          /* of header and name */
    uint32_t first, last; /* first: of those that can still have effect */
} talk_name;

/* Who has done what in a private search so far, as positions in that list, or NONE: its author first. */
typedef struct talk_search {
    uint32_t last[2][LS_SEARCH_STEPS];
} talk_search;

/* Beside what was said. */
typedef struct talk_link {
    uint32_t before, after; /* what was given the same name, as positions in the list, or NONE; */
    uint32_t search;        /* of a private search: its number */
} talk_link;

/* A joint act that a party took back before it came. */
typedef struct withdrawal {
    ls_hash act;
    uint32_t index; /* of the withdraw act, which may lapse */
    uint32_t next;  /* another party's, or a later one, of the same act; or NONE */
} withdrawal;

#define NONE UINT32_MAX

/* How an act changes who signs what. */
typedef enum change_kind { CHANGE_NONE, CHANGE_KEY, CHANGE_DELEGATE, CHANGE_AMEND, CHANGE_SUCCEED } change_kind;

typedef struct change {
    change_kind kind;
    uint32_t index; /* of the act */
    size_t party;   /* whose key */
    ls_vkey key;    /* what comes, or ends */
    ls_time until;
    ls_charter *amended;
} change;

/* A party's claim that it lost a key, and that acts signed with it since were not its own. */
typedef struct repudiation {
    uint32_t index; /* of the rekey */
    uint32_t since;
    uint32_t signer; /* as a bit in an entry's signers */
    uint32_t annul;  /* index of the act by which all others consent, or NONE */
    uint8_t party;
} repudiation;

/* A raw public key that stood in the charter once: none ever comes back. */
typedef struct raw_key {
    uint8_t b[32];
} raw_key;

/* An entry that lapsed, and the time by which it had to come: receipts may show yet that it did. */
typedef struct lapse {
    uint32_t index;
    ls_time limit;
} lapse;

/* When a quorum of cosigners had an act; it counts if the first stamp over the act is not later than `until`. That is
 * before all time where the receipts themselves came too late. */
typedef struct receipted {
    ls_hash act;
    ls_time time, until;
} receipted;

typedef struct declaration {
    ls_record_declaration shown;
    uint32_t next; /* that supplements the same declaration, or NONE */
} declaration;

struct ls_record {
    ls_fetch fetch;
    ls_judging judging[LS_CHECK_DEFERRED + 1]; /* how signatures are judged under each ls_record_check */
    ls_arena arena;                            /* what lives as long as the record: charter, accords */
    ls_merkle_frontier frontier;
    uint64_t size;
    size_t capacity;
    entry *entry;
    table ids;            /* of entries */
    ls_roots roots;       /* where older roots are read from, if anywhere */
    ls_hash *root;        /* root[s mod root_capacity]: of the first s entries, for the latest s */
    size_t root_capacity; /* a power of two */
    ls_charter *charter;  /* in force: who signs the next act; NULL while empty */
    ls_charter *watched;  /* the same by the acts that a stamp covers: it judges checkpoints */
    change *change;       /* all that changed the charter, in the order of the entries */
    size_t change_count, change_capacity;
    size_t changes_watched; /* of them, those that are in `watched` */
    repudiation *repudiation;
    size_t repudiation_count, repudiation_capacity;
    raw_key *raw;
    size_t raw_count, raw_capacity;
    table raws;
    ls_hash process;
    ls_bytes charter_json;
    chain chain[LS_PARTIES_MAX];
    uint64_t acted[LS_PARTIES_MAX]; /* entries up to the party's last act, joint acts included */
    ls_time time;                   /* of the latest stamp; 0: none */
    uint64_t stamped;               /* entries that it covers */
    uint64_t acts_unstamped;        /* entries that are no stamps and not covered yet */
    stamp *stamp;
    size_t stamp_count, stamp_capacity;
    ls_time *lapses;        /* lapses[i mod lapses_capacity]: when entry i lapses, of those that no stamp covers yet */
    size_t lapses_capacity; /* a power of two */
    accord *accord;
    size_t accord_count, accord_capacity;
    ls_fact *spare; /* room for the facts that the next version of an accord begins with */
    size_t spare_capacity;
    declaration *declaration;
    size_t declaration_count, declaration_capacity;
    table nonces;  /* of declarations */
    ls_talk *talk; /* what was said of talks, in the order of the ledger */
    talk_link *talk_link;
    size_t talk_count, talk_capacity, talk_link_capacity;
    talk_name *talk_name;
    size_t talk_name_count, talk_name_capacity;
    table talk_names;
    talk_search *search;
    size_t search_count, search_capacity;
    withdrawal *withdrawn;
    size_t withdrawn_count, withdrawn_capacity;
    table withdrawals; /* by the withdrawn act: the first of it */
    lapse *lapsed;     /* in the order of the entries */
    size_t lapsed_count, lapsed_capacity;
    receipted *receipted;
    size_t receipted_count, receipted_capacity;
    table receipts; /* by the act */
};

/* What an act can name of an accord. */
typedef enum named {
    NAMED_MEASURE,
    NAMED_EVENT,
    NAMED_RIGHT,
    NAMED_DISPUTE,
    NAMED_TRACK,
    NAMED_INSPECTION,
    NAMED_KINDS,
    NAMED_NOTHING = NAMED_KINDS /* it is about the accord as a whole */
} named;

/*
 * What applying an act will add. Everything that can fail (memory, attachments, a charter or accord that does not
 * read) is prepared before anything changes, so that a refused act leaves the record as it was.
 */
typedef struct effect {
    ls_arena arena;                /* becomes part of the record's arena */
    ls_charter *charter, *watched; /* of a charter or an amendment: the two copies that the record keeps */
    ls_bytes charter_json;
    change change;
    uint32_t since, lost; /* of a rekey that repudiates: from where, and the bit of the signer */
    ls_time receipt_time; /* of the act that ref names */
    accord accord;
    int accord_index;       /* of the act's accord, or -1 */
    int named[NAMED_KINDS]; /* indices of what it names, or -1 */
    ls_fact fact;           /* of an act under an accord: what it says; kind LS_FACT_NOTHING: nothing */
    ls_inspected inspected; /* of an act about an inspection, and an opening that answers one */
    ls_talk talk;           /* of an act of talks; until memory is reserved its name views the act */
    bool talks;             /* there is one */
    const struct act_rule *rule;
    size_t by;           /* LS_NOBODY for joint acts and stamps */
    uint32_t referred;   /* index of the act that ref names, or NONE */
    uint64_t stamp_size; /* of a stamp: what its checkpoint covers, and its time */
    ls_time stamp_time;
    ls_record_check check;
    bool ahead; /* a succession is judged before the entries that it follows are all here */
} effect;

typedef enum text_rule { TEXT_OPTIONAL, TEXT_REQUIRED } text_rule;

/* How many of a party's signers must have signed. */
typedef enum signing_rule {
    SIGN_KIND, /* as many as its threshold for the kind says */
    SIGN_MOST, /* its highest threshold */
    SIGN_KEYS, /* the same, or its recovery key alone, or the very key that the act ends */
    SIGN_ALL   /* each signer that it lists */
} signing_rule;

/* What an act under an accord says: one fact. */
typedef struct said_rule {
    ls_fact_kind fact;
    named about; /* what the fact's subject is an index of */
    ls_who who;
    uint32_t refs;     /* kinds of fact, as bits 1 << ls_fact_kind, of which ref may name one; about the same subject */
    bool withdrawable; /* by `withdraw` */
    /* What else must hold; it fills in what the fact has beyond subject, author and ref. NULL: nothing. */
    ls_result (*check)(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail);
} said_rule;

/* Who may say something of an inspection. */
typedef enum inspected_who { INSPECTED_OF, INSPECTED_BY, INSPECTED_EITHER } inspected_who;

/* What an act says of an inspection. */
typedef struct inspected_rule {
    ls_inspected_kind kind;
    inspected_who who;
    uint32_t refs;     /* kinds, as bits 1 << ls_inspected_kind, of which ref must name one */
    bool withdrawable; /* by `withdraw` */
    /* As of said_rule. */
    ls_result (*check)(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail);
} inspected_rule;

/* Who may say something in talks. */
typedef enum talk_who {
    TALK_ANYBODY,
    TALK_ADDRESSEE, /* to whom what ref names is addressed; of a meeting, all who are involved: dates are put off */
    TALK_INVOLVED,  /* or whose it is */
    TALK_OWNER      /* whose it is, or of whom it speaks */
} talk_who;

/* What an act says in talks. */
typedef struct talk_rule {
    ls_talk_kind kind;
    talk_who who;
    uint32_t refs;     /* kinds, as bits 1 << ls_talk_kind, of which ref must name one; 0: any act, if it is there */
    bool begins;       /* what it names, whose name is no one else's */
    bool withdrawable; /* by `withdraw` */
    const char *const
        *words; /* that `method` or `change` may say; the first, or NULL, stands for none; ends with NULL */
    /* As of said_rule. */
    ls_result (*check)(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail);
} talk_rule;

/* One row for each kind of act. */
typedef struct act_rule {
    const char *kind;
    ls_act_shape shape;
    text_rule text;
    signing_rule signing;
    uint64_t required, allowed; /* headers beyond those of the shape, as bits 1 << ls_header */
    ls_result (*accept)(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail);
    void (*apply)(ls_record *r, const ls_act *act, const effect *e); /* memory was reserved; can't fail */
    said_rule said;                                                  /* of acts under an accord */
    inspected_rule inspected;                                        /* of acts about inspections */
    talk_rule talk;                                                  /* of acts of talks */
} act_rule;

/* The row of a kind, or NULL; and its number, and the kind with a number. */
const act_rule *ls_rule_of(ls_bytes kind);
uint8_t ls_rule_number(const act_rule *rule);
const char *ls_rule_kind(uint8_t number);

/* Whose keys may sign. */
typedef struct signing {
    const ls_charter *charter;
    const ls_charter *amended; /* the new charter of an amendment: its new parties sign, too; else NULL */
    ls_time stamped;           /* the latest stamp: keys that ended before it sign nothing */
} signing;

/* The right signers, as many as are needed, and their signatures, judged so; NULL: verified. */
ls_result ls_act_judge_signatures(const ls_act *act, const signing *s, const ls_judging *judging, ls_detail *detail);

/* ls_fault_refused with a formatted reason. */
ls_result ls_refuse(ls_detail *detail, const char *hint, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Acceptance but for signatures; fills in what applying needs. */
ls_result ls_rule_judge(const ls_record *r, const act_rule *rule, const ls_act *act, effect *e, ls_detail *detail);

/* entries.c: what the record knows of its entries. */
bool ls_entry_is(const ls_record *r, uint64_t index, const char *kind);
/* It did not lapse and was not annulled; nor did the accord under which it was said. */
bool ls_entry_effective(const ls_record *r, uint64_t index);
ls_time ls_entry_time(const ls_record *r, uint64_t index);
/* Sets or takes away ENTRY_LAPSED or ENTRY_ANNULLED, with all that follows for the entry's facts, and, of an accord,
 * for those of all acts under it. */
void ls_entry_mark(ls_record *r, uint32_t index, uint8_t flag, bool set);
/* The root over the first `size` entries, which the record has. */
ls_result ls_root_read(const ls_record *r, uint64_t size, ls_hash *out, ls_detail *detail);

/* The first withdrawal of an act that was not there, or NONE. */
uint32_t ls_withdrawal_find(const ls_record *r, const ls_hash *act);

/* The receipts for an act, or NONE. */
uint32_t ls_receipts_find(const ls_record *r, const ls_hash *act);

/* rules_keys.c: an annul act has effect from now on, or has none any more. */
void ls_annul_mark(ls_record *r, uint32_t index);

/* keys.c: the charter in force. What an act of a kind that changes keys changes; party: whose act it is, or who hosts
 * the ledger that succeeds. */
change ls_change_of(const ls_act *act, size_t party);
/* The party whose domain the origin bears, which runs that ledger; or LS_NO_PARTY. */
size_t ls_host_of(const ls_charter *c, ls_bytes origin);
bool ls_raw_key_used(const ls_record *r, const ls_vkey *key);
size_t ls_change_key_count(const effect *e); /* keys that it may bring */
void ls_change_apply(ls_record *r, const effect *e);
/* The charter that judges checkpoints takes up what a stamp covers now. */
void ls_change_watch(ls_record *r);

/* rules_documents.c: reads charter.json into e->charter. */
ls_result ls_rule_read_charter(const ls_fetch *from, const ls_act *act, effect *e, ls_detail *detail);
/* by lists exactly these parties (NULL: the first `count`), in this order. */
bool ls_rule_names_are(const ls_names *names, const ls_charter *c, const size_t *parties, size_t count);
/* The same, all of the charter's but one (LS_NO_PARTY: all). */
bool ls_rule_names_are_but(const ls_names *names, const ls_charter *c, size_t without);

/* The first fact of this act in an accord, or NULL. */
const ls_fact *ls_accord_fact(const accord *a, uint32_t index);
/* What an act says by its headers of every kind: who, when, and about which act. */
ls_fact ls_fact_of(const ls_act *act, const effect *e, ls_fact_kind kind);
/* A fact of the entry that was appended last. */
void ls_fact_add(ls_record *r, int accord, const ls_fact *said);

/* inspected.c: what was said of inspections under any version of this accord. By the index of its act, or NULL; its
 * position. */
const ls_inspected *ls_inspected_find(const ls_record *r, int accord, uint32_t index);
size_t ls_inspected_position(const ls_record *r, int accord, uint32_t index);
draw_sides *ls_inspected_sides(const ls_record *r, int accord, uint32_t draw);
/* By the act that was appended last; room was reserved. */
void ls_inspected_add(ls_record *r, int accord, const ls_inspected *said);

/* talk.c: what was said of talks. By the index of its act, or NULL; the last act that began what bears this name in the
 * namespace of a header, and has effect, or NULL. */
const ls_talk *ls_talk_find(const ls_record *r, uint32_t index);
const ls_talk *ls_talk_named(const ls_record *r, ls_header space, ls_bytes name);
/* The last time that a side of a search (0: its author's) took this step, whatever became of that act; or NULL. */
const ls_talk *ls_talk_searched(const ls_record *r, const ls_talk *search, unsigned side, ls_search_step step);
/* By the act that was appended last; room was reserved. space: LS_HEADER_COUNT if it begins nothing with a name. */
void ls_talk_add(ls_record *r, const ls_talk *said, ls_header space);

/* versions.c: amended accords. Which versions hold, after one came, or gained or lost its effect. */
void ls_versions_link(ls_record *r, int accord);
/* What the version with this index, which was appended last and amends another, takes over of it. The room for its
 * facts is r->spare. */
void ls_version_inherit(ls_record *r, int accord);

#endif
