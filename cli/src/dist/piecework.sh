#!/bin/sh
# Starts Piecework. It is on the way of every verb: no process is started here unless something is unusual,
# and the last step is exec, so that signals and the process id are the JVM's own.
# The build fills in eight places: the folder of its jars, those that every verb needs, those for metrics, for RabbitMQ, for
# traces, the others, the JDK that made it, and the commit.

# A clone's own script reads this one in, for each shell on the way drops variables.
self=${PIECEWORK_LAUNCHER:-$0}
case $self in
  */*) ;;
  *) self=./$self ;;
esac
while [ -L "$self" ]; do
  link=$(readlink "$self")
  case $link in
    /*) self=$link ;;
    *) self=${self%/*}/$link ;;
  esac
done
lib=${self%/*}/../lib/@BUILD@
case $lib in
  *:*)
    echo "piecework: Java cannot use a folder whose path has a colon in it: move ${self%/*}" >&2
    exit 70
    ;;
esac

java_home='@JAVA_HOME@'
if [ -x "${self%/*}/../runtime/bin/java" ]; then
  # A package brings its own, which its start-up cache was made for.
  java_home=${self%/*}/../runtime
elif [ -z "$java_home" ] || [ "${JAVA_HOME:-$java_home}" != "$java_home" ] || [ ! -x "$java_home/bin/java" ]; then
  . "$lib/find-java.sh"
  if [ -z "$java_home" ] || [ ! -x "$java_home/bin/java" ] || java_will_do "${JAVA_HOME:-}" java; then
    find_java java
  fi
fi
java=$java_home/bin/java

# Jib uses a library that Java warns of.
unsafe=
[ "${1:-}" != kube ] || unsafe=--sun-misc-unsafe-memory-access=allow
# One compiler and one collector thread: what a verb does is start commands, or move bytes. The second compiler took a
# quarter of the CPU of 5,000 commands, and a third of that of 200,000 items of a child (docs/performance.md).
tier=-XX:TieredStopAtLevel=1
# A verb that asks and changes little is over before compiled code has paid for itself: a fifth of its CPU.
seldom=
case ${1:-} in
  -V | --version | -h | --help | status | pause | resume | set | requeue | drop | purge | adopt) seldom=-XX:CompileThresholdScaling=20 ;;
esac
case " ${PIECEWORK_JAVA_OPTS:-}" in
  *' -XX:+Use'*GC*) gc= ;;
  *) gc=-XX:+UseSerialGC ;;
esac
# Made by the build, one for each class path; a JVM that it was not made for ignores it.
cache=$lib/piecework.aot
[ "${1:-}" != kube ] || [ ! -r "$lib/kube.aot" ] || cache=$lib/kube.aot
if [ -r "$cache" ]; then cache=-XX:AOTCache=$cache; else cache=; fi

# The short verbs, and run without a manifest or a report, do without the jars for Kubernetes, the page and the like.
class_path=
for jar in @CORE@; do
  class_path=$class_path${class_path:+:}$lib/$jar
done
all=yes
case ${1:-} in
  -V | --version | -h | --help) all= ;;
  fill | work | status | wait | items | results | requeue | drop | pause | resume | purge | adopt | set | redis) all= ;;
  run)
    all=
    for argument; do
      case $argument in
        --) break ;;
        -f* | --fi* | --report | --report=*) all=yes ;;
      esac
    done
    ;;
esac
if [ -n "$all" ]; then
  for jar in @OTHERS@; do
    class_path=$class_path:$lib/$jar
  done
else
  # Of the short verbs only work and run have the one, and fill the other.
  for argument; do
    case $argument in
      --) break ;;
      --metrics-port*)
        for jar in @METRICS@; do
          class_path=$class_path:$lib/$jar
        done
        break
        ;;
      amqp://* | amqps://* | --from=amqp://* | --from=amqps://*)
        [ "$1" = fill ] || continue
        for jar in @AMQP@; do
          class_path=$class_path:$lib/$jar
        done
        break
        ;;
    esac
  done
  case ${1:-}${OTEL_EXPORTER_OTLP_ENDPOINT:-}${OTEL_EXPORTER_OTLP_TRACES_ENDPOINT:-} in
    work | run) ;;
    work* | run*)
      for jar in @TRACES@; do
        class_path=$class_path:$lib/$jar
      done
      ;;
  esac
fi

# Commands get the environment of whoever called, byte by byte. A shell like this one drops variables whose names are no
# identifiers, as those of the functions that bash exports, and hands on what it has assigned to others: all names of the
# scripts on the way to Java have lower case letters. The JVM reads both kinds as hexadecimal text.
dropped=
case ${1:-} in
  run | work)
    if LC_ALL=C grep -qazv '^[A-Z_][A-Z0-9_]*=' "/proc/$$/environ" 2>/dev/null; then
      dropped=$(LC_ALL=C grep -azv '^[A-Z_][A-Z0-9_]*=' "/proc/$$/environ" | od -An -v -tx1)
    fi
    ;;
esac

# Java does not look at TMPDIR by itself.
temporary=
[ ! -d "${TMPDIR:-}" ] || temporary=-Djava.io.tmpdir=$TMPDIR

# In the C locale Java takes arguments and file names for ASCII, and would harm a payload that is more.
# Commands get it back.
locale=
if [ -d /proc/self ]; then
  # One of UTF-8 may not be installed, as where ssh brings the name of another machine's, and is as good as C then.
  case ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} in
    C | POSIX | *.[Uu][Tt][Ff]8 | *.[Uu][Tt][Ff]-8)
      # All of it: a single category that is not installed has the system refuse the others as well.
      locale=LC_ALL${LC_ALL+=$LC_ALL}
      export LC_ALL=C.UTF-8
      ;;
  esac
fi

# The JVM's own warnings would go to stdout, among the results. It is not to raise the limit of open files, which commands
# inherit. Access to C functions as where the start-up cache was made, which else would not be used.
set -f
set -- --enable-native-access=ALL-UNNAMED -XX:-MaxFDLimit ${locale:+"-Dpiecework.caller.locale=$locale"} \
  -Dpiecework.commit=@COMMIT@ ${dropped:+-Dpiecework.caller.variables=/proc/self/fd/9} ${unsafe:+"$unsafe"} "$tier" ${seldom:+"$seldom"} ${gc:+"$gc"} ${cache:+"$cache"} ${temporary:+"$temporary"} -Xlog:disable -Xlog:all=error,aot*=off,cds*=off:stderr \
  -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 -Dslf4j.provider=org.slf4j.nop.NOPServiceProvider -Dslf4j.internal.verbosity=WARN ${PIECEWORK_JAVA_OPTS:-} -cp "$class_path" dev.piecework.cli.Main "$@"

# A JVM that does not start exits 1, which would be read as "some items are dead". Only these can keep it
# from starting; where one is set, a trial run tells.
if [ -n "${PIECEWORK_JAVA_OPTS:-}${JDK_JAVA_OPTIONS:-}${JAVA_TOOL_OPTIONS:-}" ] || [ "$(ulimit -v)" != unlimited ]; then
  if ! said=$("$java" "$tier" ${gc:+"$gc"} ${PIECEWORK_JAVA_OPTS:-} -version 2>&1); then
    printf '%s\n' "$said" | {
      cause=
      while IFS= read -r line; do
        case $line in
          NOTE:* | Picked\ up* | Error\ occurred\ during\ initialization* | '') ;;
          *) cause=$line && break ;;
        esac
      done
      printf 'piecework: Java did not start: %s' "$cause" >&2
    }
    [ -z "${PIECEWORK_JAVA_OPTS:-}" ] || printf ' (PIECEWORK_JAVA_OPTS=%s)' "$PIECEWORK_JAVA_OPTS" >&2
    echo >&2
    exit 70
  fi
fi
[ -z "$dropped" ] || exec "$java" "$@" 9<<END
$dropped
END
exec "$java" "$@"
