/*
 * Acts: the signed statements a process is made of, as text (docs/protocol.md, "Acts").
 *
 * This is syntax only: one canonical form, checked completely. Whether an act may enter the record is decided by
 * record/. An act is a signed note; its id is the SHA-256 of its text without signatures.
 */
#ifndef LOCKSTEP_ACT_H
#define LOCKSTEP_ACT_H

#include <lockstep/note.h>

#define LS_ACT_MAX 65535 /* bytes, signatures included: the entry limit of tlog-tiles */
#define LS_ACT_NAMES_MAX 64
#define LS_ACT_ATTACHMENTS_MAX 64
#define LS_ACT_PROOF_SIZE 64

extern const ls_fault ls_fault_act_form; /* invalid: not an act in canonical form */

/* The three shapes: a chained act of one party, a joint act of several, and the ledger's own stamp. */
typedef enum ls_act_shape { LS_SHAPE_CHAINED, LS_SHAPE_JOINT, LS_SHAPE_STAMP } ls_act_shape;

/* Headers in the order in which they must stand. The table with their forms is in process/act_headers.c and
 * docs/protocol.md.
 */
typedef enum ls_header {
    LS_H_ACT,
    LS_H_PROCESS,      /* 64 hex */
    LS_H_ACCORD,       /* 64 hex */
    LS_H_BY,           /* names; one for a chained act */
    LS_H_SIGNERS,      /* names */
    LS_H_SEQ,          /* decimal, from 1 */
    LS_H_PREV,         /* 64 hex; 64 zeros exactly for seq 1 */
    LS_H_HEAD,         /* size, space, base64 root */
    LS_H_NONCE,        /* 64 hex */
    LS_H_OPEN_UNTIL,   /* time */
    LS_H_AT,           /* time */
    LS_H_EXPIRES,      /* time, later than at */
    LS_H_UNLESS_ACTED, /* names */
    LS_H_DATE,         /* date */
    LS_H_TIME,         /* time: of a stamp whose quorum is none, or in an exercise */
    LS_H_REF,          /* 64 hex: the act this one is about */
    LS_H_TO,           /* names: the parties that are addressed */
    LS_H_OF,           /* name: the party on whose word, or whose pledge it is */
    LS_H_PASS_TO,      /* names: of parties who may be told, or `public` */
    LS_H_TRACK,        /* name */
    LS_H_MEASURE,      /* name */
    LS_H_EVENT,        /* name */
    LS_H_RIGHT,        /* name */
    LS_H_DISPUTE,      /* name: a procedure of the roadmap */
    LS_H_STAGE,        /* name: one of its stages */
    LS_H_INSPECTION,   /* name */
    LS_H_MEETING,      /* name */
    LS_H_GROUP,        /* name: a working group */
    LS_H_TEXT,         /* name: a text under negotiation */
    LS_H_ITEM,         /* name: a pledge, a demand, a claim, an item of an agenda, a paragraph */
    LS_H_MEMBERS,      /* names: of people, the head first */
    LS_H_LANGUAGES,    /* names */
    LS_H_VENUE,        /* 1 to 200 bytes */
    LS_H_FINDING,      /* name: consistent, discrepancy or inconclusive */
    LS_H_CHANGE,       /* name: what became of declared rows, or of an item of an agenda */
    LS_H_LIMITS,       /* names: of managed access */
    LS_H_PLACE,        /* 3 to 40 bytes: latitude, space, longitude */
    LS_H_RADIUS,       /* decimal, from 1: metres */
    LS_H_AMOUNT,       /* 1 to 200 bytes: what they mean is the accord's to say */
    LS_H_METHOD,       /* name */
    LS_H_FOR,          /* name of the party in whose stead */
    LS_H_SCORE,        /* 0 to 3 */
    LS_H_DUE,          /* date: a new deadline */
    LS_H_DECLARATION,  /* name */
    LS_H_SCHEMA,       /* 64 hex */
    LS_H_TRANCHES,     /* decimal, from 1 */
    LS_H_ROW_BYTES,    /* decimal, from 1 */
    LS_H_ROOT,         /* 64 hex: a declaration's root */
    LS_H_TRANCHE,      /* decimal, from 1 */
    LS_H_ROW,          /* decimal, from 0: a row's number in its tranche */
    LS_H_POPULATION,   /* decimal, from 1: how many rows are drawn from */
    LS_H_ROWS,         /* decimal, from 1: how many rows a row opening opens, or are drawn or chosen */
    LS_H_SPARE,        /* decimal, from 0: replacements */
    LS_H_BLANK,        /* decimal, from 0: how many of the rows opened are blank */
    LS_H_CAP,          /* decimal, from 1: how many options each side may have */
    LS_H_COMMITMENT,   /* 64 hex */
    LS_H_KEY,          /* verifier key: the one that an act brings, ends or names */
    LS_H_PROOF,        /* base64 of a signature by that key, 64 bytes */
    LS_H_SINCE,        /* decimal, from 1: a size of the ledger */
    LS_H_UNTIL,        /* time: the last at which that key may sign, or an offer stands */
    LS_H_ATTACHMENT,   /* may stand more than once */
    LS_HEADER_COUNT
} ls_header;

typedef struct ls_names {
    size_t count;
    ls_bytes name[LS_ACT_NAMES_MAX];
} ls_names;

typedef struct ls_attachment {
    ls_hash hash;
    ls_bytes audience; /* a name */
    uint64_t size;
    ls_bytes media_type;
    ls_bytes file_name; /* [A-Za-z0-9_-][A-Za-z0-9._-]{0,99} */
} ls_attachment;

/* All slices are views into the note. */
typedef struct ls_act {
    bool exercise;
    ls_act_shape shape;
    ls_bytes kind; /* a name: "perform" */
    ls_hash id;
    bool has[LS_HEADER_COUNT];
    ls_bytes raw[LS_HEADER_COUNT]; /* the value as it stands; of attachments the first */
    ls_hash process, accord, prev, nonce, ref, schema, root;
    ls_names by, signers, unless_acted;
    uint64_t seq;
    uint64_t head_size;
    ls_hash head_root;
    ls_time open_until, at, expires, time;
    ls_date date, due;
    uint64_t score;
    ls_names limits, to, pass_to, members, languages;
    uint64_t radius;
    uint64_t tranches, row_bytes, tranche, row, population, rows, spare, blank, cap;
    ls_hash commitment;
    ls_vkey key;
    uint8_t proof[LS_ACT_PROOF_SIZE];
    uint64_t since;
    ls_time until;
    size_t attachment_count;
    ls_attachment attachment[LS_ACT_ATTACHMENTS_MAX];
    ls_bytes text; /* the free text with its last '\n', or empty */
    ls_note note;  /* note.text is the signed text; no signatures if only the text was parsed */
} ls_act;

/*
 * The text of an act without signatures. The shape follows from the kind: charter, accord, amend, succeed, annul,
 * appoint and minutes are joint (nonce and open-until instead of seq, prev, head and expires; a charter has no process
 * either), stamp is the ledger's, every other kind is chained. detail names the header at fault. Kinds and which
 * headers of their own they need are the record's business: any name is a kind here. Free text that would itself parse
 * as the end of a signed note is refused but in stamps, so that a text without signatures is never mistaken for a note.
 */
ls_result ls_act_parse_text(ls_bytes text, ls_act *out, ls_detail *detail);

/* A whole note: ls_act_parse_text, then its signature lines: those of `signers` in that order and no others, compared
 * by the part of the key name after the last '/'. Stamps: exactly one. With partial set, a subsequence of the signers
 * may have signed (a joint act on its way), none included. No signature is verified here. */
ls_result ls_act_parse(ls_bytes note, bool partial, ls_act *out, ls_detail *detail);

const char *ls_header_name(ls_header h);

/* What an attachment may be called, and its type: [A-Za-z0-9_-][A-Za-z0-9._-]{0,99}; RFC 6838's restricted names. */
bool ls_file_name_valid(ls_bytes name);
bool ls_media_type_valid(ls_bytes type);

/* Writing an act: put headers in any order, then finish. Values are not checked here: finish parses what it wrote. */
typedef struct ls_act_draft {
    bool exercise;
    ls_buf value[LS_HEADER_COUNT]; /* attachments: one value a line */
    ls_buf text;                   /* finish adds the last '\n' if it is not there */
} ls_act_draft;

/* Replaces what was set before; LS_H_ATTACHMENT is put by ls_act_draft_attach alone. */
void ls_act_draft_set(ls_act_draft *d, ls_header h, const char *format, ...) __attribute__((format(printf, 3, 4)));
void ls_act_draft_attach(ls_act_draft *d, const ls_attachment *a);
/* Appends the canonical text to out and checks it by parsing; a value of more than one line is refused. */
ls_result ls_act_draft_finish(const ls_act_draft *d, ls_buf *out, ls_detail *detail);
void ls_act_draft_free(ls_act_draft *d);

#endif
