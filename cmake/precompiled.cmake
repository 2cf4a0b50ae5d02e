# Parsing the standard library and nlohmann/json is a quarter of the cost of most units: it is done once here.
add_library(bihuan_precompiled OBJECT ${CMAKE_CURRENT_LIST_DIR}/precompiled.cpp)
target_link_libraries(bihuan_precompiled PRIVATE bihuan_flags nlohmann_json::nlohmann_json tl::expected)
target_precompile_headers(bihuan_precompiled PRIVATE
  <algorithm> <array> <chrono> <functional> <map> <memory> <optional> <set> <span> <string> <string_view> <utility>
  <variant> <vector>
  ${PROJECT_SOURCE_DIR}/engine/core/json.hpp)

# Gives what was parsed to every program and library that links bihuan_flags, whichever room it stands in.
function(bihuan_use_precompiled directory)
  get_property(targets DIRECTORY ${directory} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    if(type MATCHES "STATIC_LIBRARY|EXECUTABLE" AND NOT target STREQUAL "bihuan_asio")
      target_precompile_headers(${target} REUSE_FROM bihuan_precompiled)
    endif()
  endforeach()
  get_property(below DIRECTORY ${directory} PROPERTY SUBDIRECTORIES)
  foreach(child IN LISTS below)
    bihuan_use_precompiled(${child})
  endforeach()
endfunction()
bihuan_use_precompiled(${PROJECT_SOURCE_DIR})
