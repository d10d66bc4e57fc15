/*
 * What the operating system gives: files written durably, locks, the clock, the terminal.
 *
 * The order of syncs stands in os/file.c and nowhere else. Errors name the file and the cause in detail.
 */
#ifndef LS_OS_OS_H
#define LS_OS_OS_H

#include <lockstep/bytes.h>
#include <lockstep/time.h>
#include <pthread.h>

extern const ls_fault ls_fault_file;    /* environment: a file can't be read or written */
extern const ls_fault ls_fault_missing; /* environment: there is no such file */
extern const ls_fault ls_fault_exists;  /* usage: it exists already and is not overwritten */
extern const ls_fault ls_fault_private; /* environment: others can read what must be private */
extern const ls_fault ls_fault_large;   /* usage: larger than the limit */

/* Appends a whole regular file to out, or standard input if path is "-". At most limit bytes, else ls_fault_large. What
 * was read of a file that fails is wiped. */
ls_result ls_file_read(const char *path, uint64_t limit, ls_buf *out, ls_detail *detail);

/* Writes a new version of a file durably: to a temporary file beside it (mode 0600), sync, rename, sync of the folder.
 * Afterwards the file holds either its old content or the new, whatever happens in between. What is no file, such as a
 * device, is ls_fault_exists. */
ls_result ls_file_write(const char *path, ls_bytes content, ls_detail *detail);
/* The same, but refuses (ls_fault_exists) if the file exists, without a race. */
ls_result ls_file_create(const char *path, ls_bytes content, ls_detail *detail);

/* For many files that others may read: each whole or not at all for whoever looks (mode 0644), but on disk only once
 * ls_folder_settle has said so. */
ls_result ls_file_put(const char *path, ls_bytes content, ls_detail *detail);
/* That all which was written in the file system of this folder outlives a loss of power. */
ls_result ls_folder_settle(const char *path, ls_detail *detail);

/* A new file written piece by piece, with the same promise: it appears under its name, durably, at commit or not at
 * all. Start with {0}-initialised w. After any failure only ls_file_abort may be called. */
typedef struct ls_file_writer {
    int fd;
    char path[4096], temporary[4096];
    uint8_t *buffer;
    size_t used;      /* bytes in the buffer */
    uint64_t written; /* bytes before those in the buffer */
} ls_file_writer;
ls_result ls_file_begin(const char *path, ls_file_writer *w, ls_detail *detail);
ls_result ls_file_append(ls_file_writer *w, ls_bytes content, ls_detail *detail);
/* The same for whoever passes on what he does not look into: writer is an ls_file_writer. */
ls_result ls_file_sink(void *writer, ls_bytes content, ls_detail *detail);
/* Overwrites bytes already appended (a header known only at the end); others are ls_fault_bug. */
ls_result ls_file_rewrite(ls_file_writer *w, uint64_t offset, ls_bytes content, ls_detail *detail);
ls_result ls_file_commit(ls_file_writer *w, ls_detail *detail);
void ls_file_abort(ls_file_writer *w); /* removes the temporary file; safe after commit */

/* That the name of a file which is there outlives a loss of power: whoever wrote it may have been killed before. */
ls_result ls_file_settle(const char *path, ls_detail *detail);

/* Makes a folder (0700), durably; its parent must exist. Succeeds if it is there already. */
ls_result ls_folder_make(const char *path, ls_detail *detail);
/* Refuses (ls_fault_private, hint: the chmod that mends it) a file or folder that group or others can read or write,
 * or that another user owns. */
ls_result ls_private_check(const char *path, ls_detail *detail);
/* Names in a folder without ., .. and temporary files, sorted; in the arena. A missing folder: count 0. */
ls_result ls_folder_list(ls_arena *arena, const char *path, char ***names, size_t *count, ls_detail *detail);
/* Removes the temporary files that killed writers left in a folder. Only under a lock that keeps writers out. */
ls_result ls_folder_sweep(const char *path, ls_detail *detail);
/* The same in it and in all folders below it. */
ls_result ls_tree_sweep(const char *path, ls_detail *detail);
/* Removes a folder with all that is in it, as far as possible: what a command made that then failed. Only for a folder
 * that this very run has made. No sync, as a leftover does no harm. */
void ls_folder_discard(const char *path);
bool ls_file_exists(const char *path);
ls_result ls_file_remove(const char *path, ls_detail *detail);

/* An exclusive lock (flock) on a file, which is made if missing; waits. Released by ls_unlock or the process's end. */
typedef struct ls_lock {
    int fd;
} ls_lock;
ls_result ls_lock_take(const char *path, ls_lock *lock, ls_detail *detail);
/* The same without waiting: false in *taken if another process holds it. */
ls_result ls_lock_try(const char *path, ls_lock *lock, bool *taken, ls_detail *detail);
void ls_unlock(ls_lock *lock);

/* A read-only mapping of a file. Only for files in the program's own keeping. */
typedef struct ls_map {
    ls_bytes bytes;
} ls_map;
ls_result ls_file_map(const char *path, ls_map *map, ls_detail *detail);
void ls_file_unmap(ls_map *map);

/* First thing in main: a file that is opened later never gets the number of a standard stream that is closed, or what
 * is meant for people would be written into it. */
bool ls_streams_secure(void); /* false: they can't be had */

/* No core file of this process, nor of those that it starts: what is confidential or closed stands in its memory. */
void ls_core_forbid(void);

ls_time ls_clock_now(void);      /* the system's clock */
double ls_clock_monotonic(void); /* seconds, for progress and figures */

/* Conditions whose waits end by the monotonic clock: who sets the system's clock back makes nothing wait. */
void ls_condition_init(pthread_cond_t *c);
/* Under the lock: until it is woken, or for so many seconds. True if the time is up. May wake early, as conditions do.
 */
bool ls_condition_wait(pthread_cond_t *c, pthread_mutex_t *lock, double seconds);

/* Asks on the terminal without echo; the answer lands in out (sodium_malloc'ed by the caller), NUL-terminated.
 * ls_fault_missing if there is no terminal or no answer, ls_fault_large if the answer does not fit. A signal that comes
 * meanwhile is delivered after the echo is back. From one thread only. */
ls_result ls_terminal_secret(const char *prompt, char *out, size_t cap, ls_detail *detail);
/* Asks a yes/no question; false if there is no terminal or the answer is not yes. */
bool ls_terminal_confirm(const char *question);

/* The offsets of a zone of the system's tz database from one instant to another, at most cap spans; the first stands
 * at `from`. Only for drafting a charter: what is signed carries the table itself. Not thread-safe (TZ is set). */
ls_result ls_zone_system(const char *name, ls_time from, ls_time to, ls_zone_span *spans, size_t cap, size_t *count,
                         ls_detail *detail);

#endif
