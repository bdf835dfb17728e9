package dev.piecework.job.process;

import dev.piecework.worker.process.ExactEnvironment;
import dev.piecework.worker.process.Shell;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How a process finds volumes at their mount paths: it begins in a mount namespace of its own,
 * which root may make, and anybody else in a user namespace. There the root folder is a new one
 * that holds the folders of this machine, bound, and beside them what the machine does not have;
 * nothing on the machine itself is changed. It stays the same process, in the same session.
 *
 * @param enter words that begin a shell in such a namespace
 * @param leave words that give the command its own user's name again; may be empty
 */
record MountNamespace(List<String> enter, List<String> leave) {
  /**
   * Arguments: the PATH of the tools, the folder on which the new root is built, the working
   * directory with a word before it, steps, {@code --}, the command. As the first thing a folder is
   * opened, that is, replaced by an empty one in which all that it holds is bound.
   *
   * <p>The container's variables are hidden from it: see {@link ExactEnvironment}.
   */
  private static final String SCRIPT =
      """
      PATH=$1
      root=$2
      how=$3
      cwd=$4
      shift 4
      fail() { echo "cannot mount the volumes: $1" >&2; exit 128; }
      show() {
        if [ -d "$1" ]; then
          mkdir -p "$root$1" && mount -o rbind "$1" "$root$1" || rmdir "$root$1"
        elif [ -e "$1" ]; then
          : >"$root$1" && mount -o bind "$1" "$root$1" || rm -f "$root$1"
        fi
      } 2>/dev/null
      table() {
        for entry in "$1"/* "$1"/.[!.]* "$1"/..?*; do
          [ ! -L "$entry" ] && [ -e "$entry" ] || continue
          case $entry in *[[:space:]\\\\#]*) continue ;; esac
          [ -d "$entry" ] || : >"$root$entry"
          printf '%s %s%s none rbind 0 0\\n' "$entry" "$2" "$entry"
        done
      }
      open() {
        at=$1
        mount -t tmpfs -o mode=755 piecework "$root$at" || fail "no tmpfs at ${at:-/}"
        [ -n "$at" ] || mount --make-unbindable "$root" || fail "the new root is shared"
        set --
        for entry in "$at"/* "$at"/.[!.]* "$at"/..?*; do
          [ ! -L "$entry" ] || set -- "$@" "$entry"
        done
        [ $# = 0 ] || cp -P "$@" "$root$at/" || fail "no links in ${at:-/}"
        set --
        for entry in "$at"/* "$at"/.[!.]* "$at"/..?*; do
          [ -L "$entry" ] || [ ! -d "$entry" ] || set -- "$@" "$root$entry"
        done
        [ $# = 0 ] || mkdir "$@" || fail "no folders in ${at:-/}"
        # All by one process, which takes a tenth of the time; one by one where that fails.
        whole=no
        case $root in
          *[[:cntrl:]\\\\]*) ;;
          *)
            table "$at" "$(printf %s "$root" | sed 's/ /\\\\040/g')" >"$root/.piecework-table"
            mount -a -T "$root/.piecework-table" 2>/dev/null && whole=yes
            rm "$root/.piecework-table" ;;
        esac
        for entry in "$at"/* "$at"/.[!.]* "$at"/..?*; do
          [ ! -L "$entry" ] || continue
          case $whole$entry in
            no*) umount -l "$root$entry" 2>/dev/null; show "$entry" ;;
            *[[:space:]\\\\#]*) show "$entry" ;;
          esac
        done
      }
      bind() {
        if [ -d "$1" ]; then
          [ -d "$root$2" ] || mkdir -p "$root$2" || fail "$2 cannot be made"
        elif [ ! -e "$root$2" ]; then
          mkdir -p "$root${2%/*}" && : >"$root$2" || fail "$2 cannot be made"
        fi
        mount -o rbind "$1" "$root$2" || fail "$2"
      }
      seal() {
        mount -o remount,bind,ro "$root${1:-/}" || fail "${1:-/} cannot be made read-only"
      }
      while [ "$1" != -- ]; do
        case $1 in
          open) open "$2"; shift 2 ;;
          seal) seal "$2"; shift 2 ;;
          bind) bind "$2" "$3"; shift 3 ;;
        esac
      done
      shift
      old=/.piecework-old
      mkdir "$root$old" && cd "$root" && pivot_root . ".$old" && cd / || fail "no new root"
      umount -l "$old" && rmdir "$old" || fail "the old root stays"
      root=
      seal ""
      if ! cd "$cwd" 2>/dev/null; then
        [ "$how" = if-there ] || { echo "cannot start in $cwd: no such folder" >&2; exit 128; }
        cd /
        [ -z "$PIECEWORK_VARIABLE_PWD" ] || PIECEWORK_VARIABLE_PWD=PWD=/
      fi
      exec "$@"
      """;

  MountNamespace {
    enter = List.copyOf(enter);
    leave = List.copyOf(leave);
  }

  /**
   * What works here.
   *
   * @throws PodRuntimeException when none does; nothing was begun
   */
  static MountNamespace find() throws IOException, InterruptedException, PodRuntimeException {
    Optional<String> unshare = Shell.find("unshare");
    return firstOf(unshare.isEmpty() ? List.of() : candidates(unshare.get()));
  }

  static MountNamespace firstOf(List<MountNamespace> candidates)
      throws IOException, InterruptedException, PodRuntimeException {
    String why = "there is no 'unshare' (package util-linux) on the PATH";
    for (MountNamespace candidate : candidates) {
      why = candidate.probe();
      if (why.isEmpty()) {
        return candidate;
      }
    }
    throw new PodRuntimeException(
        "volumeMounts: volumes cannot be mounted for processes here ("
            + why
            + "); let podman run"
            + " the images with --runtime podman");
  }

  private static List<MountNamespace> candidates(String unshare) throws IOException {
    Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    Object group = Files.getAttribute(Path.of("/proc/self"), "unix:gid");
    List<String> asRoot = List.of(unshare, "--user", "--map-root-user", "--mount");
    if (user.equals(0)) {
      return List.of(
          new MountNamespace(List.of(unshare, "--mount"), List.of()),
          new MountNamespace(asRoot, List.of()));
    }
    List<String> itself =
        List.of(unshare, "--user", "--map-user=" + user, "--map-group=" + group, "--");
    // An old unshare knows no names but root's.
    return List.of(new MountNamespace(asRoot, itself), new MountNamespace(asRoot, List.of()));
  }

  /** Mounts a file where nothing is, and looks. Answers with what is wrong. */
  private String probe() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("piecework-mounts-");
    Path root = Files.createDirectory(folder.resolve("root"));
    Path file = Files.writeString(folder.resolve("file"), "");
    String there = "/" + folder.getFileName() + "/probe";
    List<String> steps = List.of("open", "", "bind", file.toString(), there, "seal", there);
    List<String> look = List.of(Shell.path(), "-c", "test -e " + there);
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command(root, new WorkingFolder(Path.of("/"), true), steps, look))
              .redirectErrorStream(true)
              .redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
      ExactEnvironment.clear(builder);
      Process process = builder.start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      return process.waitFor() == 0
          ? ""
          : said.lines().findFirst().orElse("unshare: exit code " + process.exitValue());
    } finally {
      RunFolder.delete(folder);
    }
  }

  /** Where the command begins; what is not {@code needed} may be hidden by a volume. */
  record WorkingFolder(Path path, boolean needed) {}

  /**
   * The command in a namespace of its own.
   *
   * @param empty a folder of which the command will see nothing
   * @param steps of {@link MountPlan}
   */
  List<String> command(
      Path empty, WorkingFolder working, List<String> steps, List<String> command) {
    String tools =
        System.getenv().getOrDefault("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin:/usr/bin:/bin";
    List<String> all = new ArrayList<>(enter);
    all.addAll(List.of(Shell.path(), "-c", SCRIPT, "pod", tools, empty.toString()));
    all.addAll(List.of(working.needed() ? "needed" : "if-there", working.path().toString()));
    all.addAll(steps);
    all.add("--");
    all.addAll(leave);
    all.addAll(command);
    return all;
  }
}
