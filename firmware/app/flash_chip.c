#include "flash_chip.h"

#include "hardware/flash.h"
#include "hardware/sync.h"

/** Command of JEDEC: maker, kind, and the power of two that is the size. */
#define READ_IDENTITY 0x9f
/** The chip cannot address more flash than 16 MB; no board has less than 64 KB. */
#define LEAST_POWER 16
#define MOST_POWER 24

static uint32_t known_bytes;

void flash_chip_ask(void) {
    const uint8_t command[4] = {READ_IDENTITY};
    uint8_t answer[sizeof command];
    const uint32_t interrupts = save_and_disable_interrupts();
    flash_do_cmd(command, answer, sizeof command);
    restore_interrupts(interrupts);
    const uint8_t power = answer[3];
    known_bytes = power >= LEAST_POWER && power <= MOST_POWER ? 1u << power : 0;
}

uint32_t flash_chip_bytes(void) { return known_bytes; }
