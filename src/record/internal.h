/* What the files of record/ share: the record itself, and a row of the rules' table. */
#ifndef LS_RECORD_INTERNAL_H
#define LS_RECORD_INTERNAL_H

#include "process/finality.h"
#include "record/record.h"
#include "record/table.h"

#define NOBODY UINT8_MAX
#define ACCORDS_MAX INT16_MAX
#define ENTRIES_MAX (UINT32_MAX - 1)
#define ROOTS_RECENT 4096 /* kept in memory where older ones can be read; a power of two */

/* What becomes of an entry after it was appended. Without effect is one that lapsed. */
enum {
    ENTRY_LAPSED = 1,  /* its ledger time turned out later than it lapses */
    ENTRY_RESUMED = 2, /* a suspension that was resumed */
};

/* What is kept of each entry, as small as it can be: there may be a million. Times follow from the stamps. */
typedef struct entry {
    ls_hash id;
    int16_t accord, measure; /* indices, or -1 */
    uint8_t kind;            /* row of the rules' table */
    uint8_t by;              /* index of the party, or NOBODY */
    uint8_t flags;
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

typedef struct accord {
    ls_accord shown;
    ls_fact *fact;
    size_t fact_count, fact_capacity;
    uint32_t *performed; /* of each measure: how many performances with effect there are */
    uint32_t *declared;  /* of each declaration: the first on the record, or NONE */
} accord;

/* A joint act that a party took back before it came. */
typedef struct withdrawal {
    ls_hash act;
    uint32_t index; /* of the withdraw act, which may lapse */
    uint32_t next;  /* another party's, or a later one, of the same act; or NONE */
} withdrawal;

#define NONE UINT32_MAX

typedef struct declaration {
    ls_record_declaration shown;
    uint32_t next; /* that supplements the same declaration, or NONE */
} declaration;

struct ls_record {
    ls_fetch fetch;
    ls_judging judging[3]; /* how signatures are judged under each ls_record_check */
    ls_arena arena;        /* what lives as long as the record: charter, accords */
    ls_merkle_frontier frontier;
    uint64_t size, capacity;
    entry *entry;
    table ids;                 /* of entries */
    ls_roots roots;            /* where older roots are read from, if anywhere */
    ls_hash *root;             /* root[s mod root_capacity]: of the first s entries, for the latest s */
    uint64_t root_capacity;    /* a power of two */
    const ls_charter *charter; /* NULL while empty */
    ls_hash process;
    ls_bytes charter_json;
    chain chain[LS_PARTIES_MAX];
    uint64_t acted[LS_PARTIES_MAX]; /* entries up to the party's last act, joint acts included */
    ls_time time;                   /* of the latest stamp; 0: none */
    uint64_t stamped;               /* entries that it covers */
    uint64_t acts_unstamped;        /* entries that are no stamps and not covered yet */
    stamp *stamp;
    size_t stamp_count, stamp_capacity;
    ls_time *lapses; /* lapses[i mod lapses_capacity]: when entry i lapses, of those that no stamp covers yet */
    uint64_t lapses_capacity; /* a power of two */
    accord *accord;
    size_t accord_count, accord_capacity;
    declaration *declaration;
    size_t declaration_count, declaration_capacity;
    table nonces; /* of declarations */
    withdrawal *withdrawn;
    size_t withdrawn_count, withdrawn_capacity;
    table withdrawals; /* by the withdrawn act: the first of it */
};

/*
 * What applying an act will add. Everything that can fail (memory, attachments, a charter or accord that does not
 * read) is prepared before anything changes, so that a refused act leaves the record as it was.
 */
typedef struct effect {
    ls_arena arena; /* becomes part of the record's arena */
    ls_charter *charter;
    ls_bytes charter_json;
    accord accord;
    int accord_index;  /* of the act's accord, or -1 */
    int measure_index; /* of the act's measure, or -1 */
    int track_index;
    size_t by;           /* LS_NOBODY for joint acts and stamps */
    uint32_t referred;   /* index of the act that ref names, or NONE */
    uint64_t stamp_size; /* of a stamp: what its checkpoint covers, and its time */
    ls_time stamp_time;
    ls_record_check check;
} effect;

typedef enum text_rule { TEXT_OPTIONAL, TEXT_REQUIRED } text_rule;

/* One row for each kind of act. */
typedef struct act_rule {
    const char *kind;
    ls_act_shape shape;
    text_rule text;
    uint64_t required, allowed; /* headers beyond those of the shape, as bits 1 << ls_header */
    ls_result (*accept)(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail);
    void (*apply)(ls_record *r, const ls_act *act, const effect *e); /* memory was reserved; can't fail */
} act_rule;

/* The row of a kind, or NULL; and its number, and the kind with a number. */
const act_rule *ls_rule_of(ls_bytes kind);
uint8_t ls_rule_number(const act_rule *rule);
const char *ls_rule_kind(uint8_t number);

/* The right signers, as many as are needed, and their signatures, judged so; NULL: verified. */
ls_result ls_act_judge_signatures(const ls_act *act, const ls_charter *c, const ls_judging *judging, ls_detail *detail);

/* ls_fault_refused with a formatted reason. */
ls_result ls_refuse(ls_detail *detail, const char *hint, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Acceptance but for signatures; fills in what applying needs. */
ls_result ls_rule_judge(const ls_record *r, const act_rule *rule, const ls_act *act, effect *e, ls_detail *detail);

/* entries.c: what the record knows of its entries. */
bool ls_entry_is(const ls_record *r, uint64_t index, const char *kind);
bool ls_entry_effective(const ls_record *r, uint64_t index);
ls_time ls_entry_time(const ls_record *r, uint64_t index);
void ls_entry_lapse(ls_record *r, uint32_t index);
/* The root over the first `size` entries, which the record has. */
ls_result ls_root_read(const ls_record *r, uint64_t size, ls_hash *out, ls_detail *detail);

/* The first withdrawal of an act that was not there, or NONE. */
uint32_t ls_withdrawal_find(const ls_record *r, const ls_hash *act);

/* The facts of an accord from the act with this index on. */
size_t ls_accord_facts_from(const accord *a, uint32_t index);
void ls_fact_add(ls_record *r, const ls_act *act, const effect *e, ls_fact_kind kind, int measure);

#endif
