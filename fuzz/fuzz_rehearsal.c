/* Scripts of rehearsals, as YAML, about one roadmap that has some of everything: what was read without errors is
 * played, and of a sweep its first and last run. */
#include "rehearsal/rehearsal.h"
#include "yaml/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char roadmap_text[] =
    "{roadmap: 1, name: small, title: Small, parties: [dprk, usa, rok],\n"
    "entry-into-force: {earliest: [usa ratified, \"2018-02-01\"]}, provisional-application: signed,\n"
    "suspension: {scope: [accord, track, measure], clocks: stop, counterpart: may withhold, at-most: 60 days,\n"
    "  until: found}, extension: {by: [usa, dprk], at-most: 15 days, times: 2},\n"
    "withdrawal: {notice: 90 days, then: continues}, assessors: [iaea], tracks: [{id: main, title: Main}],\n"
    "events: [{id: found, title: Found, attested-by: [iaea]},\n"
    "  {id: back, title: Back, when: 30 days after talks exhausted, unless: found},\n"
    "  {id: open, title: Open, to-be-agreed: true}],\n"
    "rights: [{id: visits, of: usa, what: visit, paragraph: p1, quota: 2 per month, from: in force}],\n"
    "disputes: [{id: talks, title: Talks, open-to: [dprk, usa], stages: [\n"
    "  {id: first, title: First, lasts: 15 days, extendable: true},\n"
    "  {id: board, title: Board, after: [first], lasts: 2 weeks, optional: true},\n"
    "  {id: last, title: Last, after: [first, board], lasts: 5 days}]}],\n"
    "declarations: [{name: sites, by: dprk, fields: [id, name], id: id, tranche: part, row-bytes: 64,\n"
    "  tranches: [{label: a, rows: 8}]}],\n"
    "steps: [{id: one, title: One, track: main, simultaneous: true, measures: [\n"
    "  {id: list, by: dprk, what: list, paragraph: p1, begin: 3 days after in force, due: 10 days after in force,\n"
    "    verified-by: [usa, rok], on-silence: confirmed after 30 days, declares: sites},\n"
    "  {id: show, by: dprk, what: show, paragraph: p1, after: [in force], verified-by: [usa],\n"
    "    in-presence-of: [iaea], opens: {declaration: sites, tranche: 1}},\n"
    "  {id: both, by: [usa, dprk], what: meet, paragraph: p1, provisional: true, due: \"2018-03-01\",\n"
    "    may-call-off: [usa], undone-by: back}]},\n"
    " {id: two, title: Two, track: main, measures: [\n"
    "  {id: oil, by: [usa, rok], what: oil, paragraph: p1, after: [show promised], due: 1 year after show promised,\n"
    "    amount: 950 t, shares: {usa: 50 %, rok: 25.5 %}, may-join: [chn], substitutes: true, verified-by: [dprk]},\n"
    "  {id: supply, by: usa, what: supply, paragraph: p1, after: [oil performed 40 %], amount: 5 t per month,\n"
    "    until: \"2020-01-01\", verified-by: [dprk]},\n"
    "  {id: third, by: dprk, what: a third, paragraph: p1, amount: 30 % of found, units: {missile: 1, warhead: 0.5},\n"
    "    methods: [{id: fire, title: Fire, at-most: 20 %}, {id: saw, title: Saw, until: 2 years after in force}],\n"
    "    verified-by: [iaea], on-silence: disputed after 2 months},\n"
    "  {id: match, by: usa, what: as many, paragraph: p1, amount: as much as third, irreversible: true},\n"
    "  {id: level, by: dprk, what: level, paragraph: p1, due: 6 months after one complete, at-most: 300 kg,\n"
    "    until: 5 years after signed, verified-by: [iaea]},\n"
    "  {id: calm, by: dprk, what: calm, paragraph: p1, until: back, verified-by: [usa, rok], continuing: true}]}]}\n";

static const ls_zone_span spans[] = {{0, 30600}, {1525446000, 32400}};
static const char *const names[] = {"dprk", "usa", "rok", "iaea", "chn", "jpn"};

static struct {
    ls_arena arena;
    ls_charter charter;
    ls_roadmap roadmap;
} world = {.charter = {.zone = {"Asia/Pyongyang", spans, 2},
                       .closing = 86400,
                       .grace = 86400,
                       .rows_limit = 1000000,
                       .attachment_limit = 1 << 30,
                       .party_count = 6}};

/* Once: it is the same for all inputs. */
static bool prepare(void)
{
    static bool ready;
    ls_value *v = NULL;
    ls_diagnostics d = {.arena = &world.arena};
    for (size_t i = 0; i < world.charter.party_count && !ready; i++) {
        world.charter.party[i].name = ls_bytes_str(names[i]);
    }
    if (!ready && ls_succeeded(ls_yaml_parse(&world.arena, ls_bytes_str(roadmap_text), &d, &v)) && v != NULL) {
        ls_roadmap_read(&world.arena, v, &world.charter, ls_bytes_str("[p1] Words.\n"), &d, &world.roadmap);
        ready = d.errors == 0;
    }
    return ready;
}

static void play(ls_arena *arena, const ls_rehearsal *script)
{
    ls_rehearsed played;
    if (ls_succeeded(ls_rehearsal_run(script, arena, &played)) && played.count == 0) {
        __builtin_trap(); /* at least it was signed */
    }
}

static void play_run(ls_arena *arena, const ls_rehearsal *script, size_t run)
{
    ls_diagnostics d = {.arena = arena};
    ls_rehearsal one;
    const ls_value *variant = ls_rehearsal_variant(arena, script, run);
    if (variant == NULL) {
        return;
    }
    ls_rehearsal_read(arena, variant, &script->of, &d, &one);
    if (d.errors == 0) {
        play(arena, &one);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_arena arena = {0};
    ls_value *v = NULL;
    ls_rehearsal script;
    ls_diagnostics d = {.arena = &arena};
    if (!prepare()) {
        __builtin_trap();
    }
    ls_rehearsed_accord of = {.roadmap = &world.roadmap, .charter = &world.charter, .today = 1514808000};
    if (ls_succeeded(ls_yaml_parse(&arena, ls_bytes_of(data, size), &d, &v)) && v != NULL) {
        ls_rehearsal_read(&arena, v, &of, &d, &script);
        ls_diagnostics_sort(&d);
        if (d.errors == 0 && script.sweep_count == 0) {
            play(&arena, &script);
        } else if (d.errors == 0) {
            play_run(&arena, &script, 0);
            play_run(&arena, &script, script.run_count - 1);
        }
    }
    ls_arena_free(&arena);
    return 0;
}
