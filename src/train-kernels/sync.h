/* How the threads of one shared memory share work and wait for each other. */
#ifndef SYNC_H
#define SYNC_H

#include <stdint.h>

/** Hands out tasks 0, 1, 2, ... to whoever asks: better on busy machines than equal shares. */
typedef struct {
    int32_t next;
} work_queue;

int work_queue_take(work_queue *queue);

/** Only while no thread takes from the queue. */
void work_queue_reset(work_queue *queue);

typedef struct {
    int32_t arrived;
    int32_t generation;
} barrier;

/** Returns once `threads` threads have called it; what they wrote before is then visible. */
void barrier_wait(barrier *barrier, int threads);

#endif
