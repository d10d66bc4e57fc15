/*
 * What libsodium and jansson want of a system, without files and clocks: random bytes, from the browser. They go into
 * hash tables only, which nobody must be able to fill with collisions; no verdict depends on them, and nothing here
 * makes a key.
 */
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define AT_ONCE 256 /* getentropy gives no more */

void randombytes_buf(void *const buf, const size_t size)
{
    uint8_t *at = buf;
    for (size_t left = size; left > 0;) {
        size_t some = left < AT_ONCE ? left : AT_ONCE;
        if (getentropy(at, some) != 0) {
            abort();
        }
        at += some;
        left -= some;
    }
}

/* The C library would say why it gives up; there is nowhere to say it, and with these two its files go, too. */
extern const char __stderr_FILE[1];
const char __stderr_FILE[1] = {0};

int fputs(const char *restrict text, FILE *restrict file)
{
    (void)text, (void)file;
    return EOF;
}

/* libsodium's end of all misuse. */
void sodium_misuse(void)
{
    abort();
}

/* Jansson's hash tables: 0 means not seeded yet. */
extern volatile uint32_t hashtable_seed;
volatile uint32_t hashtable_seed;
void json_object_seed(size_t seed);

void json_object_seed(size_t seed)
{
    (void)seed;
    while (hashtable_seed == 0) {
        uint32_t fresh;
        randombytes_buf(&fresh, sizeof fresh);
        hashtable_seed = fresh;
    }
}

/* WebAssembly modules that are no programs are set up once, by their caller, through this name. Without it the linker
 * would set up and end the C library around every call, files included. */
void __wasm_call_ctors(void);
void __wasm_call_dtors(void);
void _initialize(void);

void _initialize(void)
{
    __wasm_call_ctors();
}

/* It never ends. */
void __wasm_call_dtors(void)
{
}
