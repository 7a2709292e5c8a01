# The sources of the engine for a port: engine/*.c, and each file of engine/portable unless the port
# replaces it by one of the same name, in C or assembly.
#
#   starmind_engine_sources(RESULT PORT_FOLDER)
get_filename_component(STARMIND_FIRMWARE ${CMAKE_CURRENT_LIST_DIR} DIRECTORY)

function(starmind_engine_sources RESULT PORT_FOLDER)
  file(GLOB SOURCES CONFIGURE_DEPENDS ${STARMIND_FIRMWARE}/engine/*.c)
  file(GLOB PORTABLE CONFIGURE_DEPENDS ${STARMIND_FIRMWARE}/engine/portable/*.c)
  foreach(SOURCE ${PORTABLE})
    get_filename_component(NAME ${SOURCE} NAME_WE)
    file(GLOB OWN CONFIGURE_DEPENDS ${PORT_FOLDER}/${NAME}.c ${PORT_FOLDER}/${NAME}.S)
    if(OWN)
      list(APPEND SOURCES ${OWN})
    else()
      list(APPEND SOURCES ${SOURCE})
    endif()
  endforeach()
  set(${RESULT} ${SOURCES} PARENT_SCOPE)
endfunction()
