# trunkgate_batches(OUT FILE...): OUT gets the files that are compiled in place of these. Most of what
# a test file costs is in its headers and in templates of theirs; files of a folder that are compiled
# together share it. With TRUNKGATE_BATCH=1 each is compiled by itself.
set(TRUNKGATE_BATCH 8 CACHE STRING "how many test files of a folder are compiled together")

function(trunkgate_batch out folder)
  string(MAKE_C_IDENTIFIER "${folder}" name)
  list(GET ARGN 0 first)
  get_filename_component(first "${first}" NAME_WE)
  set(batch ${CMAKE_CURRENT_BINARY_DIR}/batches/${name}_${first}.cc)
  set(parts "")
  foreach(file ${ARGN})
    file(RELATIVE_PATH file ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/${file})
    get_filename_component(part "${file}" NAME_WE)
    list(APPEND parts in_${part}=${file})
  endforeach()
  add_custom_command(OUTPUT ${batch}
    COMMAND sh ${CMAKE_SOURCE_DIR}/config/cmake/batch.sh ${parts} > ${batch}
    DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/config/cmake/batch.sh
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    VERBATIM)
  # A header of the same folder is found as from the file itself.
  set_source_files_properties(${batch} PROPERTIES
    INCLUDE_DIRECTORIES ${CMAKE_CURRENT_SOURCE_DIR}/${folder})
  set(${out} ${${out}} ${batch} PARENT_SCOPE)
endfunction()

function(trunkgate_batches out)
  file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/batches)
  set(batches "")
  set(group "")
  set(group_folder "")
  foreach(file ${ARGN})
    file(RELATIVE_PATH file ${CMAKE_CURRENT_SOURCE_DIR} ${file})
    get_filename_component(folder "${file}" DIRECTORY)
    list(LENGTH group length)
    if(length AND (NOT folder STREQUAL group_folder OR length EQUAL TRUNKGATE_BATCH))
      trunkgate_batch(batches "${group_folder}" ${group})
      set(group "")
    endif()
    set(group_folder "${folder}")
    list(APPEND group ${file})
  endforeach()
  if(group)
    trunkgate_batch(batches "${group_folder}" ${group})
  endif()
  set(${out} ${batches} PARENT_SCOPE)
endfunction()
