# mirror_precompile(<target> <header>...): what nearly every file of a target includes is read
# once for all of them; a third of a clean build goes into reading such headers. It hides a
# missing #include from the compiler, not from clang-tidy, which does without (tools/dev lint).
function(mirror_precompile target)
  if(TARGET ${target})
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
endfunction()
