# The simulator runs the .cu files on the CPU. It needs g++ (clang counts accesses differently), Linux, and hooks of its
# own where ThreadSanitizer's would be. Sets FLASHDECK_SIMT; nothing else depends on it.
find_program(FLASHDECK_GXX NAMES g++ DOC "g++ for the simulator of CUDA kernels")
set(FLASHDECK_SIMT OFF)
if(NOT FLASHDECK_GXX)
  message(STATUS "simulator of CUDA kernels: no g++ found, it is left out")
elseif(NOT CMAKE_SYSTEM_NAME STREQUAL Linux)
  message(STATUS "simulator of CUDA kernels: left out, it needs Linux")
elseif(FLASHDECK_SANITIZE MATCHES "thread")
  message(STATUS "simulator of CUDA kernels: left out, -fsanitize=thread is in use")
else()
  execute_process(COMMAND ${FLASHDECK_GXX} -dM -E -x c++ /dev/null OUTPUT_VARIABLE macros ERROR_QUIET)
  if(macros MATCHES "__clang__" OR NOT macros MATCHES "__GNUC__")
    message(STATUS "simulator of CUDA kernels: ${FLASHDECK_GXX} is not GCC's, it is left out")
  else()
    set(FLASHDECK_SIMT ON)
  endif()
endif()

# A barrier is known by its address, so the compiler must not make two of one (-fno-thread-jumps).
set(FLASHDECK_SIMT_FLAGS -x c++ -std=c++17 -O2 -g -fno-tree-vectorize -fno-optimize-sibling-calls -fsanitize=thread -fsanitize=bounds
  -fno-thread-jumps
  -fno-exceptions -fno-rtti -Wall -Wextra -Wno-unknown-pragmas
  -fdebug-prefix-map=${PROJECT_SOURCE_DIR}/=/flashdeck/) # fault.c takes it off again
if(FLASHDECK_WERROR)
  list(APPEND FLASHDECK_SIMT_FLAGS -Werror)
endif()

# .cu files become objects whose every access calls the simulator; `objects` receives their names.
function(simt_compile objects)
  set(made "")
  foreach(source ${ARGN})
    get_filename_component(name ${source} NAME)
    set(object ${CMAKE_CURRENT_BINARY_DIR}/${name}.simt.o)
    add_custom_command(OUTPUT ${object}
      COMMAND ${FLASHDECK_GXX} ${FLASHDECK_SIMT_FLAGS} -I${PROJECT_SOURCE_DIR} -I${PROJECT_SOURCE_DIR}/tests -MD -MF ${object}.d
        -c ${source}
        -o ${object}
      DEPENDS ${source} DEPFILE ${object}.d COMMENT "Compiling ${name} for the simulator" VERBATIM)
    list(APPEND made ${object})
  endforeach()
  set_source_files_properties(${made} PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
  set(${objects} ${made} PARENT_SCOPE)
endfunction()
