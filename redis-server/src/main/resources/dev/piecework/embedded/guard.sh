# Piecework: keeps the shared Redis while somebody uses it, and stops it when nobody has for a while.
#
# usage: sh guard.sh PROGRAM GENERATION IDLE-SECONDS     (in the state folder; see docs/adr/0002)
#
# Whoever uses the server holds the pipe door-GENERATION open for writing; the system closes it for
# those that are killed. The end of file on that pipe therefore means: nobody is there. While nobody
# is, a `sleep` holds the pipe instead: the next end of file means that the idle limit has passed.
# Messages in the pipe, a line each:
#   use SECONDS   somebody came, and wants this idle limit
#   up            somebody was answered by the server
#   server PID    the server was started
#   gone STATUS   the server has ended
# The file open-GENERATION says that one may come in. It is removed before the last look into the
# pipe, and users look for it after they opened the pipe: so one of the two sees the other.
umask 077
trap '' HUP INT QUIT
program=$1 generation=$2 idle=$3
door=door-$generation open=open-$generation
rm -f door-* open-* redis.pid
mkfifo "$door" && true >"$open" || exit 1
echo "$$"
# The starter answers when it has written down who we are; if it was killed before, nothing happened.
read -r _ || { rm -f "$door" "$open"; exit 0; }
exec </dev/null >/dev/null 2>guard.err

# Between the start of a child and the note of its number no signal may end us.
begin() {
  busy=1
}

end() {
  busy=
  [ -z "$asked" ] || finish
}

asked_to_end() {
  asked=1
  [ -n "$busy" ] || finish
}

start() {
  begin
  server=
  rm -f redis.pid
  (
    trap - TERM EXIT
    "$program" redis.conf >&2 3<&- &
    echo "$!" >redis.pid
    echo "server $!" 1<>"$door"
    wait "$!"
    echo "gone $?" 1<>"$door"
  ) 3<&- &
  keeper=$!
  end
}

arm() {
  # The folder may have been removed under us: then nobody can come any more.
  [ -p "$door" ] || finish
  begin
  exec 4<>"$door"
  sleep "$idle" >&4 3<&- 4>&- &
  timer=$!
  exec 4>&-
  end
}

disarm() {
  if [ -n "$timer" ]; then
    # Not SIGTERM: a child that has not yet become `sleep` would catch it as this shell does.
    kill -KILL "$timer" 2>/dev/null
    wait "$timer" 2>/dev/null
    timer=
  fi
}

finish() {
  trap '' TERM
  trap - EXIT
  rm -f "$open"
  if [ -n "$keeper" ] && [ -z "$server" ] && [ -p "$door" ]; then
    exec 4<>"$door" # so that the next line waits for the message
    # The signal may have cut that message in two, or come between its reading and its handling: the
    # file, which is written before it, says the same.
    while ! read -r server <redis.pid && read -r word rest <&3; do :; done 2>/dev/null
    exec 4>&-
  fi
  disarm
  if [ -n "$keeper" ]; then
    # It writes and syncs its file, and ends; if it is gone already, so much the better.
    kill -TERM "$server" 2>/dev/null
    wait "$keeper"
  fi
  rm -f redis.pid "$door" state
  exit 0
}

handle() {
  case $word in
    use)
      disarm
      idle=$rest
      ;;
    up) up=1 ;;
    server) server=$rest ;;
    gone)
      # Killed, or out of memory: start it again, as workers are waiting for it, but not for ever.
      if [ -n "$up" ] && [ "$rest" != 0 ]; then
        up=
        start
      else
        finish
      fi
      ;;
  esac
}

timer='' up='' busy='' asked='' server='' keeper=''
trap asked_to_end TERM
trap finish EXIT
exec 4<>"$door"
exec 3<"$door"
exec 4>&-
start
arm
while :; do
  if read -r word rest <&3; then
    handle
  elif [ -z "$timer" ]; then
    arm
  else
    rm -f "$open"
    if read -r word rest <&3; then
      # Somebody came in at the last moment.
      true >"$open"
      handle
    else
      finish
    fi
  fi
done
