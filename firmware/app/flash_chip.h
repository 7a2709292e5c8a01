/* The flash chip of the board. */
#ifndef STARMIND_APP_FLASH_CHIP_H
#define STARMIND_APP_FLASH_CHIP_H

#include <stdint.h>

/** Asks the flash chip for its size. Nothing may run from flash meanwhile: not yet the second core.
 */
void flash_chip_ask(void);

/** Bytes of flash; 0 where the chip did not tell. */
uint32_t flash_chip_bytes(void);

#endif
