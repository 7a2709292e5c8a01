#include "sync.h"

/** Number of looks at the barrier before sleeping: most waits are shorter than a futex call. */
#define SPINS 20000

int work_queue_take(work_queue *queue) {
    return __atomic_fetch_add(&queue->next, 1, __ATOMIC_RELAXED);
}

void work_queue_reset(work_queue *queue) { __atomic_store_n(&queue->next, 0, __ATOMIC_RELAXED); }

void barrier_wait(barrier *barrier, int threads) {
    const int32_t generation = __atomic_load_n(&barrier->generation, __ATOMIC_SEQ_CST);
    if (__atomic_add_fetch(&barrier->arrived, 1, __ATOMIC_SEQ_CST) == threads) {
        __atomic_store_n(&barrier->arrived, 0, __ATOMIC_SEQ_CST);
        __atomic_add_fetch(&barrier->generation, 1, __ATOMIC_SEQ_CST);
        __builtin_wasm_memory_atomic_notify(&barrier->generation, (unsigned)threads);
        return;
    }
    for (int spin = 0; spin < SPINS; spin++) {
        if (__atomic_load_n(&barrier->generation, __ATOMIC_SEQ_CST) != generation) return;
    }
    while (__atomic_load_n(&barrier->generation, __ATOMIC_SEQ_CST) == generation) {
        __builtin_wasm_memory_atomic_wait32(&barrier->generation, generation, -1);
    }
}
