#include "mixed_work.h"

#include "pico.h"

static uint16_t __not_in_flash_func(checksum)(uint16_t crc, uint16_t data) {
    for (int bit = 0; bit < 16; bit++) {
        const uint16_t mixes = (uint16_t)((crc ^ data) & 1u);
        crc = (uint16_t)(crc >> 1);
        if (mixes) crc ^= 0xa001u;
        data = (uint16_t)(data >> 1);
    }
    return crc;
}

/** Builds a list of pseudo-random keys and sorts it by insertion. Returns its head. */
static mixed_node *__not_in_flash_func(sorted_list)(mixed_work *work, uint32_t seed) {
    mixed_node *head = 0;
    for (uint32_t i = 0; i < MIXED_NODES; i++) {
        seed = seed * 1103515245u + 12345u;
        mixed_node *node = &work->nodes[i];
        node->key = (int16_t)(seed >> 16);
        node->value = (int16_t)i;
        mixed_node **place = &head;
        while (*place && (*place)->key < node->key) place = &(*place)->next;
        node->next = *place;
        *place = node;
    }
    return head;
}

static int32_t __not_in_flash_func(multiply)(mixed_work *work, uint32_t seed) {
    for (uint32_t row = 0; row < MIXED_ORDER; row++) {
        for (uint32_t column = 0; column < MIXED_ORDER; column++) {
            work->a[row][column] = (int16_t)(seed + row * 3 + column);
            work->b[row][column] = (int16_t)(seed ^ (row + column * 5));
        }
    }
    int32_t trace = 0;
    for (uint32_t row = 0; row < MIXED_ORDER; row++) {
        for (uint32_t column = 0; column < MIXED_ORDER; column++) {
            int32_t sum = 0;
            for (uint32_t i = 0; i < MIXED_ORDER; i++) sum += work->a[row][i] * work->b[i][column];
            work->product[row][column] = sum;
        }
        trace += work->product[row][row];
    }
    return trace;
}

/** Counts the numbers in a text the way a scanner does. */
static uint32_t __not_in_flash_func(scan)(const char *text) {
    enum { OUTSIDE, INTEGER, FRACTION, WORD } state = OUTSIDE;
    uint32_t numbers = 0;
    for (; *text; text++) {
        const char c = *text;
        const int digit = c >= '0' && c <= '9';
        switch (state) {
        case OUTSIDE: state = digit ? INTEGER : c == ' ' ? OUTSIDE : WORD; break;
        case INTEGER:
            if (c == '.') {
                state = FRACTION;
            } else if (!digit) {
                numbers++;
                state = c == ' ' ? OUTSIDE : WORD;
            }
            break;
        case FRACTION:
            if (!digit) {
                numbers++;
                state = c == ' ' ? OUTSIDE : WORD;
            }
            break;
        case WORD:
            if (c == ' ') state = OUTSIDE;
            break;
        }
    }
    return numbers;
}

uint16_t __not_in_flash_func(mixed_work_run)(mixed_work *work, uint32_t rounds) {
    static const char text[] = "5012 1.5 abc 0.33 x9 874 6.02e23 -17 pico 2040 ";
    for (uint32_t i = 0; i < sizeof text; i++) work->text[i] = text[i];
    uint16_t crc = 0;
    for (uint32_t round = 0; round < rounds; round++) {
        for (const mixed_node *node = sorted_list(work, round); node; node = node->next) {
            crc = checksum(crc, (uint16_t)node->value);
        }
        crc = checksum(crc, (uint16_t)multiply(work, round));
        crc = checksum(crc, (uint16_t)scan(work->text));
    }
    return crc;
}
