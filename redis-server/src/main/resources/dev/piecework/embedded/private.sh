# Piecework: runs one private Redis that does not outlive the program it belongs to.
#
# usage: sh -c THIS name PROGRAM ARGUMENT...
# Prints the server's process id. Standard input is held open by the owner; when the owner ends,
# even by SIGKILL, the system closes it and the server is killed. Ends with the server's status.
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
echo "$server"
{ read -r _ <&3; kill -9 "$server"; } 2>/dev/null &
watch=$!
exec 3<&-
wait "$server"
status=$?
kill -9 "$watch" 2>/dev/null
exit "$status"
