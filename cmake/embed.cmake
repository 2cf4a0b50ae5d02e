# bihuan_embed(TARGET NAME FILE...) compiles text files into TARGET; code reads them as
# bihuan::embedded::NAME::file_stem_ext, a std::string_view (dots and dashes become underscores).
function(bihuan_embed target name)
  set(header ${CMAKE_CURRENT_BINARY_DIR}/embedded/${name}.hpp)
  set(inputs)
  foreach(file IN LISTS ARGN)
    get_filename_component(path ${file} ABSOLUTE)
    list(APPEND inputs ${path})
  endforeach()
  add_custom_command(
    OUTPUT ${header}
    COMMAND ${CMAKE_COMMAND} "-DOUTPUT=${header}" -DNAME=${name} "-DINPUTS=${inputs}"
            -P ${PROJECT_SOURCE_DIR}/cmake/embed_script.cmake
    DEPENDS ${inputs} ${PROJECT_SOURCE_DIR}/cmake/embed_script.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${header})
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
endfunction()
