/* The model image, in a section that the linker places at the model's flash address. */
#include "pico.h"

    .section .starmind_model, "a"
    .balign 4
    .global starmind_model_image
starmind_model_image:
    .incbin "model.img"
    .if . - starmind_model_image > PICO_FLASH_SIZE_BYTES - STARMIND_MODEL_OFFSET
    .error "the model image does not fit the flash of this board"
    .endif
