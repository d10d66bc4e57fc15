/* What record/record.c and record/rules.c share. */
#ifndef LS_RECORD_INTERNAL_H
#define LS_RECORD_INTERNAL_H

#include "record/record.h"

/* Where an act with this id stands: open addressing over ids, which are uniform already. */
typedef struct id_index {
    uint64_t *slot;  /* index + 1; 0: free */
    size_t capacity; /* a power of two */
} id_index;

/* A party's chain of acts. */
typedef struct chain {
    uint64_t seq;       /* of its last act; 0: none yet */
    ls_hash last;       /* its id */
    uint64_t head_size; /* the head it named */
} chain;

/* A joint act that a party took back before it came. */
typedef struct withdrawal {
    ls_hash act;
    uint64_t index; /* of the withdraw act, which may lapse */
} withdrawal;

struct ls_record {
    ls_fetch fetch;
    ls_arena arena; /* what lives as long as the record: charter, accords */
    ls_merkle_frontier frontier;
    uint64_t size, capacity;
    ls_record_entry *entry;
    ls_hash *root; /* root[s]: of the first s entries; capacity + 1 elements */
    id_index ids;
    const ls_charter *charter; /* NULL while empty */
    ls_hash process;
    ls_bytes charter_json;
    chain chain[LS_PARTIES_MAX];
    uint64_t acted[LS_PARTIES_MAX]; /* entries up to the party's last act, joint acts included */
    ls_time time;                   /* of the latest stamp; 0: none */
    uint64_t stamped;               /* entries that it covers */
    uint64_t acts_unstamped;        /* entries that are no stamps and not covered yet */
    ls_accord *accord;
    size_t accord_count, accord_capacity;
    ls_record_declaration *declaration;
    size_t declaration_count, declaration_capacity;
    withdrawal *withdrawn;
    size_t withdrawn_count, withdrawn_capacity;
};

/*
 * What applying an act will add. Everything that can fail (memory, attachments, a charter or accord that does not
 * read) is prepared before anything changes, so that a refused act leaves the record as it was.
 */
typedef struct effect {
    ls_arena arena; /* becomes part of the record's arena */
    ls_charter *charter;
    ls_bytes charter_json;
    ls_accord accord;
    int accord_index;  /* of the act's accord, or -1 */
    int measure_index; /* of the act's measure, or -1 */
    int track_index;
    size_t by;           /* LS_NOBODY for joint acts and stamps */
    uint64_t referred;   /* index of the act that ref names, or UINT64_MAX */
    uint64_t stamp_size; /* a stamp's checkpoint */
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

const act_rule *ls_rule_of(ls_bytes kind);

/* ls_fault_refused with a formatted reason. */
ls_result ls_refuse(ls_detail *detail, const char *hint, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
