#!/usr/bin/env bash
# What ./package makes, tried by somebody who has nothing: in a Debian root made by debootstrap, without Java and without
# Redis. Run by `./check --release`, as root, with JAVA_HOME set. The root is that of `./check --bare`.
set -u
top=$(cd "$(dirname "$0")/../../../.." && pwd) || exit 70
work=$top/target/bare
root=$work/root
user=1000
passed=0
failed=0
. "$top/cli/src/test/sh/debian-root.sh"
cd "$top" || exit 70
release=$top/target/release
first=$work/first-release
tagged=$(git -c safe.directory="$top" describe --tags --abbrev=0 --match 'v[0-9]*' 'HEAD^' 2>/dev/null || :)
version=$(sed -n 's|^  <version>\(.*\)</version>$|\1|p' pom.xml)

# inside USER SCRIPT: runs it with sh in the root, in namespaces that end with it, with the packages in /srv/release.
inside() {
  export root release as=$1 script=$2
  timeout -k 5 600 unshare --mount --pid --fork --ipc --kill-child sh -c '
    set -e
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    mount -t tmpfs tmpfs "$root/dev"
    for device in null zero full random urandom tty; do
      : >"$root/dev/$device"
      mount --bind "/dev/$device" "$root/dev/$device"
    done
    ln -s /proc/self/fd "$root/dev/fd"
    mkdir -m 1777 "$root/dev/shm"
    mount -t tmpfs tmpfs "$root/dev/shm"
    mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
    mkdir -p "$root/srv/release"
    mount --bind "$release" "$root/srv/release"
    cd "$root"
    exec chroot --userspec="$as:$as" --groups= "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
      HOME=/tmp/home LANG=C PIECEWORK_REDIS_IDLE=1s sh -c "mkdir -p /tmp/home && cd /tmp && $script"
  '
}

# A key that is thrown away. In /tmp, for the path of the socket of gpg's agent.
make_key() {
  GNUPGHOME=$(mktemp -d /tmp/pw-gnupg-XXXXXX) || return 1
  export GNUPGHOME
  trap 'gpgconf --kill gpg-agent; rm -rf "$GNUPGHOME"' EXIT
  gpg --batch --passphrase '' --quick-generate-key 'Nobody <nobody@example.invalid>' ed25519 sign 2d
}

# Signed, and with an image, on a base that is the root: no registry is asked.
one_package() {
  base_image && PIECEWORK_SIGNING_KEY=nobody@example.invalid ./package --image-base "tar://$work/base.tar" &&
    (cd "$release" && sha256sum -c SHA256SUMS && for file in *.asc; do gpg --batch --verify "$file" "${file%.asc}" || exit 1; done) &&
    [ "$(find "$release" -name '*.asc' | wc -l)" = 6 ] &&
    [ "$(wc -c <"$(echo "$release"/*.tar.gz)")" -le 75000000 ]
}

# The root as docker save would write it.
base_image() {
  rm -rf "$work/base" "$work/base.tar" && mkdir "$work/base" &&
    tar -c --one-file-system --exclude=./srv --exclude=./tmp --exclude=./var/cache --exclude=./var/lib/apt --exclude=./usr/share \
      -C "$root" . >"$work/base/layer.tar" &&
    sum=$(sha256sum <"$work/base/layer.tar" | cut -c 1-64) &&
    printf '{"architecture":"%s","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{}]}' \
      "$(dpkg --print-architecture)" "$sum" >"$work/base/config.json" &&
    echo '[{"Config":"config.json","RepoTags":["root:1"],"Layers":["layer.tar"]}]' >"$work/base/manifest.json" &&
    tar -c -f "$work/base.tar" -C "$work/base" manifest.json config.json layer.tar && rm -r "$work/base"
}

# What its layers are for is held by KubeImageIT: here, that ./package made an image that works.
the_image() {
  command -v podman runc || return 1
  local store code
  store=$(mktemp -d /tmp/pw-XXXXXX) || return 1
  local podman=(podman --root "$store/root" --runroot "$store/run" --runtime runc --cgroup-manager cgroupfs)
  "${podman[@]}" load -i "$release"/*-image.tar &&
    "${podman[@]}" run --rm --network host --ulimit nofile=1024:1024 --ulimit nproc=2048:2048 \
      "localhost/piecework:$version" --version | grep "^piecework $version"
  code=$?
  "${podman[@]}" rmi -af
  rm -rf "$store"
  return "$code"
}

# By a test, which reads POMs, jars and signatures.
the_bundle() {
  release_tests MavenBundleChecks
}
release_tests() {
  local tests=$1
  shift
  ./mvnw -B -q -ntp -Dquick -Ppackaging -pl packaging -am -Dtest="$tests" -Dsurefire.failIfNoSpecifiedTests=false \
    "-Dpiecework.bundle=$(echo "$release"/*-maven-bundle.zip)" "$@" test
}

# Against the libraries of the version that was tagged last, built from its sources. That breaks are found, on jars with some.
the_api() {
  [ -n "$tagged" ] || { release_tests ApiComparisonTest && return 0; }
  rm -rf "$work/before" && mkdir "$work/before" &&
    git -c safe.directory="$top" archive "$tagged" | tar -x -C "$work/before" &&
    sh packaging/src/main/sh/libraries.sh "$work/before" "$(git -c safe.directory="$top" log -1 --format=%ct "$tagged")" &&
    release_tests ApiComparisonTest,ApiChecks "-Dpiecework.before=$work/before/target/quick/central-publishing/central-bundle.zip"
}

# In Maven's repository of its own, which is empty, and behind it for what is not ours that of this machine.
a_strangers_project() {
  rm -rf "$work/stranger" && mkdir "$work/stranger" && cp -r packaging/src/test/stranger "$work/stranger/project" &&
    mkdir "$work/stranger/bundle" && (cd "$work/stranger/bundle" && "$JAVA_HOME/bin/jar" xf "$release"/*-maven-bundle.zip) || return 1
  local central=$work/stranger/bundle/dev/piecework
  local of=${version%-SNAPSHOT}
  ./mvnw -B -q -ntp -f "$work/stranger/project/pom.xml" -Dmaven.repo.local="$work/stranger/repository" \
    -Dmaven.repo.local.tail="${HOME:-/root}/.m2/repository" \
    -Dbundle.folder="$work/stranger/bundle" -Dbundle.version="$of" package || return 1
  for jar in "$work"/stranger/repository/dev/piecework/*/"$of"/*.jar; do
    cmp "$jar" "$central/$(basename "$(dirname "$(dirname "$jar")")")/$of/$(basename "$jar")" || return 1
  done
  grep -h 'tests="2" errors="0" skipped="0" failures="0"' "$work"/stranger/project/target/surefire-reports/TEST-*.xml &&
    [ "$("$JAVA_HOME/bin/java" -p "$work/stranger/project/target/dependency:$work/stranger/project/target/stranger-1.jar" \
      -m stranger/stranger.Squares)" = 333833500 ]
}

# $1: a folder of packages; $2: where to unpack them. The start-up cache is emptied; sums and the size, which hold it, are left
# out, and so are signatures, which have a time.
unpack() {
  rm -rf "$2" && mkdir -p "$2/tar" "$2/deb" && tar -xf "$1"/*.tar.gz -C "$2/tar" &&
    tar -tvf "$1"/*.tar.gz | grep -v 'piecework\.aot$' >"$2/tar.list" &&
    mkdir "$2/maven" && (cd "$2/maven" && "$JAVA_HOME/bin/jar" xf "$1"/*-maven-bundle.zip && find . -name '*.asc*' -delete) &&
    dpkg-deb -x "$1"/*.deb "$2/deb" && dpkg-deb -e "$1"/*.deb "$2/control" &&
    sed -i -e '/piecework\.aot$/d' -e '/^Installed-Size:/d' "$2/control/md5sums" "$2/control/control" && find "$2" -name piecework.aot -exec truncate -s 0 {} +
}

# Where the second is made in another place, so that no path of this machine is in it.
another_package() {
  rm -rf "$first" "$work/again" && cp -r "$release" "$first" && git -c safe.directory="$top" clone -q . "$work/again" &&
    (cd "$work/again" && umask 077 && TZ=Asia/Tokyo ./package --without-image) &&
    unpack "$first" "$work/unpacked.1" && unpack "$work/again/target/release" "$work/unpacked.2" &&
    cmp "$first/piecework-$version.zip" "$work/again/target/release/piecework-$version.zip" && diff -r "$work/unpacked.1" "$work/unpacked.2" &&
    rm -rf "$first" "$work/again" "$work/unpacked.1" "$work/unpacked.2"
}

first_result_in_ten_seconds() {
  inside "$user" 'set -e
    began=$(date +%s%N)
    tar -xf /srv/release/*.tar.gz
    { seq 1 20 | piecework/bin/piecework run -- factor {} 2>said || touch failed; } | {
      read -r first
      echo "the first result after $((($(date +%s%N) - began) / 1000000)) ms: $first"
      [ "$(($(date +%s%N) - began))" -le 10000000000 ]
      [ "$(cat | wc -l)" = 19 ]
    }
    [ ! -e failed ] || { cat said; exit 1; }
    piecework/bin/piecework --version | tee version
    grep -q "^piecework [0-9]" version && grep -q "^commit [0-9a-f]" version && grep -q "^Java 25.*/piecework/" version &&
      grep -q "^Redis .*(bundled)" version'
}

# What a package has beyond the short verbs: jars of all kinds, by the modules that were linked.
the_other_verbs() {
  inside "$user" 'set -ex
    tar -xf /srv/release/*.tar.gz
    p=piecework/bin/piecework
    $p fill fruits apple banana cherry
    $p work fruits -- sh -c "echo \$1" sh {} 2>said
    $p status fruits | grep "3 done"
    $p report fruits --to fruits.html && [ -s fruits.html ]
    $p drill --items 200 --workers 2 --time 5s
    $p kube manifests -q q --image i:1 -- true | grep -q "kind: Job"
    $p self-test
    [ -s piecework/share/man/man1/piecework-run.1 ]
    sh -n piecework/share/bash-completion/completions/piecework || bash -n piecework/share/bash-completion/completions/piecework
    PIECEWORK_JAVA_OPTS=-Xlog:class+load:file=log $p status fruits
    [ "$(grep -c "shared objects file" log)" -gt "$(($(wc -l <log) * 9 / 10))" ]'
}

# The second version is the first one under another name. The worker is in the middle of its items when its version is
# replaced, and loads what it needs for its end from files that are no longer linked to.
upgraded_under_a_worker() {
  inside "$user" 'set -ex
    tar -xf /srv/release/*.tar.gz
    sh piecework/install.sh
    p=$HOME/.local/bin/piecework
    seq 1 20 | $p fill q
    mkfifo gate
    $p work q --slots 1 -- sh -c "[ \$1 != 5 ] || read -r line <gate; echo \$1" sh {} 2>said &
    worker=$!
    exec 3>gate # waits for the worker to be there
    old=$(readlink $p)
    sed -i "s/^version=.*/&.1/" piecework/release
    sh piecework/install.sh
    [ "$(readlink $p)" != "$old" ] && [ -x "$old" ]
    $p status q | grep "1 leased"
    echo go >&3
    exec 3>&-
    wait $worker
    $p status q | grep "20 done"
    sh piecework/install.sh
    [ ! -e "$old" ]
    MANPATH= ; [ -L $HOME/.local/share/man/man1/piecework-run.1 ]
    sh piecework/install.sh --uninstall
    [ -z "$(find $HOME/.local -path "*state*" -prune -o ! -type d -print)" ]'
}

misspelt_options_are_named() {
  inside "$user" 'tar -xf /srv/release/*.tar.gz
    sh piecework/install.sh --unistall 2>said
    [ $? = 2 ] && [ "$(wc -l <said)" = 1 ] && grep "did you mean" said && [ ! -e "$HOME/.local" ]' &&
    { ./package --without-imge 2>"$work/said"; [ $? = 2 ]; } && [ "$(wc -l <"$work/said")" = 1 ] && [ -e "$release" ]
}

# The root as it was before.
files_of_the_root() {
  (cd "$root" && find . -xdev \( -path ./srv -o -path ./tmp -o -path ./var/lib/dpkg -o -path ./var/lib/apt -o -path ./var/log -o -path ./var/cache \) -prune -o -print) | sort
}
installed_and_removed_by_apt() {
  files_of_the_root >"$work/before" &&
    inside 0 'set -ex
      apt-get install -y --no-install-recommends /srv/release/*.deb
      dpkg -s piecework | grep "Status: install ok installed"
      seq 1 20 | piecework run -- factor {} >out && [ "$(wc -l <out)" = 20 ]
      [ -s /usr/share/man/man1/piecework-run.1.gz ] || grep -r "path-exclude.*man" /etc/dpkg/dpkg.cfg.d
      apt-get purge -y piecework
      ! dpkg -s piecework' && files_of_the_root >"$work/after" && diff "$work/before" "$work/after"
}

# The second package is the first one with another version and another build, made by dpkg-deb. The worker is in the middle of its
# items when the files of its package are replaced.
upgraded_by_apt_under_a_worker() {
  local next=$work/next
  rm -rf "$next" "$root/next.deb" && dpkg-deb -R "$release"/*.deb "$next" &&
    sed -i 's/^Version: .*/&.1/' "$next/DEBIAN/control" && sed -i 's/^version=.*/&.1/' "$next/usr/lib/piecework/package/release" &&
    find "$next" -name md5sums -delete && dpkg-deb -Znone -b "$next" "$root/next.deb" && rm -rf "$next" &&
    inside 0 'set -ex
      apt-get install -y --no-install-recommends /srv/release/*.deb
      old=$(readlink /usr/bin/piecework)
      seq 1 20 | piecework fill q
      mkfifo gate
      piecework work q --slots 1 -- sh -c "[ \$1 != 5 ] || read -r line <gate; echo \$1" sh {} 2>said &
      worker=$!
      exec 3>gate # waits for the worker to be there
      apt-get install -y --no-install-recommends /next.deb
      new=$(readlink /usr/bin/piecework)
      [ "$new" != "$old" ] && [ -x "$old" ] && [ -x "$new" ]
      piecework status q | grep "1 leased"
      echo go >&3
      exec 3>&-
      wait $worker
      piecework status q | grep "20 done"
      while grep -qsF -- "${old%/bin/piecework}/" /proc/[0-9]*/cmdline; do :; done # the Redis that was started by it
      dpkg-reconfigure piecework || /var/lib/dpkg/info/piecework.postinst configure
      [ ! -e "$old" ]
      apt-get purge -y piecework
      [ ! -e /usr/lib/piecework ] && [ ! -L /usr/bin/piecework ]'
  local code=$?
  rm -f "$root/next.deb"
  return "$code"
}

mkdir -p "$work" || exit 70
step 'root, by debootstrap' make_root || finish
step 'key to sign with, for now' make_key || finish
step 'package' one_package || finish
step 'bundle for Maven Central, as it requires it' the_bundle
step "api, against ${tagged:-nothing: no version is tagged}" the_api
step 'stranger with a project of Maven' a_strangers_project
step 'image, loaded and run' the_image
step 'results, ten seconds after tar began' first_result_in_ten_seconds
step 'verbs, without Java and Redis' the_other_verbs
step 'upgrade under a running worker, and uninstall' upgraded_under_a_worker
step 'options misspelt, one line' misspelt_options_are_named
step 'apt, installed and removed' installed_and_removed_by_apt
step 'apt upgrade under a running worker' upgraded_by_apt_under_a_worker
step 'reproduced elsewhere, bit for bit but for the cache' another_package
finish
