/* What a packet is about: what parses has one form. */
#include "bundle/packet.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_packet p;
    ls_buf again = {0};
    if (ls_succeeded(ls_packet_parse(ls_bytes_of(data, size), &p))) {
        ls_packet_format(&p, &again);
        if (!ls_bytes_equal(ls_buf_bytes(&again), ls_bytes_of(data, size))) {
            abort();
        }
        ls_buf_free(&again);
    }
    return 0;
}
