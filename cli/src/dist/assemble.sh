#!/bin/sh
# Makes or renews the distribution: DIST/bin/piecework, and its jars in DIST/lib/BUILD/. Run by Maven (cli/pom.xml).
# Each build has a folder of its own and bin/piecework is renamed into place last: a verb that starts or runs
# meanwhile keeps the jars it began with.
set -eu
dist=$1     # the distribution's folder
jars=$2     # the folder of the jars, with piecework-cli.jar
started=$3  # a file that is as old as this build: what was edited since is not in it
java_home=$4
root=$5     # the source tree

here=${0%/*}
digest() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi; }

build=$({ cat "$here"/* "$jars"/*.jar "$root/NOTICE" "$java_home/release"; echo "$java_home"; } | digest | cut -c 1-12)
lib=$dist/lib/$build
mkdir -p "$dist/bin" "$dist/lib"

# What every verb needs, in the order of its class path. A verb that is on the list of short ones in piecework.sh gets
# these alone: a class that is looked for and is nowhere (picocli asks for Groovy's) costs the opening of each jar.
core=$(
  cd "$jars"
  ls piecework-cli.jar
  ls ./*.jar | sed 's|^\./||' | grep -E \
    '^(piecework-([0-9]|worker|drill|job|kubernetes|redis-server)|picocli|jackson-(core|databind)-3|jackson-annotations-|slf4j-|jedis-|commons-pool2-|json-[0-9]|gson-|redis-authx-core-)'
)

# The cache of loaded and linked classes that makes a verb start in half the time. Best effort: without it all works.
# Without what it could say of hot methods: compiling those first costs a short verb more than it saves.
# The training run is a rehearsal of the verbs, on a Redis of its own that is gone soon after.
train() {
  scratch=$(mktemp -d)
  limit=
  ! command -v timeout >/dev/null || limit='timeout -k 5 60'
  (
    unset REDIS_URL PIECEWORK_REDIS REDIS_SERVICE_HOST KUBERNETES_SERVICE_HOST PIECEWORK_JAVA_OPTS
    unset JDK_JAVA_OPTIONS JAVA_TOOL_OPTIONS
    export PIECEWORK_REDIS_IDLE=100ms XDG_STATE_HOME="$scratch" XDG_CACHE_HOME="${XDG_CACHE_HOME:-${HOME:-$scratch}/.cache}"
    cd "$scratch"
    path=
    for jar in $core; do path=$path${path:+:}$lib/$jar; done
    printf '1\n2\n3\n' |
      $limit "$java_home/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
        --enable-native-access=ALL-UNNAMED -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining \
        -Dslf4j.provider=org.slf4j.nop.NOPServiceProvider -Dslf4j.internal.verbosity=WARN -XX:AOTCacheOutput="$scratch/piecework.aot" -cp "$path" dev.piecework.cli.Rehearsal
  ) >"$scratch/log" 2>&1 </dev/null || :
  [ ! -s "$scratch/piecework.aot" ] || { cp "$scratch/piecework.aot" "$lib/.aot.$$" && mv -f "$lib/.aot.$$" "$lib/piecework.aot"; }
  rm -rf "$scratch"
}

if [ ! -d "$lib" ]; then
  new=$dist/lib/.new.$$
  rm -rf "$new"
  mkdir "$new"
  cp "$jars"/*.jar "$here/find-java.sh" "$new"
  for jar in "$jars"/picocli-*.jar; do
    "$java_home/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "$here/ModernClasses.java" "$jar" "$new/${jar##*/}"
  done
  mv "$new" "$lib" 2>/dev/null || rm -rf "$new"
fi
[ -s "$lib/piecework.aot" ] || train

# Earlier builds go when no process runs on them; the one that is being replaced stays until the next build, for a verb
# that has read bin/piecework and has not started Java yet.
running() {
  if [ -r /proc/self/cmdline ]; then grep -qs "lib/$1/" /proc/[0-9]*/cmdline; else ps -Awwo args | grep -q "lib/$1/"; fi
}
for old in "$dist"/lib/*; do
  [ "$old" = "$lib" ] || grep -qs "lib/${old##*/}\$" "$dist/bin/piecework" || running "${old##*/}" || rm -rf "$old"
done

cp -R "$root/LICENSE" "$root/NOTICE" "$root/licenses" "$dist"
sed -e "s|@BUILD@|$build|g" -e "s|@CORE@|$(echo $core)|g" -e "s|@JAVA_HOME@|$java_home|g" "$here/piecework.sh" >"$dist/bin/.piecework.$$"
chmod +x "$dist/bin/.piecework.$$"
mv -f "$dist/bin/.piecework.$$" "$dist/bin/piecework"
touch -r "$started" "$dist/.built"
