/* Pages of declarations, the map and the roadmap, with rows that would be more than rows. */
#include "inspected_acts.h"
#include "portal_pages.h"

/* Identifiers stand for latitudes and names for longitudes: the fixture's declaration has no other fields. */
#define PLACES "[{\"name\":\"process\",\"fields\":\"all\"}],\"latitude\":\"id\",\"longitude\":\"name\""

/* Three rows near, and so one of four is blank; two far, and so one of three. */
static const char inventory[] = "id,name,tranche\n"
                                "39.5,125.5,near\n"
                                "<b>1</b>,<i>&lt;</i>,near\n"
                                "\"-33.25\",-70.75,near\n"
                                "b-1,Mine,far\n"
                                "b-2,Mill,far\n";

static uint64_t declare(fixture *f)
{
    f->audiences = PLACES;
    fixture_append(f, fixture_accord(f));
    pass(f, 60);
    uint64_t declared = fixture_append(f, fixture_declare(f, inventory, NULL));
    pass(f, 60);
    return declared;
}

static const char *declaration_page(fixture *f, uint64_t declared)
{
    ls_portal p = pages_of(f, 0);
    return page(f, &p, ls_arena_format(&f->arena, "declaration/%llu.html", (unsigned long long)declared));
}

static void test_a_closed_declaration(void **state)
{
    fixture *f = *state;
    uint64_t declared = declare(f);
    const char *html = declaration_page(f, declared);
    says_that(f, html, "declaration.tranches", "Tranches 0 of 2 open");
    says_that(f, html, "declaration.rows", "Rows open to everybody 0, of which 0 proved blank");
    says_that(f, html, "tranche-1", "1 near 4 closed");
    says_that(f, html, "tranche-2", "2 far 3 closed");
    lacks(html, "39.5");
    ls_portal p = pages_of(f, 0);
    contains(page(f, &p, "map.html"), "Nothing that has a place");
    assert_false(there_is(&p, "declaration/0.html"));
}

static void test_an_open_tranche(void **state)
{
    fixture *f = *state;
    uint64_t declared = declare(f), opened = fixture_append(f, fixture_open_tranche(f, 1));
    pass(f, 60);
    const char *html = declaration_page(f, declared);
    says_that(f, html, "declaration.tranches", "Tranches 1 of 2 open");
    says_that(f, html, "declaration.rows", "Rows open to everybody 4, of which 1 proved blank");
    contains(statement(f, html, "tranche-1"),
             ls_arena_format(&f->arena, "open to everybody: 4 rows, 1 of them blank; entry %llu",
                             (unsigned long long)opened));
    says_that(f, html, "tranche-2", "2 far 3 closed");
    contains(html, "&lt;b&gt;1&lt;/b&gt;");
    contains(html, "&lt;i&gt;&amp;lt;&lt;/i&gt;");
    contains(html, "blank: every field is open and empty");
    lacks(html, "Mine");
    all_pages(f, pages_of(f, 0));
}

static void test_its_places_on_the_map(void **state)
{
    fixture *f = *state;
    declare(f);
    fixture_append(f, fixture_open_tranche(f, 1));
    pass(f, 60);
    ls_portal p = pages_of(f, 0);
    const char *html = page(f, &p, "map.html");
    /* x = longitude + 180, y = 90 - latitude; only what has both is a place. */
    contains(html, "data-x=\"305.500\" data-y=\"50.500\"");
    contains(html, "data-x=\"109.250\" data-y=\"123.250\"");
    contains(html, "39.5000\xc2\xb0 N, 125.5000\xc2\xb0 E");
    contains(html, "33.2500\xc2\xb0 S, 70.7500\xc2\xb0 W");
    lacks(html, "&lt;b&gt;1");
}

/* Rows that are opened without their places are on no map. */
static void test_some_fields(void **state)
{
    fixture *f = *state;
    uint64_t declared = declare(f);
    const uint64_t rows[] = {0, 1, 2, 3};
    const bool fields[] = {true, false};
    fixture_append(f, fixture_open_rows(f, 1, rows, 4, fields));
    pass(f, 60);
    const char *html = declaration_page(f, declared);
    contains(html, "39.5");
    lacks(html, "125.5");
    contains(statement(f, html, "singles"), "open to everybody: 4 rows");
    ls_portal p = pages_of(f, 0);
    lacks(page(f, &p, "map.html"), "data-x");
}

/* A file that the site does not have, and one that opens nothing. */
static void test_what_can_not_be_read(void **state)
{
    fixture *f = *state;
    uint64_t declared = declare(f);
    fixture_append(f, fixture_open_act(f, 1, 0, ls_bytes_str("no opening at all")));
    pass(f, 60);
    contains(statement(f, declaration_page(f, declared), "tranche-1"),
             "a file that opens nothing of what was declared");
    f->attachment_count = 0;
    contains(statement(f, declaration_page(f, declared), "tranche-1"), "open, but not to everybody");
}

/* As known before the opening, nothing is open. */
static void test_as_known_before_it_was_opened(void **state)
{
    fixture *f = *state;
    uint64_t declared = declare(f);
    ls_time before = f->now;
    pass(f, 3600);
    fixture_append(f, fixture_open_tranche(f, 1));
    pass(f, 60);
    ls_portal p = pages_of(f, before);
    const char *path = ls_arena_format(&f->arena, "declaration/%llu.html", (unsigned long long)declared);
    says_that(f, page(f, &p, path), "tranche-1", "1 near 4 closed");
    lacks(page(f, &p, "map.html"), "data-x");
}

static void test_challenges_and_findings(void **state)
{
    fixture *f = *state;
    begin_inspections(f);
    uint64_t challenged = take(f, challenge(f, "40.316252 125.276505", "2000"));
    pass(f, 60);
    take(f, about(f, DPRK, "deny", challenged));
    pass(f, 60);
    ls_portal p = pages_of(f, 0);
    const char *html = page(f, &p, "map.html");
    const char *id = ls_arena_format(&f->arena, "challenge-%llu", (unsigned long long)challenged);
    contains(statement(f, html, id), "40.3163\xc2\xb0 N, 125.2765\xc2\xb0 E and 2 km around");
    contains(html, "data-x=\"305.276\" data-y=\"49.683\"");
    /* 2,000 m are 0.01799 degrees of latitude, and of longitude 0.01799 / cos 40.316252 = 0.02359. */
    contains(html, "cx=\"305.276\" cy=\"49.683\" rx=\"0.024\" ry=\"0.018\"");
    all_pages(f, p);
}

static void test_draws_on_a_declaration(void **state)
{
    fixture *f = *state;
    begin_inspections(f);
    uint64_t drawn = take(f, draw(f));
    pass(f, 60);
    const char *html = declaration_page(f, DECLARED);
    contains(statement(f, html, ls_arena_format(&f->arena, "draw-%llu", (unsigned long long)drawn)),
             "rok 2 of 7 rows committing");
    all_pages(f, pages_of(f, 0));
}

static void test_without_memory(void **state)
{
    fixture *f = *state;
    declare(f);
    fixture_append(f, fixture_open_tranche(f, 1));
    pass(f, 60);
    all_pages_lack_memory(f);
}

static void test_the_roadmap(void **state)
{
    fixture *f = *state;
    declare(f);
    ls_portal p = pages_of(f, 0);
    const char *html = page(f, &p, "roadmap.html");
    says_that(f, html, "measure-0-0", "First declare-sites dprk in force 10 days after in force performed");
    says_that(f, html, "measure-0-1", "First suspend-exercises usa in force 7 days after in force due");
    /* dprk has given one measure that usa has not answered: nothing is irreversible. */
    contains(html, "data-s=\"exposure-0-0-0\"");
    contains(html, "<svg class=\"exposure-0\"");
    contains(html, ">EXERCISE<");
}

int main(void)
{
#define ON_CHARTER(test) cmocka_unit_test_setup_teardown(test, open_charter, close_all)
    const struct CMUnitTest tests[] = {
        ON_CHARTER(test_a_closed_declaration),    ON_CHARTER(test_an_open_tranche),
        ON_CHARTER(test_its_places_on_the_map),   ON_CHARTER(test_some_fields),
        ON_CHARTER(test_what_can_not_be_read),    ON_CHARTER(test_as_known_before_it_was_opened),
        ON_CHARTER(test_challenges_and_findings), ON_CHARTER(test_draws_on_a_declaration),
        ON_CHARTER(test_without_memory),          ON_CHARTER(test_the_roadmap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
