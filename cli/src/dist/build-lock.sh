# One build at a time in one clone. Sourced by ./piecework and ./check. POSIX sh.
# The lock belongs to the open file 9, which the build's processes inherit: it is free when the last of them has ended,
# however it ended.

take_build_lock() {
  exec 9>"$1"
  if command -v flock >/dev/null 2>&1; then
    flock 9
  elif command -v perl >/dev/null 2>&1; then # macOS
    perl -e 'open(LOCK, ">&=9") and flock(LOCK, 2)'
  fi
}

leave_build_lock() {
  exec 9>&-
}
