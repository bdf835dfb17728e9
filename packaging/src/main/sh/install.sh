#!/bin/sh
# Installs Piecework from this folder, upgrades it, or removes it. Workers that run keep the files that they began with:
# each version has a folder of its own, the link to it is switched by a rename, and one that is in use stays until the next time.
set -eu
usage='usage: ./install.sh [--prefix DIR] [--uninstall]

  installs into DIR/lib/piecework, with links in DIR/bin and DIR/share; DIR is ~/.local unless said.
  --uninstall removes all of that again. Queues and results are not touched.'
refuse() {
  echo "install.sh: $2" >&2
  exit "$1"
}

prefix=${HOME:+$HOME/.local}
uninstall=
while [ $# -gt 0 ]; do
  case $1 in
    --prefix)
      [ $# -gt 1 ] || refuse 2 '--prefix needs a folder'
      prefix=$2
      shift
      ;;
    --prefix=*) prefix=${1#*=} ;;
    --uninstall) uninstall=yes ;;
    -h | --help) echo "$usage" && exit ;;
    --u*) refuse 2 "unknown option '$1'; did you mean '--uninstall'?" ;;
    *) refuse 2 "unknown option '$1'; see --help" ;;
  esac
  shift
done
[ -n "$prefix" ] || refuse 2 'HOME is not set: say --prefix DIR'
case $0 in
  */*) here=$(unset CDPATH && cd "${0%/*}" && pwd -P) ;;
  *) here=$PWD ;;
esac
case $prefix in
  *:*) refuse 2 "Java cannot use a folder whose path has a colon in it: $prefix" ;;
esac
mkdir -p "$prefix" 2>/dev/null && [ -w "$prefix" ] || refuse 70 "cannot write to $prefix"
prefix=$(unset CDPATH && cd "$prefix" && pwd -P)
home=$prefix/lib/piecework

# Whether a process runs on the version in folder $1.
in_use() {
  grep -qsF -- "$1/" /proc/[0-9]*/cmdline
}

# The links, and whether they are ours: $1 is where, $2 what it leads to.
links() {
  [ ! -d "$1/share" ] || (cd "$1/share" && find man bash-completion zsh -type f 2>/dev/null) | sed 's|^|share/|'
  echo bin/piecework
}
is_ours() {
  [ -L "$1" ] && case $(readlink "$1") in */lib/piecework/*) true ;; *) false ;; esac
}

if [ -n "$uninstall" ]; then
  [ -d "$home" ] || refuse 2 "nothing of Piecework is in $home"
  for version in "$home"/*/; do
    version=${version%/}
    links "$version" | while IFS= read -r link; do
      ! is_ours "$prefix/$link" || rm -f "$prefix/$link"
    done
  done
  kept=
  for version in "$home"/*; do
    if in_use "$version"; then kept="$kept $version"; else rm -rf "$version"; fi
  done
  rmdir "$home" "$prefix/lib" "$prefix/bin" "$prefix/share/man/man1" "$prefix/share/man" "$prefix/share/bash-completion/completions" \
    "$prefix/share/bash-completion" "$prefix/share/zsh/site-functions" "$prefix/share/zsh" "$prefix/share" 2>/dev/null || :
  [ -z "$kept" ] || refuse 70 "processes run on it, so this stays; run me again when they have ended:$kept"
  echo "removed from $prefix"
  exit
fi

[ -r "$here/release" ] || refuse 70 "$here is not the folder of a package"
name=$(sed -n 's/^version=//p' "$here/release")-$(sed -n 's/^build=//p' "$here/release")
target=$home/$name
mkdir -p "$home" "$prefix/bin"
if [ ! -e "$target" ]; then
  new=$home/.new.$$
  trap 'rm -rf "$new"' EXIT
  rm -rf "$new"
  # With their times: the start-up cache is held against them.
  cp -Rp "$here" "$new"
  mv "$new" "$target"
fi
links "$target" | while IFS= read -r link; do
  if [ -e "$prefix/$link" ] && ! is_ours "$prefix/$link"; then
    refuse 70 "$prefix/$link is there and is not ours: move it away"
  fi
  mkdir -p "$prefix/${link%/*}"
  ln -s "$target/$link" "$prefix/${link%/*}/.piecework.$$"
  mv -f "$prefix/${link%/*}/.piecework.$$" "$prefix/$link"
done
for version in "$home"/* "$home"/.new.*; do
  [ "$version" = "$target" ] || [ ! -e "$version" ] || in_use "$version" || rm -rf "$version"
done
echo "installed: $prefix/bin/piecework"
case :${PATH:-}: in
  *:"$prefix/bin":*) ;;
  *) echo "$prefix/bin is not on the PATH: export PATH=\"$prefix/bin:\$PATH\"" ;;
esac
