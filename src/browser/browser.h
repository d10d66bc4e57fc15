/*
 * The verifier in a reader's browser: what the WebAssembly module exports. The same C as the command line's, from the
 * acts' syntax up to the verdicts; around it stands only this, which keeps what the page hands over and puts answers
 * into one buffer.
 *
 * One session at a time: the page begins it with the fingerprint that its reader trusts, hands over files and entries
 * in the ledger's order, and finishes with the checkpoint. Nothing is believed before. Everything is untrusted: where
 * memory runs out the answer is WEB_MEMORY, and nothing changes.
 *
 * Bytes are handed over in the module's memory: web_alloc gives room for them, web_free takes it back. An answer stays
 * until the next call. Texts are UTF-8. Not thread-safe; a browser runs it on one thread.
 */
#ifndef LS_BROWSER_BROWSER_H
#define LS_BROWSER_BROWSER_H

#include <stddef.h>
#include <stdint.h>

/* What calls return. Those that judge a file return the exit status of the command line instead. */
enum { WEB_OK = 0, WEB_REFUSED = 1, WEB_FILE_NEEDED = 2, WEB_MEMORY = 3, WEB_MISUSED = 4 };

void *web_alloc(size_t size); /* NULL if there is no memory */
void web_free(void *ptr);

/* The last answer: JSON, or what the call says. */
const uint8_t *web_result(void);
size_t web_result_size(void);

/* Forgets everything, and begins. charter: the 64 hex digits of the charter's fingerprint that the reader has from
 * somewhere else, or nothing. WEB_MISUSED if they are none. */
int web_begin(const char *charter, size_t len);

/* A public file: kept by its hash, which is the answer, in hex. Whoever asked for a file by its hash compares. */
int web_file(const uint8_t *ptr, size_t len);

/* The next entry of the ledger. WEB_OK: acceptable where it stands, and signed by those it names. WEB_REFUSED: the
 * answer is {"entry", "why"}, and no further entry is taken. WEB_FILE_NEEDED: it can't be judged without a file whose
 * hash is the answer, in hex; hand it over and then this entry again, which may need another. */
int web_append(const uint8_t *ptr, size_t len);

/* The checkpoint, a signed note, which must cover exactly the entries so far. WEB_OK: everything holds; else
 * WEB_REFUSED. The answer says the same in full:
 *
 * {"valid", "size", "final", "root", "time", "charter", "words", "anchored", "exercise",
 *  "signers": [names of the parties that signed acts], "cosigners": [{"name", "title", "time"}],
 *  "findings": [{"level", "subject", "text"}]}
 *
 * time: of the record's last stamp, "" if there is none; of a cosigner, when it cosigned. final: cosigned by a quorum
 * of the charter's cosigners; where that is missing, nothing is valid here, as the site is of what is final. The
 * findings are those of lockstep-verify. */
int web_finish(const uint8_t *checkpoint, size_t len);

/* A tile of hashes as the site serves it: WEB_OK if it is what the entries lead to. */
int web_tile(unsigned level, uint64_t index, unsigned width, const uint8_t *ptr, size_t len);

/* A page of the portal, rendered again from the record: {"title", "html"}, the inside of <main>. Only after a finish
 * that found everything to hold. at, known: seconds since 1970; 0: the time of the record's last stamp. WEB_REFUSED: no
 * such page. */
int web_page(const char *path, size_t path_len, int64_t at, int64_t known, const char *language, size_t language_len);

/* What stands around such a page: {"title", "dir", "top", "foot"}, the title that a browser shows, the direction of the
 * language ("ltr", "rtl"), and the markup before and after. title: the page's own. version: of Lockstep; verifier: the
 * hash of this module as it was released, in hex; the foot names both, and a module can't know its own. */
int web_around(const char *path, size_t path_len, const char *language, size_t language_len, const char *title,
               size_t title_len, const char *version, size_t version_len, const char *verifier, size_t verifier_len);

/* Any file that lockstep made. The answer is what `lockstep-verify --json -` prints of it, and the value its exit
 * status; for a file that is none, {"error", "hint"} with what lockstep-verify says then. A proof is judged by the
 * session's record, if that was found to hold, as with --policy; without it there is no key to judge it by. */
int web_verify(const uint8_t *ptr, size_t len, const char *charter, size_t charter_len);

#endif
