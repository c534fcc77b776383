# trunkgate_flags: what every file of ours is compiled with.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

add_library(trunkgate_flags INTERFACE)
target_compile_options(trunkgate_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # g++ 12 sees overlaps in std::string that are none
  -fstack-protector-strong -ffunction-sections -fdata-sections)
target_compile_definitions(trunkgate_flags INTERFACE
  FMT_HEADER_ONLY  # Debian has fmt as a shared library only, and the hooks are static
  $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>
  $<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
target_link_options(trunkgate_flags INTERFACE -Wl,--gc-sections)
if(TRUNKGATE_SANITIZERS)
  target_compile_options(trunkgate_flags INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
    -g1)  # lines for its reports are enough
  target_link_options(trunkgate_flags INTERFACE -fsanitize=address,undefined)
endif()
