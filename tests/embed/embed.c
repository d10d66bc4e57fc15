/* A program of somebody else's that uses the installed library: embed NOTE VKEY says how many signatures hold. */
#include <lockstep/note.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    static uint8_t bytes[LS_NOTE_MAX];
    FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
    if (file == NULL) {
        return 3;
    }
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);

    ls_vkey key;
    ls_note note;
    ls_note_verdict verdict;
    ls_result r = ls_vkey_parse(ls_bytes_str(argv[2]), &key);
    if (ls_succeeded(r)) {
        r = ls_note_parse(ls_bytes_of(bytes, size), &note);
    }
    if (ls_succeeded(r)) {
        r = ls_note_verify(&note, &key, 1, &verdict);
    }
    if (ls_failed(r)) {
        printf("%s\n", r.fault->code);
        return (int)r.fault->class;
    }
    printf("%zu verified\n", verdict.verified);
    return 0;
}
