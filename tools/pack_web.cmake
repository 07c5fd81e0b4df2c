# cmake -DFOLDER=… -DTAR=… -P pack_web.cmake: make TAR of the files in FOLDER, empty if
# there are none; the same files make the same bytes, and then TAR stays untouched.
file(GLOB_RECURSE files RELATIVE ${FOLDER} ${FOLDER}/*)
list(SORT files)
file(WRITE ${TAR}.new "")
if(files)
	get_filename_component(tar ${TAR}.new ABSOLUTE)
	execute_process(WORKING_DIRECTORY ${FOLDER} COMMAND_ERROR_IS_FATAL ANY
		COMMAND ${CMAKE_COMMAND} -E tar cf ${tar} --format=gnutar "--mtime=2020-01-01 UTC" ${files})
endif()
file(COPY_FILE ${TAR}.new ${TAR} ONLY_IF_DIFFERENT)
file(REMOVE ${TAR}.new)
