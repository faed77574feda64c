// Nothing: a target needs a file. See tools/cmake/Precompile.cmake.
