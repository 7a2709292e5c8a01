# The engine, and the model in flash, for programs of the pico-sdk.
include(${CMAKE_CURRENT_LIST_DIR}/engine_sources.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/chip.cmake)

set(WARNINGS -Wall -Wextra -Wshadow -Wconversion -Werror)

# The engine's hot code and tables run from SRAM: in flash they would wait for the XIP cache.
starmind_engine_sources(ENGINE_SOURCES ${STARMIND_FIRMWARE}/port/rp2040/engine)
add_library(engine OBJECT ${ENGINE_SOURCES})
target_include_directories(engine PUBLIC ${STARMIND_FIRMWARE}/engine)
target_link_libraries(engine PRIVATE hardware_regs_headers) # registers of SIO, for its FIFOs
target_compile_options(engine PRIVATE -O3 ${WARNINGS})
# Whether models stream matrices from flash (engine/stream.h); others need no code for it.
option(STARMIND_STREAMS "Stream matrices from flash" OFF)
target_compile_definitions(engine PUBLIC SM_STREAMS=$<BOOL:${STARMIND_STREAMS}>)
target_compile_definitions(engine PRIVATE
  "SM_HOT=__attribute__((noinline,section(\".time_critical.engine\")))"
  "SM_HOT_DATA=__attribute__((section(\".time_critical.engine_tables\")))")

# Gives a program the engine and the image in STARMIND_MODEL_DIR.
#
# Flash offset 256 KB: a new model can be flashed without touching the program. The host writes
# images there too (src/core/chip.ts).
function(starmind_add_model TARGET)
  set(MODEL_SOURCE ${STARMIND_FIRMWARE}/port/rp2040/model_image.S)
  target_sources(${TARGET} PRIVATE ${MODEL_SOURCE} $<TARGET_OBJECTS:engine>)
  target_include_directories(${TARGET} PRIVATE ${STARMIND_FIRMWARE}/engine)
  # The assembler includes the image; a new image must assemble it again.
  set_source_files_properties(${MODEL_SOURCE} PROPERTIES
    INCLUDE_DIRECTORIES ${STARMIND_MODEL_DIR}
    COMPILE_DEFINITIONS STARMIND_MODEL_OFFSET=${CHIP_MODEL_OFFSET}
    OBJECT_DEPENDS ${STARMIND_MODEL_DIR}/model.img)
  math(EXPR MODEL_ADDRESS "${CHIP_FLASH_ADDRESS} + ${CHIP_MODEL_OFFSET}" OUTPUT_FORMAT HEXADECIMAL)
  target_link_options(${TARGET} PRIVATE LINKER:--section-start=.starmind_model=${MODEL_ADDRESS})
endfunction()
