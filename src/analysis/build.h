/* What the files that make the model of a roadmap share. */
#ifndef LS_ANALYSIS_BUILD_H
#define LS_ANALYSIS_BUILD_H

#include "analysis/net.h"

/* Bits that belong to one thing of the roadmap, known before what they follow from. */
typedef struct ls_event_bits {
    ls_bit come, known;
} ls_event_bits;

typedef struct ls_dispute_bits {
    ls_bit event[3]; /* by ls_dispute_event */
    bool asked;
} ls_dispute_bits;

typedef struct ls_delay_bits {
    ls_bit from, atom;
    ls_duration duration;
} ls_delay_bits;

typedef struct ls_date_bits {
    int64_t day;
    ls_bit atom;
} ls_date_bits;

typedef struct ls_net_building {
    ls_net_builder b;
    const ls_roadmap *r;
    ls_bit in_force, in_force_known, provisional;
    ls_bit ratified[LS_PARTIES_MAX];
    ls_event_bits *event;
    ls_bit *step; /* complete */
    ls_dispute_bits dispute[LS_DISPUTES_MAX];
    size_t delay_count, delay_cap, date_count, date_cap;
    ls_delay_bits *delay;
    ls_date_bits *date;
    uint8_t *asked; /* of each measure: bit of an ls_event_kind that some moment asks for */
} ls_net_building;

/* Bits for everything that has a name, and parts for measures with milestones. scratch: room for as many bits as there
 * are measures. */
void ls_net_name_all(ls_net_building *g, ls_bit *scratch);
/* The bit of a moment: that it has come or, with known, that its time is known. */
ls_bit ls_net_moment(ls_net_building *g, const ls_moment *m, bool known);

#endif
