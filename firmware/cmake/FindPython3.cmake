# Stands in for CMake's own module: the only script that the SDK runs for this firmware pads and
# checksums the second-stage boot loader. pad-boot2.mjs takes the same arguments, so that no Python
# is needed. STARMIND_NODE names the Node.js to use.
set(STARMIND_NODE node CACHE STRING "Node.js executable")
set(Python3_EXECUTABLE ${STARMIND_NODE} ${CMAKE_CURRENT_LIST_DIR}/pad-boot2.mjs)
set(Python3_Interpreter_FOUND TRUE)
set(Python3_FOUND TRUE)
