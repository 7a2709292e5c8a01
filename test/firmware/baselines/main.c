/*
 * Runs a model in one of two plain engines on one core: prints the logits of the first tokens, and
 * the cycles of a token at two contexts. Ends with PASS.
 */
#include <stdio.h>
#include <string.h>

#include "forward.h"
#include "pico/stdlib.h"
#include "stopwatch.h"

/** Token of a position; test/support/baselines.ts has the same. */
static uint32_t token_at(const model *m, uint32_t position) {
    return (7 * position + 3) % m->header->vocab_size;
}

/** The bits of each logit in hexadecimal. */
static void print_logits(const model *m, const float *logits) {
    printf("{\"logits\":\"");
    for (uint32_t i = 0; i < m->header->vocab_size; i++) {
        uint32_t bits;
        memcpy(&bits, &logits[i], sizeof bits);
        printf("%08lx", (unsigned long)bits);
    }
    printf("\"}\n");
}

/** The second of two turns, whose code is in the cache of the flash. */
static uint64_t cycles_of_token(uint32_t token, uint32_t position) {
    uint64_t cycles = 0;
    for (uint32_t turn = 0; turn < 2; turn++) {
        stopwatch watch;
        stopwatch_start(&watch);
        (void)forward(token, position);
        cycles = stopwatch_cycles(&watch);
    }
    return cycles;
}

static void measure(const model *m, uint32_t context) {
    const uint32_t position = context - 1, token = token_at(m, position);
    forward_fill(m->header->checked, position);
    const uint64_t cycles = cycles_of_token(token, position);
    forward_time_matrices();
    (void)forward(token, position);
    printf("{\"context\":%lu,\"cycles\":%lu,\"matrices\":%lu}\n", (unsigned long)context,
           (unsigned long)cycles, (unsigned long)forward_matrix_cycles());
}

int main(void) {
    static model m;
    stdio_init_all();
    stopwatch_init();
    model_open(&m);
    forward_open(&m);
    for (uint32_t position = 0; position < m.header->checked; position++) {
        print_logits(&m, forward(token_at(&m, position), position));
    }
    measure(&m, m.header->contexts[0]);
    measure(&m, m.header->contexts[1]);
    puts("PASS");
    for (;;) tight_loop_contents();
}
