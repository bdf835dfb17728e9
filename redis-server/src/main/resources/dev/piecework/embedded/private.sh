# Piecework: runs one private Redis that does not outlive the program it belongs to.
#
# usage: sh -c THIS name FOLDER PROGRAM ARGUMENT...
# Prints the server's process id. Standard input is held open by the owner; when the owner ends,
# even by SIGKILL, the system closes it, the server is killed and FOLDER, unless it is empty text,
# removed. Ends with the server's status.
folder=$1
shift
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
echo "$server"
# The file says that the owner is gone before the server is: a server that ends by itself, or is
# stopped by its owner, keeps its folder.
{
  read -r _ <&3
  [ -z "$folder" ] || : >"$folder/owner-gone"
  kill -9 "$server"
} 2>/dev/null &
watch=$!
exec 3<&-
wait "$server"
status=$?
kill -9 "$watch" 2>/dev/null
if [ -n "$folder" ] && [ -e "$folder/owner-gone" ]; then
  # A process that the server forked to rewrite its file may write there for a moment yet.
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    rm -rf -- "$folder" 2>/dev/null && break
    sleep 1
  done
fi
exit "$status"
