# Runs the host engine on a golden image and compares what it prints with the expectation, whose
# first line holds the arguments.
file(READ ${EXPECTED} text)
string(FIND "${text}" "\n" line_end)
string(SUBSTRING "${text}" 0 ${line_end} arguments)
string(SUBSTRING "${text}" ${line_end} -1 expected)
string(STRIP "${expected}" expected)
separate_arguments(arguments UNIX_COMMAND "${arguments}")
execute_process(COMMAND ${PROGRAM} ${IMAGE} ${arguments}
                OUTPUT_VARIABLE output RESULT_VARIABLE result ERROR_VARIABLE errors)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "The engine failed: ${errors}")
endif()
string(STRIP "${output}" output)
if(NOT output STREQUAL expected)
  message(FATAL_ERROR "Expected\n${expected}\nbut the host engine printed\n${output}")
endif()
