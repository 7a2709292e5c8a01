/* Threads with a shared memory divide work and wait for each other. */
#ifndef SYNC_H
#define SYNC_H

#include <stdint.h>

/**
 * Hands out tasks 0, 1, 2, ... to the thread that asks: better on busy machines than equal shares.
 */
typedef struct {
    int32_t next;
} work_queue;

int work_queue_take(work_queue *queue);

/** Call it only while no thread takes from the queue. */
void work_queue_reset(work_queue *queue);

typedef struct {
    int32_t arrived;
    int32_t generation;
} barrier;

/** Returns once `threads` threads have called it; their earlier writes are then visible. */
void barrier_wait(barrier *barrier, int threads);

#endif
