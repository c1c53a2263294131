# The facts of the kernels' machine code as a library that is always there: without nvcc it knows none.
set(facts ${PROJECT_BINARY_DIR}/kernels/cuda/sass_facts.c)
set(from "")
if(FLASHDECK_CUDA)
  set(from ${PROJECT_BINARY_DIR}/kernels/cuda/ptxas.txt)
endif()
set(script ${PROJECT_SOURCE_DIR}/cmake/sass_facts.cmake)
set(spill_free ${PROJECT_SOURCE_DIR}/kernels/cuda/spill_free.txt)
add_custom_command(OUTPUT ${facts}
  COMMAND ${CMAKE_COMMAND} -DFROM=${from} -DSPILL_FREE=${spill_free} -DOUT=${facts} -P ${script}
  DEPENDS ${from} ${script} ${spill_free} COMMENT "Facts of the kernels' machine code" VERBATIM)
add_library(sass STATIC ${facts})
target_include_directories(sass PUBLIC ${PROJECT_SOURCE_DIR})
if(FLASHDECK_CUDA)
  add_dependencies(sass cuda_ptxas)
endif()
