# Run at build time: writes OUT with the commit, whether the checkout was changed, and a hash over the sources that
# decide a measurement (kernels/ and harness/). Written only when something differs, so nothing else is rebuilt.
file(GLOB_RECURSE sources ${ROOT}/kernels/*.c ${ROOT}/kernels/*.h ${ROOT}/kernels/*.cu ${ROOT}/kernels/*.cuh ${ROOT}/harness/*.c
     ${ROOT}/harness/*.h)
list(SORT sources)
set(all "")
foreach(source ${sources})
  file(SHA256 ${source} hash)
  file(RELATIVE_PATH name ${ROOT} ${source})
  string(APPEND all "${name} ${hash}\n")
endforeach()
string(SHA256 sources_hash "${all}")
string(SUBSTRING ${sources_hash} 0 16 sources_hash)

set(commit unknown)
set(dirty false)
execute_process(COMMAND git -C ${ROOT} rev-parse --short=7 HEAD OUTPUT_VARIABLE head ERROR_QUIET
                OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
if(NOT failed)
  set(commit ${head})
  execute_process(COMMAND git -C ${ROOT} status --porcelain -- kernels harness OUTPUT_VARIABLE changes ERROR_QUIET)
  if(changes)
    set(dirty true)
  endif()
endif()

set(content "#include \"harness/metric.h\"

const char *build_sources(void)
{
    return \"${sources_hash}\";
}

const char *build_commit(void)
{
    return \"${commit}\";
}

bool build_dirty(void)
{
    return ${dirty};
}
")
if(EXISTS ${OUT})
  file(READ ${OUT} before)
endif()
if(NOT "${before}" STREQUAL "${content}")
  file(WRITE ${OUT} "${content}")
endif()
