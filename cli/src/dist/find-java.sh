# Finds a JDK that is new enough. Sourced by ./piecework, ./check and, where its fast path fails,
# by the distribution's bin/piecework. POSIX sh.

java_wanted=25

# The major version of the JDK in folder $1, from its `release` file, into java_found: no process is started.
java_version_in() {
  java_found=0
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  while IFS= read -r java_line; do
    case $java_line in
      JAVA_VERSION=*)
        java_line=${java_line#*=\"}
        java_line=${java_line%%[!0-9]*}
        java_found=${java_line:-0}
        return 0
        ;;
    esac
  done <"$1/release"
  return 1
}

# Whether folder $1 holds a JDK that will do: $2 is `javac` where compiling is asked for, else `java`.
java_will_do() {
  java_version_in "$1" && [ "$java_found" -ge "$java_wanted" ] && [ -x "$1/bin/$2" ]
}

# Sets java_home to the JDK to use: JAVA_HOME's, PATH's, else the one nearest above the wanted version
# in the usual folders. $1 is `java` or `javac`. One line and exit 70 if there is none.
find_java() {
  if [ -n "${JAVA_HOME:-}" ] && java_will_do "$JAVA_HOME" "$1"; then
    java_home=$JAVA_HOME
    return
  fi
  java_on_path=$(command -v java || :)
  if [ -n "$java_on_path" ]; then
    java_on_path=$(readlink -f "$java_on_path" 2>/dev/null || printf %s "$java_on_path")
    if java_will_do "${java_on_path%/bin/java}" "$1"; then
      java_home=${java_on_path%/bin/java}
      return
    fi
  fi
  java_home=
  java_best=
  for java_folder in /usr/lib/jvm/* /usr/java/* /usr/local/lib/jvm/* /opt/* /opt/java/* \
    "${HOME:-/}"/.sdkman/candidates/java/* "${HOME:-/}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-/}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    java_will_do "$java_folder" "$1" || continue
    [ -z "$java_best" ] || [ "$java_found" -lt "$java_best" ] || continue
    # It may be built for another processor or C library.
    "$java_folder/bin/java" -version >/dev/null 2>&1 || continue
    java_home=$java_folder
    java_best=$java_found
  done
  [ -z "$java_home" ] || return 0
  if [ -n "${JAVA_HOME:-}" ]; then java_line=" (JAVA_HOME=$JAVA_HOME is not one)"; else java_line=; fi
  printf 'piecework: needs a JDK %s or newer%s: install Temurin %s (https://adoptium.net) or set JAVA_HOME to one\n' \
    "$java_wanted" "$java_line" "$java_wanted" >&2
  exit 70
}
