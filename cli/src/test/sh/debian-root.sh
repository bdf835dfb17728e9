# A Debian root made by debootstrap, and steps that are counted. Sourced by bare.sh and release.sh, which set work (a folder
# for logs), root, user, passed and failed. Bash.

[ "$(id -u)" = 0 ] || { echo 'check: this needs root: it makes a Debian root, and namespaces in which it is run' >&2 && exit 2; }
if ! command -v debootstrap >/dev/null && command -v apt-get >/dev/null; then
  DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends debootstrap >/dev/null
fi
for tool in debootstrap unshare chroot git tar timeout; do
  command -v "$tool" >/dev/null || { echo "check: this needs $tool; please install it" >&2 && exit 70; }
done

# Of apt as it is set up here: where the packages of the release come from, and through which proxy.
suite=$(. /etc/os-release 2>/dev/null && [ "${ID:-}" = debian ] && echo "${VERSION_CODENAME:-}")
suite=${suite:-stable}
mirror() {
  apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk -v suite="$suite" '$1 == "Debian" && $2 == suite && $3 == "main" { print $4; exit }'
}
proxy() {
  local Proxy=
  eval "$(apt-config shell Proxy "Acquire::$1::Proxy" 2>/dev/null)"
  printf %s "$Proxy"
}

make_root() {
  [ ! -e "$work/root.made" ] || return 0
  rm -rf --one-file-system "$root"
  local from
  from=$(mirror)
  http_proxy=${http_proxy:-$(proxy http)} https_proxy=${https_proxy:-$(proxy https)} \
    debootstrap --variant=minbase "$suite" "$root" ${from:+"$from"} || return 1
  echo "somebody:x:$user:$user::/home/somebody:/bin/sh" >>"$root/etc/passwd"
  echo "somebody:x:$user:" >>"$root/etc/group"
  touch "$work/root.made"
}

# step NAME COMMAND...: one line, and on failure what was printed.
step() {
  local name=$1 began=$SECONDS log
  shift
  log=$work/${name//[ ,]*/}.log
  printf '%-58s' "$name"
  if "$@" >"$log" 2>&1 </dev/null; then
    passed=$((passed + 1))
    printf '    ok  %4d s\n' $((SECONDS - began))
    return 0
  fi
  failed=$((failed + 1))
  printf 'FAILED  %4d s\n' $((SECONDS - began))
  tail -n 30 "$log" | sed 's/^/    /'
  echo "    all of it: $log"
  return 1
}

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
  exit
}
