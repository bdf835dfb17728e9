package dev.piecework.worker.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The system calls of Linux by glibc, through Java's foreign function interface. */
@SuppressWarnings("restricted") // each function is called with what its manual page asks for
final class CLibrary implements SystemCalls {

  // spawn.h and bits/waitflags.h of glibc, the same on all machines.
  private static final int POSIX_SPAWN_SETSIGDEF = 0x04;
  private static final int POSIX_SPAWN_SETSIGMASK = 0x08;
  private static final int POSIX_SPAWN_SETSID = 0x80;
  private static final int P_PID = 1;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x0100_0000;

  // fcntl.h of Linux on x86-64 and arm64.
  private static final int O_RDONLY = 0;
  private static final int O_WRONLY = 1;
  private static final int O_CREAT = 0100;
  private static final int O_APPEND = 02000;
  private static final int O_CLOEXEC = 02000000;

  // siginfo_t of Linux on 64-bit machines.
  private static final long SIGINFO = 128;
  private static final long SI_CODE = 8;
  private static final long SI_STATUS = 24;
  private static final int CLD_EXITED = 1;

  /**
   * More than any glibc takes for a set of signals (128), attributes (336) or file actions (80).
   */
  private static final long OPAQUE = 512;

  private static final Linker LINKER = Linker.nativeLinker();

  private final MethodHandle spawn =
      ints("posix_spawn", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  private final MethodHandle waitid = ints("waitid", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private final MethodHandle waitpid = ints("waitpid", JAVA_INT, ADDRESS, JAVA_INT);
  private final MethodHandle kill = ints("kill", JAVA_INT, JAVA_INT);
  private final MethodHandle open =
      ints("posix_spawn_file_actions_addopen", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private final MethodHandle init = ints("posix_spawn_file_actions_init", ADDRESS);
  private final MethodHandle closeFrom =
      ints("posix_spawn_file_actions_addclosefrom_np", ADDRESS, JAVA_INT);
  private final MethodHandle destroy = ints("posix_spawn_file_actions_destroy", ADDRESS);
  private final MemorySegment attributes = Arena.global().allocate(OPAQUE, 16);
  private final MemorySegment environment =
      LINKER.defaultLookup().findOrThrow("environ").reinterpret(ADDRESS.byteSize());

  CLibrary() {
    // Where there is another C library these have other sizes.
    LINKER.defaultLookup().findOrThrow("gnu_get_libc_version");
    MemorySegment all = Arena.global().allocate(OPAQUE, 16);
    MemorySegment none = Arena.global().allocate(OPAQUE, 16);
    call(ints("sigfillset", ADDRESS), all);
    call(ints("posix_spawnattr_init", ADDRESS), attributes);
    call(ints("posix_spawnattr_setsigdefault", ADDRESS, ADDRESS), attributes, all);
    call(ints("posix_spawnattr_setsigmask", ADDRESS, ADDRESS), attributes, none);
    // A short, which arrives as an int does.
    call(
        ints("posix_spawnattr_setflags", ADDRESS, JAVA_INT),
        attributes,
        POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
  }

  private static MethodHandle ints(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
  }

  private static int call(MethodHandle function, MemorySegment one) {
    try {
      return (int) function.invokeExact(one);
    } catch (Throwable never) { // what a handle of a C function is declared to throw
      throw new IllegalStateException(never);
    }
  }

  private static int call(MethodHandle function, MemorySegment one, MemorySegment two) {
    try {
      return (int) function.invokeExact(one, two);
    } catch (Throwable never) {
      throw new IllegalStateException(never);
    }
  }

  private static int call(MethodHandle function, MemorySegment one, int two) {
    try {
      return (int) function.invokeExact(one, two);
    } catch (Throwable never) {
      throw new IllegalStateException(never);
    }
  }

  @Override
  public Launcher launcher(String in, String out, String err, List<String> names) {
    return new Prepared(in, out, err, names);
  }

  @Override
  public int awaitEnd(int pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(SIGINFO, 8);
      // Interrupted by a signal? Those that the JVM handles restart the call.
      if ((int) waitid.invokeExact(P_PID, pid, info, WEXITED | WNOWAIT) != 0) {
        throw new IllegalStateException("process " + pid + " is no child of this one");
      }
      int status = info.get(JAVA_INT, SI_STATUS);
      return info.get(JAVA_INT, SI_CODE) == CLD_EXITED ? status : 128 + status;
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable never) {
      throw new IllegalStateException(never);
    }
  }

  @Override
  public void reap(int pid) {
    try {
      int _ = (int) waitpid.invokeExact(pid, MemorySegment.NULL, 0);
    } catch (Throwable never) {
      throw new IllegalStateException(never);
    }
  }

  @Override
  public void kill(int target, int signal) {
    try {
      int _ = (int) kill.invokeExact(target, signal);
    } catch (Throwable never) {
      throw new IllegalStateException(never);
    }
  }

  @Override
  public int[] pipe() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment both = arena.allocate(JAVA_INT, 2);
      if (call(ints("pipe2", ADDRESS, JAVA_INT), both, O_CLOEXEC) != 0) {
        throw new IOException("the system gives no pipe: too many files are open");
      }
      return both.toArray(JAVA_INT);
    }
  }

  @Override
  public void close(int descriptor) {
    try {
      int _ = (int) ints("close", JAVA_INT).invokeExact(descriptor);
    } catch (Throwable never) {
      throw new IllegalStateException(never);
    }
  }

  private final class Prepared implements Launcher {
    // Freed when nobody has this any more.
    private final Arena memory = Arena.ofAuto();
    private final MemorySegment actions = memory.allocate(OPAQUE, 16);
    private final MemorySegment pid = memory.allocate(JAVA_INT);
    private final List<MemorySegment> inherited;
    private MemorySegment room = MemorySegment.NULL;
    private long used;

    Prepared(String in, String out, String err, List<String> names) {
      call(init, actions);
      add(0, in, O_RDONLY);
      add(1, out, O_WRONLY | O_CREAT | O_APPEND);
      add(2, err, O_WRONLY | O_CREAT | O_APPEND);
      call(closeFrom, actions, 3);
      inherited = inherited(names);
    }

    /** As bytes of the system, so that nothing is lost that is no text; but for these names. */
    private List<MemorySegment> inherited(List<String> names) {
      List<MemorySegment> all = new ArrayList<>();
      MemorySegment given = environment.get(ADDRESS, 0).reinterpret(Long.MAX_VALUE);
      for (long i = 0; given.getAtIndex(JAVA_LONG, i) != 0; i++) {
        MemorySegment one = given.getAtIndex(ADDRESS, i);
        String text = one.reinterpret(Long.MAX_VALUE).getString(0, StandardCharsets.ISO_8859_1);
        if (names.stream().noneMatch(name -> text.startsWith(name + "="))) {
          all.add(one);
        }
      }
      return all;
    }

    private void add(int descriptor, String path, int flags) {
      try {
        int _ = (int) open.invokeExact(actions, descriptor, memory.allocateFrom(path), flags, 0600);
      } catch (Throwable never) {
        throw new IllegalStateException(never);
      }
    }

    @Override
    public int start(List<byte[]> arguments, List<byte[]> variables) {
      long needed = 8L * (arguments.size() + variables.size() + inherited.size() + 2);
      for (byte[] one : arguments) {
        needed += one.length + 1;
      }
      for (byte[] one : variables) {
        needed += one.length + 1;
      }
      if (needed > room.byteSize()) {
        room = Arena.ofAuto().allocate(Math.max(2 * needed, 1 << 14), 8);
      }
      long argv = 0;
      long envp = 8L * (arguments.size() + 1);
      used = envp + 8L * (variables.size() + inherited.size() + 1);
      long at = argv;
      for (byte[] one : arguments) {
        room.set(JAVA_LONG, at, text(one));
        at += 8;
      }
      room.set(JAVA_LONG, at, 0);
      at = envp;
      for (byte[] one : variables) {
        room.set(JAVA_LONG, at, text(one));
        at += 8;
      }
      for (MemorySegment one : inherited) {
        room.set(JAVA_LONG, at, one.address());
        at += 8;
      }
      room.set(JAVA_LONG, at, 0);
      try {
        int failed =
            (int)
                spawn.invokeExact(
                    pid,
                    MemorySegment.ofAddress(room.get(JAVA_LONG, 0)),
                    actions,
                    attributes,
                    room,
                    room.asSlice(envp));
        return failed == 0 ? pid.get(JAVA_INT, 0) : -failed;
      } catch (Throwable never) {
        throw new IllegalStateException(never);
      }
    }

    private long text(byte[] bytes) {
      long begin = used;
      MemorySegment.copy(bytes, 0, room, JAVA_BYTE, begin, bytes.length);
      room.set(JAVA_BYTE, begin + bytes.length, (byte) 0);
      used += bytes.length + 1;
      return room.address() + begin;
    }

    @Override
    public void close() {
      call(destroy, actions);
    }
  }
}
