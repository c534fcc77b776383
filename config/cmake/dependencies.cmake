# trunkgate_dependencies: the Debian libraries; trunkgate_hook_link: how programs are linked.
#
# A dynamically linked libgit2 brings 24 shared libraries and costs a hook some 9 ms at each start;
# linked statically, without the network code that no hook uses, it costs 0.5 ms. So a static link is
# tried first, with stubs in place of the entry points that would pull in TLS, SSH and HTTP
# authentication; when it fails (other packages, a sanitizer build) the ordinary link is used.
find_package(PkgConfig REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(fmt REQUIRED)
pkg_check_modules(GIT2 REQUIRED libgit2)
pkg_check_modules(YAML REQUIRED yaml-cpp)
pkg_check_modules(RE2 REQUIRED re2)
pkg_check_modules(SQLITE REQUIRED sqlite3)
pkg_check_modules(CURL REQUIRED libcurl)
pkg_check_modules(NATS REQUIRED libnats)
pkg_check_modules(DEFLATE REQUIRED libdeflate)
pkg_check_modules(UTF8PROC REQUIRED libutf8proc)

set(TRUNKGATE_STATIC_LIBRARIES
  -Wl,--start-group -l:libgit2.a -l:libyaml-cpp.a -l:libre2.a -l:libmbedtls.a -l:libmbedx509.a
  -l:libmbedcrypto.a -l:libpcre2-8.a -l:libhttp_parser.a -l:libz.a -l:libdeflate.a -l:libutf8proc.a -Wl,--end-group)
set(TRUNKGATE_WRAPPED
  git_mbedtls_stream_global_init git_transport_ssh_global_init git_http_auth_negotiate
  git_http_auth_ntlm git_smart_subtransport_ssh)
list(TRANSFORM TRUNKGATE_WRAPPED PREPEND -Wl,--wrap=)

set(TRUNKGATE_STATIC OFF)
if(NOT TRUNKGATE_SANITIZERS)
  try_compile(TRUNKGATE_STATIC_LINKS ${CMAKE_BINARY_DIR}/static_link
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/static_link_test.cc ${CMAKE_CURRENT_LIST_DIR}/no_network.cc
    LINK_OPTIONS -static ${TRUNKGATE_WRAPPED}
    LINK_LIBRARIES ${TRUNKGATE_STATIC_LIBRARIES}
    CXX_STANDARD 20)
  set(TRUNKGATE_STATIC ${TRUNKGATE_STATIC_LINKS})
endif()

add_library(trunkgate_dependencies INTERFACE)
add_library(trunkgate_hook_link INTERFACE)
if(TRUNKGATE_STATIC)
  message(STATUS "hooks: linked statically")
  add_library(trunkgate_no_network STATIC ${CMAKE_CURRENT_LIST_DIR}/no_network.cc)
  target_link_options(trunkgate_dependencies INTERFACE ${TRUNKGATE_WRAPPED})
  target_link_libraries(trunkgate_dependencies INTERFACE
    ${TRUNKGATE_STATIC_LIBRARIES} trunkgate_no_network)
  target_link_options(trunkgate_hook_link INTERFACE -static)
else()
  message(STATUS "hooks: linked with shared libraries; each push will take some 25 ms longer")
  target_link_libraries(trunkgate_dependencies INTERFACE
    ${GIT2_LINK_LIBRARIES} ${YAML_LINK_LIBRARIES} ${RE2_LINK_LIBRARIES}
    ${DEFLATE_LINK_LIBRARIES} ${UTF8PROC_LINK_LIBRARIES} mbedcrypto)
endif()
target_link_libraries(trunkgate_dependencies INTERFACE nlohmann_json::nlohmann_json)
target_include_directories(trunkgate_dependencies SYSTEM INTERFACE ${GIT2_INCLUDE_DIRS})

# The journal: what is linked statically with the tool is so with it, too.
add_library(trunkgate_sqlite INTERFACE)
if(TRUNKGATE_STATIC)
  target_link_libraries(trunkgate_sqlite INTERFACE -l:libsqlite3.a m)
else()
  target_link_libraries(trunkgate_sqlite INTERFACE ${SQLITE_LINK_LIBRARIES})
endif()
add_library(trunkgate_network_dependencies INTERFACE)
target_link_libraries(trunkgate_network_dependencies INTERFACE
  ${CURL_LINK_LIBRARIES} ${NATS_LINK_LIBRARIES})
