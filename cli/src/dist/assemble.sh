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
bill=$6     # the bill of materials of the jars, CycloneDX's JSON
caches=$7   # the start-up caches to record: piecework, or piecework and kube

# ./piecework runs it when Maven has ended: see there.
if [ -n "${PIECEWORK_ASSEMBLE_LATER:-}" ]; then
  printf '%s\n' "$@" >"$PIECEWORK_ASSEMBLE_LATER"
  exit
fi

# ./package names the Java that goes with it: start-up caches are made for that one, and no path of this machine is kept.
runtime=${PIECEWORK_RUNTIME:-}

here=${0%/*}
# For sed to put between single quotes.
quoted() { printf %s "$1" | sed -e "s/'/'\\\\''/g" -e 's/[&|\\]/\\&/g'; }
digest() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi; }

found_java=$java_home
[ -z "$runtime" ] || found_java=
build=$({ cat "$here"/* "$jars"/*.jar "$root/NOTICE" "${runtime:-$java_home}/release"; echo "$found_java"; } | digest | cut -c 1-12)
commit=$(git -C "$root" rev-parse --short=12 HEAD 2>/dev/null) || commit=
[ -z "$commit" ] || [ -z "$(git -C "$root" status --porcelain --untracked-files=no 2>/dev/null)" ] || commit=$commit+changes
lib=$dist/lib/$build
mkdir -p "$dist/bin" "$dist/lib"

# What every verb needs, in the order of its class path. A verb that is on the list of short ones in piecework.sh gets
# these alone: a class that is looked for and is nowhere (picocli asks for Groovy's) costs the opening of each jar.
core=$("$java_home/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$jars/*" dev.piecework.cli.CoreJars "$bill")
for jar in $core; do
  [ -r "$jars/$jar" ] || { echo "assemble.sh: the bill of materials names $jar, which is not in $jars" >&2 && exit 1; }
done
# What --metrics-port needs besides.
metrics=$("$java_home/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$jars/*" dev.piecework.cli.CoreJars "$bill" metrics)
# What --from amqp:// needs besides.
amqp=$("$java_home/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$jars/*" dev.piecework.cli.CoreJars "$bill" amqp)
# What traces need besides.
traces=$("$java_home/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$jars/*" dev.piecework.cli.CoreJars "$bill" traces)
# The others, for kube, run -f and the like. By name and not as a wildcard, whose order is the file system's: a cache is
# used only with the class path that it was recorded with, or a longer one that begins so.
others=
for jar in "$jars"/*.jar; do
  case " $(echo $core) " in
    *" ${jar##*/} "*) ;;
    *) others="$others${others:+ }${jar##*/}" ;;
  esac
done

# The caches of loaded and linked classes that make a verb start in half the time: one for the core jars, and one for all
# of them, which the verbs of kube use: a build with -Dquick, as ./piecework makes it, does without that. Best effort: without them all works.
# Without what they could say of hot methods: compiling those first costs a short verb more than it saves.
# The training run is a rehearsal of the verbs, on a Redis of its own that is gone soon after. One that did not come to
# its end leaves a cache with holes: why is kept in rehearsal-failed, for ./piecework and the tests, and the next build
# tries again. Its folder is not below TMPDIR, which may be missing, and no other one is written to: a home may be missing.
# One after the other: two at once do not fit into 512 MB of memory.
# $1: the cache's name; $2: its jars; $3: what is rehearsed.
train() {
  scratch=$dist/lib/.rehearsal.$$
  rm -rf "$scratch"
  mkdir -m 700 "$scratch"
  limit=
  ! command -v timeout >/dev/null || limit='timeout -k 5 300' # a machine may be very busy
  rehearsed=0
  (
    unset REDIS_URL PIECEWORK_REDIS REDIS_SERVICE_HOST KUBERNETES_SERVICE_HOST KUBECONFIG PIECEWORK_JAVA_OPTS
    unset JDK_JAVA_OPTIONS JAVA_TOOL_OPTIONS
    export PIECEWORK_REDIS_IDLE=100ms XDG_STATE_HOME="$scratch" XDG_CACHE_HOME="$scratch"
    cd "$scratch"
    path=
    for jar in $2; do path=$path${path:+:}$lib/$jar; done
    printf '1\n2\n3\n' |
      $limit "${runtime:-$java_home}/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --sun-misc-unsafe-memory-access=allow \
        --enable-native-access=ALL-UNNAMED -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining \
        -Dslf4j.provider=org.slf4j.nop.NOPServiceProvider -Dslf4j.internal.verbosity=WARN -XX:AOTCacheOutput="$scratch/$1.aot" -cp "$path" dev.piecework.cli.Rehearsal $3
  ) >"$scratch/log" 2>&1 </dev/null || rehearsed=$?
  [ ! -s "$scratch/$1.aot" ] || { cp "$scratch/$1.aot" "$lib/.aot.$$" && mv -f "$lib/.aot.$$" "$lib/$1.aot"; }
  if [ "$rehearsed" != 0 ] || [ ! -s "$lib/$1.aot" ]; then
    why=$(grep -m 1 '^piecework' "$scratch/log" || grep -v '^\[' "$scratch/log" | tail -n 1)
    echo "$1: exit code $rehearsed: ${why:-it said nothing}" >>"$dist/rehearsal-failed"
    echo "assemble.sh: the rehearsal for the start-up cache failed, $(tail -n 1 "$dist/rehearsal-failed")" >&2
  fi
  rm -rf "$scratch" || : # A Redis that is just ending may still write there; the next build removes what stays.
}

if [ ! -d "$lib" ]; then
  new=$dist/lib/.new.$$
  rm -rf "$new"
  mkdir "$new"
  cp "$jars"/*.jar "$here/find-java.sh" "$new"
  printf '%s\n' "$core" "$metrics" "$amqp" "$traces" >"$new/worker.jars" # for the images of workers
  changed=$(cd "$jars" && ls picocli-*.jar piecework*.jar)
  "$java_home/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "$here/StartupClasses.java" "$jars" "$new" $changed
  mv "$new" "$lib" 2>/dev/null || rm -rf "$new"
fi
missing=
for cache in $caches; do
  [ -s "$lib/$cache.aot" ] && [ ! -e "$dist/rehearsal-failed" ] || missing="$missing $cache"
done
[ -z "$missing" ] || rm -f "$dist/rehearsal-failed"
for cache in $missing; do
  case $cache in
    kube) train kube "$core $others" kube ;;
    *) train piecework "$core" short ;;
  esac
done

# Earlier builds go when no process runs on them; the one that is being replaced stays until the next build, for a verb
# that has read bin/piecework and has not started Java yet.
running() {
  if [ -r /proc/self/cmdline ]; then grep -qs "lib/$1/" /proc/[0-9]*/cmdline; else ps -Awwo args | grep -q "lib/$1/"; fi
}
for old in "$dist"/lib/* "$dist"/lib/.rehearsal.*; do
  [ "$old" = "$lib" ] || grep -qs "lib/${old##*/}\$" "$dist/bin/piecework" || running "${old##*/}" || rm -rf "$old"
done

cp -R "$root/LICENSE" "$root/NOTICE" "$root/licenses" "$dist"
sed -e "s|@BUILD@|$build|g" -e "s|@CORE@|$(echo $core)|g" -e "s|@METRICS@|$(echo $metrics)|g" -e "s|@AMQP@|$(echo $amqp)|g" -e "s|@TRACES@|$(echo $traces)|g" -e "s|@OTHERS@|$others|g" -e "s|@JAVA_HOME@|$(quoted "$found_java")|g" -e "s|@COMMIT@|$commit|g" "$here/piecework.sh" >"$dist/bin/.piecework.$$"
chmod +x "$dist/bin/.piecework.$$"
mv -f "$dist/bin/.piecework.$$" "$dist/bin/piecework"
touch -r "$started" "$dist/.built"
