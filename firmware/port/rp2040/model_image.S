/* The model image, in a section that the linker places at the model's flash address. */
    .section .starmind_model, "a"
    .balign 4
    .global starmind_model_image
starmind_model_image:
    .incbin "model.img"
