/* keys: fingerprints as words to read aloud, and comparing what was read. */
#include "cli/cli.h"
#include "process/words.h"
#include <ctype.h>

#define WORDS_A_LINE 4
#define READ_MAX (4 * LS_HASH_WORDS) /* words that are compared, numbers between them not counted */

/* One fingerprint of the list: the charter's own first, then those of its keys. */
typedef struct listed {
    const char *title; /* whose it is, and what for */
    const ls_vkey *key;
    ls_hash hash;
    ls_time until;
} listed;

typedef struct list {
    const ls_charter *charter;
    size_t count;
    listed *item;
} list;

static const char *const purposes[] = {
    [LS_KEY_OF_LEDGER] = "the ledger", [LS_KEY_OF_SIGNER] = "signer",
    [LS_KEY_OF_RECOVERY] = "recovery", [LS_KEY_OF_DELEGATE] = "reads only",
    [LS_KEY_OF_COSIGNER] = "cosigns",  [LS_KEY_OF_RECEIPTS] = "receipts of its cosigner",
};

static const char *title_of(cli *c, const ls_charter *charter, const ls_key_entry *e)
{
    if (e->purpose == LS_KEY_OF_LEDGER) {
        return purposes[LS_KEY_OF_LEDGER];
    }
    ls_bytes owner =
        e->party == LS_NO_PARTY ? ls_charter_cosigner(charter, e->owner)->title : charter->party[e->party].title;
    return ls_arena_format(&c->arena, "%s, %s", cli_text(c, owner), purposes[e->purpose]);
}

static ls_result list_keys(cli *c, const ls_charter *charter, list *out)
{
    ls_key_entry e;
    size_t count = 0;
    while (ls_charter_key(charter, count, &e)) {
        count++;
    }
    out->charter = charter;
    out->item = ls_arena_array(&c->arena, count + 1, sizeof *out->item);
    if (out->item == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (c->open && c->ws.has_process) {
        out->item[out->count++] = (listed){.title = "the charter", .hash = c->ws.process, .until = LS_TIME_OPEN};
    }
    for (size_t i = 0; i < count; i++) {
        listed *l = &out->item[out->count++];
        ls_charter_key(charter, i, &e);
        *l = (listed){.title = title_of(c, charter, &e), .key = e.key, .until = e.until};
        ls_vkey_fingerprint(e.key, &l->hash);
    }
    return LS_SUCCESS;
}

/* The charter in force, or that of a file which nobody has signed yet. */
static ls_result load(cli *c, list *out)
{
    const char *path = cli_value(c, "of");
    if (path == NULL) {
        LS_TRY(cli_sync(c));
        const ls_charter *charter = ls_record_charter(c->ws.record);
        if (charter == NULL) {
            ls_hint(&c->detail, "of a draft: lockstep keys --of charter.yaml");
            return ls_fail_with(&ls_fault_process, &c->detail, "there is no charter on the record yet");
        }
        return list_keys(c, charter, out);
    }
    ls_bytes text;
    ls_buf json = {0};
    ls_charter *charter = ls_arena_alloc(&c->arena, sizeof *charter);
    LS_TRY(cli_read(c, path, &text));
    ls_diagnostics *d = cli_diagnostics(c, path, text);
    ls_result r =
        d == NULL || charter == NULL ? ls_fail(&ls_fault_memory) : ls_charter_load(&c->arena, text, d, charter, &json);
    ls_buf_free(&json);
    LS_TRY(r);
    return list_keys(c, charter, out);
}

void cli_print_words(const ls_hash *h)
{
    for (size_t i = 0; i < LS_HASH_WORDS; i++) {
        char word[LS_WORD_SIZE];
        ls_hash_word(h, i, word);
        cli_print("%s%2zu %s%s", i % WORDS_A_LINE == 0 ? "    " : "   ", i + 1, word,
                  i % WORDS_A_LINE == WORDS_A_LINE - 1 ? "\n" : "");
    }
}

static void print_one(const listed *l)
{
    char until[LS_TIME_SIZE];
    cli_print("%s%s%s", l->title, l->key != NULL ? ": " : "", l->key != NULL ? l->key->name : "");
    if (l->until == LS_TIME_ENDED) {
        cli_print(" (revoked)");
    } else if (l->until != LS_TIME_OPEN) {
        ls_time_format(l->until, until);
        cli_print(" (until %s)", until);
    }
    cli_print("\n");
    cli_print_words(&l->hash);
}

static json_t *json_one(const listed *l)
{
    json_t *words = json_array(),
           *o = json_pack("{s:s, s:o, s:o}", "title", l->title, "fingerprint", cli_json_hash(&l->hash), "words", words);
    for (size_t i = 0; i < LS_HASH_WORDS; i++) {
        char word[LS_WORD_SIZE];
        ls_hash_word(&l->hash, i, word);
        json_array_append_new(words, json_string(word));
    }
    if (l->key != NULL) {
        char vkey[LS_VKEY_SIZE];
        ls_vkey_format(l->key, vkey);
        json_object_set_new(o, "key", json_string(vkey));
    }
    json_object_set_new(o, "revoked", json_boolean(l->until == LS_TIME_ENDED));
    if (l->until != LS_TIME_OPEN && l->until != LS_TIME_ENDED) {
        json_object_set_new(o, "until", cli_json_time(l->until));
    }
    return o;
}

static ls_result print_all(cli *c, const list *keys)
{
    if (c->json) {
        json_t *array = json_array();
        for (size_t i = 0; i < keys->count; i++) {
            json_array_append_new(array, json_one(&keys->item[i]));
        }
        return cli_print_json(c, keys->charter->exercise, json_pack("{s:o}", "fingerprints", array));
    }
    cli_mark(c, keys->charter->exercise);
    cli_print("Read these aloud to each other, over a channel that you trust; the numbers keep you together.\n"
              "The charter's covers every key that stood in it when it was signed; those that came since have words of "
              "their own.\n");
    for (size_t i = 0; i < keys->count; i++) {
        cli_print("\n");
        print_one(&keys->item[i]);
    }
    return LS_SUCCESS;
}

/* What was read: words in lower case; numbers and what stands between are left out. */
typedef struct heard {
    size_t count;
    char word[READ_MAX][LS_WORD_SIZE + 2]; /* longer ones are cut, and are no words then */
} heard;

static void take_words(const char *text, heard *out)
{
    size_t len = 0;
    for (;; text++) {
        if (isalpha((unsigned char)*text) && out->count < READ_MAX) {
            char *word = out->word[out->count];
            if (len < sizeof out->word[0] - 1) {
                word[len++] = (char)tolower((unsigned char)*text);
            }
            word[len] = '\0';
        } else if (len > 0) {
            out->count++;
            len = 0;
        }
        if (*text == '\0') {
            return;
        }
    }
}

static size_t words_alike(const heard *h, const ls_hash *hash)
{
    size_t alike = 0;
    for (size_t i = 0; i < LS_HASH_WORDS && i < h->count; i++) {
        char word[LS_WORD_SIZE];
        ls_hash_word(hash, i, word);
        alike += strcmp(word, h->word[i]) == 0;
    }
    return alike;
}

static void say_difference(const heard *h, size_t i, const ls_hash *hash)
{
    char word[LS_WORD_SIZE];
    uint16_t value;
    ls_hash_word(hash, i, word);
    if (i >= h->count) {
        cli_print("  word %zu was not read; here it is %s\n", i + 1, word);
    } else if (strcmp(word, h->word[i]) != 0) {
        bool possible = ls_word_parse(ls_bytes_str(h->word[i]), &value);
        cli_print("  word %zu was read as %s%s; here it is %s\n", i + 1, h->word[i],
                  possible ? "" : ", which is no such word: misheard?", word);
    }
}

static const listed *find_nearest(const list *keys, const heard *h, size_t *alike)
{
    const listed *nearest = NULL;
    *alike = 0;
    for (size_t i = 0; i < keys->count; i++) {
        size_t n = words_alike(h, &keys->item[i].hash);
        if (n > *alike) {
            *alike = n;
            nearest = &keys->item[i];
        }
    }
    return nearest;
}

/* A stranger's fingerprint shares no word with ours, or by accident one. */
#define ALIKE_AT_LEAST 4

static ls_result compare(cli *c, const list *keys)
{
    heard h = {0};
    size_t alike;
    take_words(cli_value(c, "compare"), &h);
    for (int i = 0; i < c->argument_count; i++) {
        take_words(c->argument[i], &h);
    }
    const listed *l = find_nearest(keys, &h, &alike);
    bool match = alike == LS_HASH_WORDS && h.count == LS_HASH_WORDS;
    if (c->json) {
        LS_TRY(cli_print_json(c, keys->charter->exercise,
                              json_pack("{s:b, s:s?, s:I}", "match", match, "nearest", l == NULL ? NULL : l->title,
                                        "words-alike", (json_int_t)alike)));
        return match ? LS_SUCCESS : ls_fail(&cli_fault_said);
    }
    cli_mark(c, keys->charter->exercise);
    if (match) {
        cli_print("Match: these are the words of %s%s%s.\n", l->title, l->key != NULL ? ": " : "",
                  l->key != NULL ? l->key->name : "");
        return LS_SUCCESS;
    }
    if (alike < ALIKE_AT_LEAST) {
        cli_print("No match: %zu words were read, and nothing here is like them. Do not sign before you know why.\n",
                  h.count);
        return ls_fail(&cli_fault_said);
    }
    cli_print("No match. Nearest is %s%s%s:\n", l->title, l->key != NULL ? ": " : "",
              l->key != NULL ? l->key->name : "");
    for (size_t i = 0; i < LS_HASH_WORDS; i++) {
        say_difference(&h, i, &l->hash);
    }
    if (h.count > LS_HASH_WORDS) {
        cli_print("  %zu words were read; there are %d\n", h.count, LS_HASH_WORDS);
    }
    return ls_fail(&cli_fault_said);
}

static ls_result run_keys(cli *c)
{
    list keys = {0};
    if (cli_value(c, "prove") != NULL) {
        return cli_prove_keys(c, cli_value(c, "prove"));
    }
    if (cli_value(c, "compare") == NULL && c->argument_count > 0) {
        ls_hint(&c->detail, "lockstep keys --compare \"lusab babad …\"");
        return ls_fail_with(&ls_fault_usage, &c->detail, "what shall these words be compared with? say --compare");
    }
    LS_TRY(load(c, &keys));
    return cli_value(c, "compare") != NULL ? compare(c, &keys) : print_all(c, &keys);
}

const cli_verb cli_verb_keys = {
    "keys",
    "[--compare WORDS…]",
    "fingerprints as words to read aloud",
    "Shows every key of the charter in force, and the charter itself, with its fingerprint as 16 numbered words that\n"
    "can be read over the telephone. With --compare, says whether words that were read aloud are those of a key here,\n"
    "and if not, which one differs; numbers between them do no harm. With --prove, makes the proofs that keys which "
    "are\n"
    "new in an amended charter need; whoever holds the keys runs it.",
    "  lockstep -C usa keys\n  lockstep keys --prove iaea-watch --process 4f0c…  (64 digits)\n  lockstep -C usa keys "
    "--compare \"lusab babad gutih tugad …\"",
    0,
    2 * READ_MAX,
    {{"compare", "WORDS", "compare with words that were read aloud"},
     {"of", "FILE", "of a charter's YAML that is not signed yet"},
     {"prove", "FOLDER", "that the keys in a workspace or a cosigner's folder are held there, for an amended charter"},
     {"process", "FINGERPRINT", "with --prove: of which process (default: the workspace's)"},
     {"owner", "NAME", "with --prove: the party of a cosigner (default: an outsider's own name)"},
     {0}},
    run_keys};
