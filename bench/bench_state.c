/*
 * Measures how long it takes to work out the state of an accord, and prints one JSON object a line: {"name", "value",
 * "unit"}.
 *
 * 1,000 measures of two parties that wait for each other, one after the other: each follows when the other side's was
 * confirmed. All were performed and confirmed; state_growth_10x_acts says by how much ten times as many acts take
 * longer, and state_growth_worst the same of the worst of several ways to say much about one measure.
 */
#include "accord/state.h"
#include "bench.h"
#include <stdio.h>
#include <stdlib.h>

#define STEPS 250 /* of four measures */
#define MEASURES (4 * STEPS)
#define MINUTES_EACH 10
#define RUNS 5

static const char prose[] = "[p1] The Parties agree on what follows.\n";

static void put_roadmap(ls_buf *out)
{
    ls_buf_put_str(out, "{\"roadmap\":1,\"name\":\"ladder\",\"title\":\"A ladder\",\"parties\":[\"a\",\"b\"],"
                        "\"tracks\":[{\"id\":\"t\",\"title\":\"T\"}],\"steps\":[");
    for (int m = 0; m < MEASURES; m++) {
        if (m % 4 == 0) {
            ls_buf_format(out, "%s{\"id\":\"s%d\",\"title\":\"S\",\"track\":\"t\",\"measures\":[", m > 0 ? "]}," : "",
                          m / 4);
        }
        ls_buf_format(out,
                      "%s{\"id\":\"m%d\",\"by\":\"%s\",\"what\":\"w\",\"paragraph\":\"p1\",\"verified-by\":[\"%s\"]",
                      m % 4 > 0 ? "," : "", m, m % 2 == 0 ? "a" : "b", m % 2 == 0 ? "b" : "a");
        if (m > 0) {
            ls_buf_format(out, ",\"after\":[\"m%d confirmed\"],\"due\":\"10 days after m%d confirmed\"", m - 1, m - 1);
        }
        ls_buf_put_str(out, "}");
    }
    ls_buf_put_str(out, "]}]}");
}

static void read_roadmap(ls_arena *arena, const ls_charter *c, ls_roadmap *out)
{
    ls_buf text = {0};
    ls_value *v;
    ls_detail detail = {0};
    ls_diagnostics d = {.arena = arena};
    put_roadmap(&text);
    bench_must(ls_json_parse(arena, ls_buf_bytes(&text), &v, &detail), &detail);
    ls_roadmap_read(arena, v, c, ls_bytes_str(prose), &d, out);
    if (d.errors > 0) {
        fprintf(stderr, "bench_state: %s\n", d.item[0].text);
        exit(LS_CLASS_BUG);
    }
    ls_buf_free(&text);
}

/* Ten minutes pass from act to act. */
static ls_time time_of(const void *context, uint32_t index)
{
    return *(const ls_time *)context + (ls_time)index * 60 * MINUTES_EACH;
}

/* Each measure is performed so many times, and then confirmed. */
static size_t make_facts(size_t times, ls_fact *out)
{
    size_t count = 0;
    for (unsigned m = 0; m < MEASURES; m++) {
        for (size_t i = 0; i < 2 * times; i++) {
            unsigned by = i < 2 * times - 1 ? m % 2 : 1 - m % 2;
            out[count] = (ls_fact){.amount = LS_QUANTITY_NONE,
                                   .index = (uint32_t)count,
                                   .ref = LS_NO_ENTRY,
                                   .day = LS_NO_DAY,
                                   .kind = i < 2 * times - 1 ? LS_FACT_PERFORM : LS_FACT_CONFIRM,
                                   .by = by & 31,
                                   .party = by & 31,
                                   .subject = m & 1023,
                                   .detail = LS_NO_DETAIL};
            count++;
        }
    }
    return count;
}

/* Seconds of the fastest of some runs; the state of the last measure goes to *last, if that is not NULL. */
static double evaluate_facts(const ls_roadmap *r, const ls_charter *c, const ls_fact *fact, size_t count,
                             ls_state *last)
{
    ls_time start = 1539129600;
    ls_facts facts = {fact, count, time_of, &start};
    ls_time now = time_of(&start, (uint32_t)count);
    ls_state_query q = {.roadmap = r, .charter = c, .signed_at = start, .facts = &facts, .at = now, .known = now};
    double best = 1e9;
    for (int run = 0; run < RUNS; run++) {
        ls_arena arena = {0};
        ls_accord_state state;
        double before = bench_busy();
        bench_must(ls_state_eval(&q, &arena, &state), NULL);
        double seconds = bench_busy() - before;
        best = seconds < best ? seconds : best;
        if (last != NULL) {
            *last = state.measure[MEASURES - 1].state;
        }
        ls_arena_free(&arena);
    }
    return best;
}

/* Each measure is performed so often; ends the program if the last one is not confirmed then. */
static double evaluate(const ls_roadmap *r, const ls_charter *c, size_t times)
{
    ls_fact *fact = calloc(2 * times * MEASURES, sizeof *fact);
    bench_must(fact == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS, NULL);
    ls_state last = LS_PENDING;
    double seconds = evaluate_facts(r, c, fact, make_facts(times, fact), &last);
    if (last != LS_CONFIRMED) {
        fprintf(stderr, "bench_state: the last measure is %s\n", ls_state_name(last));
        exit(LS_CLASS_BUG);
    }
    free(fact);
    return seconds;
}

/* Ways to say much about one measure, over and over; what refers refers to the act before. */
static const struct {
    size_t count;
    uint8_t kind[4];
} ways[] = {
    {2, {LS_FACT_PERFORM, LS_FACT_CONFIRM}},
    {2, {LS_FACT_PERFORM, LS_FACT_WITHDRAW}},
    {3, {LS_FACT_PERFORM, LS_FACT_OBJECT, LS_FACT_WITHDRAW}},
    {2, {LS_FACT_PERFORM, LS_FACT_REVERSE}},
    {4, {LS_FACT_PERFORM, LS_FACT_PERFORM, LS_FACT_PERFORM, LS_FACT_CONFIRM}},
    {2, {LS_FACT_MISSING, LS_FACT_WITHDRAW}},
    {2, {LS_FACT_SUSPEND, LS_FACT_RESUME}},
    {2, {LS_FACT_BEGIN, LS_FACT_PROMISE}},
};

static void say_over_and_over(size_t way, size_t count, ls_fact *out)
{
    for (size_t i = 0; i < count; i++) {
        unsigned kind = ways[way].kind[i % ways[way].count];
        bool refers = kind == LS_FACT_WITHDRAW || kind == LS_FACT_RESUME;
        unsigned by = kind == LS_FACT_CONFIRM || kind == LS_FACT_OBJECT || kind == LS_FACT_MISSING ? 1 : 0;
        by = refers && i > 0 ? out[i - 1].by : by;
        out[i] = (ls_fact){.amount = LS_QUANTITY_NONE,
                           .index = (uint32_t)i,
                           .ref = refers ? (uint32_t)i - 1 : LS_NO_ENTRY,
                           .day = LS_NO_DAY,
                           .kind = kind & 31,
                           .by = by & 31,
                           .party = by & 31,
                           .subject = kind == LS_FACT_SUSPEND || kind == LS_FACT_RESUME ? LS_NO_SUBJECT : 0,
                           .detail = LS_NO_DETAIL};
    }
}

static double growth_worst(const ls_roadmap *r, const ls_charter *c)
{
    static const size_t sizes[] = {50000, 500000};
    double worst = 0, seconds[2];
    for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
        for (size_t i = 0; i < 2; i++) {
            ls_fact *fact = calloc(sizes[i], sizeof *fact);
            bench_must(fact == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS, NULL);
            say_over_and_over(way, sizes[i], fact);
            seconds[i] = evaluate_facts(r, c, fact, sizes[i], NULL);
            free(fact);
        }
        worst = seconds[1] / seconds[0] > worst ? seconds[1] / seconds[0] : worst;
    }
    return worst;
}

int main(void)
{
    static const ls_zone_span seoul[] = {{0, 9 * 3600}};
    ls_charter *c = calloc(1, sizeof *c);
    ls_arena arena = {0};
    ls_roadmap roadmap;
    if (c == NULL) {
        return LS_CLASS_ENVIRONMENT;
    }
    c->zone = (ls_zone){"Asia/Seoul", seoul, 1};
    c->closing = c->grace = 86400;
    c->party_count = 2;
    c->party[0].name = ls_bytes_str("a");
    c->party[1].name = ls_bytes_str("b");
    read_roadmap(&arena, c, &roadmap);
    bench_figure("steps_1000_ms", 1e3 * evaluate(&roadmap, c, 1), "ms");
    double once = evaluate(&roadmap, c, 50), often = evaluate(&roadmap, c, 500);
    bench_figure("state_100000_acts_ms", 1e3 * once, "ms");
    bench_figure("state_growth_10x_acts", often / once, "ratio");
    bench_figure("state_growth_worst", growth_worst(&roadmap, c), "ratio");
    ls_arena_free(&arena);
    free(c);
    return 0;
}
