/*
 * Work like that of processor benchmarks: a linked list, a matrix, a state machine and a checksum.
 * Code and data are in SRAM.
 */
#ifndef STARMIND_TEST_MIXED_WORK_H
#define STARMIND_TEST_MIXED_WORK_H

#include <stdint.h>

#define MIXED_NODES 48
#define MIXED_ORDER 12

typedef struct mixed_node {
    struct mixed_node *next;
    int16_t key;
    int16_t value;
} mixed_node;

/** Data of one worker. */
typedef struct {
    mixed_node nodes[MIXED_NODES];
    int16_t a[MIXED_ORDER][MIXED_ORDER];
    int16_t b[MIXED_ORDER][MIXED_ORDER];
    int32_t product[MIXED_ORDER][MIXED_ORDER];
    char text[64];
} mixed_work;

/** Does `rounds` rounds; the result depends on all of them. */
uint16_t mixed_work_run(mixed_work *work, uint32_t rounds);

#endif
