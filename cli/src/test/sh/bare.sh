#!/usr/bin/env bash
# The machine of somebody who has nothing: README's first command, the build it begins with and the other verbs, in a
# Debian root made by debootstrap with nothing but a JDK. Run by `./check --bare`, as root, with JAVA_HOME set.
#
# There: a user who is not root, a home that is not there, the C locale, a path with spaces, 512 MB of memory, no Redis,
# and of all that is not in Debian's minimal root (ps, curl, wget, unzip, git, ...) nothing. The build fetches its jars
# from where Maven has them, as a newcomer's does. The root is kept in target/bare/root for the next time.
set -u
top=$(cd "$(dirname "$0")/../../../.." && pwd) || exit 70
work=$top/target/bare
root=$work/root
user=1000
memory=$((512 * 1024 * 1024))
place='/srv/a folder with spaces/piecework' # of the checkout, in the root
jdk=/usr/lib/jvm/jdk                        # of the JDK, in the root
passed=0
failed=0
. "$top/cli/src/test/sh/debian-root.sh"

# What git knows and what is not ignored, as it is now, without git's own folder.
lay_checkout() {
  rm -rf --one-file-system "${root:?}/srv"
  mkdir -p "$root$place"
  (cd "$top" && git -c safe.directory="$top" ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
    [ ! -e "$file" ] || printf '%s\0' "$file"
  done | tar --null -T - -c) | tar -x -C "$root$place" && [ -x "$root$place/piecework" ] || return 1
  chown -R "$user:$user" "$root/srv"
}

# Certificates, names and servers of this machine, so that Maven's downloads go the way they go here.
pass_on_the_network() {
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/" || return 1
  local trusted
  trusted=$(readlink -f "$JAVA_HOME/lib/security/cacerts")
  case $trusted in
    "$(readlink -f "$JAVA_HOME")"/*) ;;
    *) mkdir -p "$root${trusted%/*}" && cp "$trusted" "$root$trusted" || return 1 ;;
  esac
}

# A control group that holds 512 MB, of either version; nothing where there is none that can be written to.
group=
take_memory_group() {
  local parent
  for parent in /sys/fs/cgroup/memory /sys/fs/cgroup; do
    [ -w "$parent/cgroup.procs" ] && mkdir "$parent/piecework-bare-$$" 2>/dev/null || continue
    group=$parent/piecework-bare-$$
    { echo "$memory" >"$group/memory.limit_in_bytes" || echo "$memory" >"$group/memory.max"; } 2>/dev/null && return 0
    rmdir "$group"
    group=
  done
  return 1
}
trap '[ -z "$group" ] || rmdir "$group" 2>/dev/null' EXIT

# inside [--no-jdk] [--read-only] SCRIPT: runs it with sh in the root, in namespaces that end with it.
inside() {
  local with_jdk=yes read_only=
  while :; do
    case $1 in
      --no-jdk) with_jdk= ;;
      --read-only) read_only=yes ;;
      *) break ;;
    esac
    shift
  done
  (
    [ -z "$group" ] || echo "$BASHPID" >"$group/cgroup.procs"
    export root jdk place user with_jdk read_only JAVA_HOME script=$1
    exec timeout -k 5 1500 unshare --mount --pid --fork --ipc --kill-child sh -c '
      set -e
      mount --bind "$root" "$root"
      mount -t proc proc "$root/proc"
      mount --rbind /sys "$root/sys"
      mount -t tmpfs tmpfs "$root/dev"
      for device in null zero full random urandom tty; do
        : >"$root/dev/$device"
        mount --bind "/dev/$device" "$root/dev/$device"
      done
      ln -s /proc/self/fd "$root/dev/fd"
      for stream in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${stream%:*}" "$root/dev/${stream#*:}"; done
      mkdir -m 1777 "$root/dev/shm"
      mount -t tmpfs tmpfs "$root/dev/shm"
      mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
      if [ -n "$with_jdk" ]; then
        mkdir -p "$root$jdk"
        mount --bind "$JAVA_HOME" "$root$jdk"
        mount -o remount,ro,bind "$root$jdk"
      fi
      if [ -n "$read_only" ]; then
        mount --bind "$root$place" "$root$place"
        mount -o remount,ro,bind "$root$place"
      fi
      cd "$root"
      exec chroot --userspec="$user:$user" --groups= "$root" /usr/bin/env -i PATH=/usr/local/bin:/usr/bin:/bin \
        HOME=/home/somebody LANG=C PIECEWORK_REDIS_IDLE=1s sh -c "cd \"\$0\" && $script" "$place"
    '
  )
}

first_command='seq 1 20 | ./piecework run -- factor {} >/tmp/out; code=$?; cat /tmp/out; [ "$code" = 0 ] && [ "$(wc -l </tmp/out)" = 20 ]'

first_command() {
  inside "$@" "$first_command"
}

# Said in one line on stderr, nothing on stdout, exit 70. $1 is part of the line.
says_and_ends() {
  local said=$1
  shift
  inside "$@" "./piecework run -- true >/tmp/out 2>/tmp/err; code=\$?; cat /tmp/out /tmp/err
    [ \"\$code\" = 70 ] && [ ! -s /tmp/out ] && [ \"\$(wc -l </tmp/err)\" = 1 ] && grep -q '$said' /tmp/err"
}

the_other_verbs() {
  inside "$@" 'set -ex
    ./piecework fill fruits apple banana cherry
    ./piecework work fruits -- sh -c "echo \$1" sh {} 2>/tmp/said
    ./piecework status fruits | grep "3 done"
    [ "$(./piecework results fruits -o raw | wc -l)" = 3 ]
    ./piecework drill --items 200 --workers 2 --time 5s
    ./piecework run -f cli/src/test/sh/job.yaml | grep -F "Redis at redis://default"'
}

the_rehearsal() {
  inside 'ls -l cli/target/piecework/lib/*/piecework.aot; [ -s cli/target/piecework/lib/*/piecework.aot ] &&
    ! cat cli/target/piecework/rehearsal-failed && cat target/piecework-build.log && [ ! -s target/piecework-build.log ]'
}

mkdir -p "$work" || exit 70
step 'root, by debootstrap' make_root || finish
step 'checkout' lay_checkout || finish
step 'network, as it is here' pass_on_the_network || finish
take_memory_group || echo 'not held: 512 MB of memory; there is no control group that can be written to'

step 'jdk missing: one line says what to install' says_and_ends 'needs a JDK 25 or newer' --no-jdk
step 'unbuilt and read-only: one line says so' says_and_ends 'has to be built first' --read-only
step 'first command, with the build it begins with' first_command || finish
step 'rehearsal of the start-up cache went to its end' the_rehearsal
step 'again, from a checkout that is read-only' first_command --read-only
step 'verbs: fill, work, status, results, drill, run -f' the_other_verbs --read-only
finish
