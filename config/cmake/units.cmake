# Units for systemd: they name the installed program, whose place is only known when it is
# installed (cmake --install --prefix).
set(TRUNKGATE_UNITS trunkgate-deliver@.service trunkgate-deliver@.timer
  trunkgate-deliver-watch@.service trunkgate-sweep@.service trunkgate-sweep@.timer)

# In the build tree, for its own program.
set(TRUNKGATE_BINARY ${CMAKE_BINARY_DIR}/${CMAKE_INSTALL_BINDIR}/trunkgate)
foreach(unit ${TRUNKGATE_UNITS})
  configure_file(${CMAKE_SOURCE_DIR}/config/systemd/${unit}
    ${CMAKE_BINARY_DIR}/${TRUNKGATE_SHARE}/systemd/${unit} @ONLY)
endforeach()

install(CODE "
  set(TRUNKGATE_BINARY \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/trunkgate\")
  foreach(unit ${TRUNKGATE_UNITS})
    configure_file(\"${CMAKE_SOURCE_DIR}/config/systemd/\${unit}\"
      \"${CMAKE_BINARY_DIR}/systemd/\${unit}\" @ONLY)
    file(INSTALL \"${CMAKE_BINARY_DIR}/systemd/\${unit}\"
      DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${TRUNKGATE_SHARE}/systemd\")
  endforeach()
")
