# `cpack` makes a Debian package of a release build: the program with its page, workflows, service and manual.
# A package of one commit is the same bytes wherever it is built: files carry the commit's time.
install(TARGETS bihuan RUNTIME DESTINATION bin)
install(DIRECTORY workflows DESTINATION share/bihuan)
install(FILES tools/package/bihuan.service tools/package/bihuan.socket tools/package/bihuan-backup.service tools/package/bihuan-backup.timer
  DESTINATION /lib/systemd/system)
install(PROGRAMS tools/package/nightly-backup DESTINATION lib/bihuan)
install(FILES tools/package/bihuan.toml DESTINATION /etc/bihuan)
install(FILES LICENSE DESTINATION share/doc/bihuan RENAME copyright)

# What the program says of itself.
set(spoken ${CMAKE_BINARY_DIR}/spoken)
add_custom_command(OUTPUT ${spoken}/bihuan.1.gz
  COMMAND ${CMAKE_COMMAND} -E make_directory ${spoken}
  COMMAND bihuan manual > ${spoken}/bihuan.1
  COMMAND gzip -9nf ${spoken}/bihuan.1
  COMMAND bihuan completion bash > ${spoken}/bihuan.bash
  COMMAND bihuan completion zsh > ${spoken}/_bihuan
  COMMAND bihuan completion fish > ${spoken}/bihuan.fish
  DEPENDS bihuan
  VERBATIM)
add_custom_target(bihuan_spoken ALL DEPENDS ${spoken}/bihuan.1.gz)
install(FILES ${spoken}/bihuan.1.gz DESTINATION share/man/man1)
install(FILES ${spoken}/bihuan.bash DESTINATION share/bash-completion/completions RENAME bihuan)
install(FILES ${spoken}/_bihuan DESTINATION share/zsh/vendor-completions)
install(FILES ${spoken}/bihuan.fish DESTINATION share/fish/vendor_completions.d)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CONTACT "Bihuan <bihuan@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Cases from finding to closing, under their deadlines")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, tzdata")
foreach(script postinst prerm postrm conffiles)
  list(APPEND CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/tools/package/${script})
endforeach()
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/package_times.cmake)
include(CPack)
