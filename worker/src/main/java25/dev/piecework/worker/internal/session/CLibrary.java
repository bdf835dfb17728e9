package dev.piecework.worker.internal.session;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The system calls of Linux by glibc, through Java's foreign function interface.
 *
 * <p>All functions are called through one handle, with six words, whatever they take: on x86-64 and
 * arm64 each argument has a register of its own, and a function does not look at those that it does
 * not know. Linking a handle for each kind of function costs a tenth of a second, which a short
 * {@code run} does not have.
 */
@SuppressWarnings("restricted") // each function is called with what its manual page asks for
final class CLibrary implements SystemCalls {

  // spawn.h and bits/waitflags.h of glibc, the same on all machines.
  private static final int POSIX_SPAWN_SETSIGMASK = 0x08;
  private static final int POSIX_SPAWN_SETSID = 0x80;
  private static final int P_PID = 1;
  private static final int WNOHANG = 1;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x0100_0000;

  // fcntl.h, poll.h and sys/mman.h of Linux on x86-64 and arm64.
  private static final int O_RDONLY = 0;
  private static final int O_WRONLY = 1;
  private static final int O_CLOEXEC = 02000000;
  private static final int POLLIN = 1;
  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_NOEXEC_SEAL = 8;
  private static final int SYS_PIDFD_OPEN = 434;

  // siginfo_t of Linux on 64-bit machines.
  private static final long SIGINFO = 128;
  private static final long SI_CODE = 8;
  private static final long SI_PID = 16;
  private static final long SI_STATUS = 24;
  private static final int CLD_EXITED = 1;

  /** More than any glibc has for signals (128), attributes (336) or file actions (80). */
  private static final long OPAQUE = 512;

  private static final Linker LINKER = Linker.nativeLinker();

  private static final MethodHandle CALL =
      LINKER.downcallHandle(
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.captureCallState("errno"));

  private final MemorySegment spawn = find("posix_spawn");
  private final MemorySegment actionsInit = find("posix_spawn_file_actions_init");
  private final MemorySegment actionsOpen = find("posix_spawn_file_actions_addopen");
  private final MemorySegment actionsDup = find("posix_spawn_file_actions_adddup2");
  private final MemorySegment actionsChdir = find("posix_spawn_file_actions_addchdir_np");
  private final MemorySegment actionsCloseFrom = find("posix_spawn_file_actions_addclosefrom_np");
  private final MemorySegment actionsDestroy = find("posix_spawn_file_actions_destroy");
  private final MemorySegment poll = find("poll");
  private final MemorySegment read = find("read");
  private final MemorySegment pwrite = find("pwrite");
  private final MemorySegment pipe2 = find("pipe2");
  private final MemorySegment close = find("close");
  private final MemorySegment memfd = find("memfd_create");
  private final MemorySegment syscall = find("syscall");
  private final MemorySegment waitid = find("waitid");
  private final MemorySegment waitpid = find("waitpid");
  private final MemorySegment kill = find("kill");
  private final MemorySegment getsid = find("getsid");

  private final MemorySegment attributes = Arena.global().allocate(OPAQUE, 16);
  private final MemorySegment nowhere = Arena.global().allocateFrom("/dev/null");
  private final MemorySegment nameless = Arena.global().allocateFrom("piecework");

  /** Of calls whose errno nobody asks for. */
  private final MemorySegment ignored = Arena.global().allocate(Linker.Option.captureStateLayout());

  CLibrary() {
    // Where there is another C library these have other sizes.
    find("gnu_get_libc_version");
    MemorySegment none = Arena.global().allocate(OPAQUE, 16);
    call(find("posix_spawnattr_init"), attributes.address());
    call(find("posix_spawnattr_setsigmask"), attributes.address(), none.address());
    // What the caller ignores stays ignored (nohup); what the JVM catches is the default again.
    call(
        find("posix_spawnattr_setflags"),
        attributes.address(),
        POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
  }

  private static MemorySegment find(String name) {
    return LINKER.defaultLookup().findOrThrow(name);
  }

  private static long call(
      MemorySegment errno, MemorySegment function, long a, long b, long c, long d, long e, long f) {
    try {
      return (long) CALL.invokeExact(function, errno, a, b, c, d, e, f);
    } catch (Throwable never) { // what a handle of a C function is declared to throw
      throw new IllegalStateException(never);
    }
  }

  /** The results of C are ints, the upper half of the word is anything. */
  private int call(MemorySegment function, long a, long b, long c, long d) {
    return (int) call(ignored, function, a, b, c, d, 0, 0);
  }

  private int call(MemorySegment function, long a, long b) {
    return call(function, a, b, 0, 0);
  }

  private int call(MemorySegment function, long a) {
    return call(function, a, 0, 0, 0);
  }

  private int call(MemorySegment errno, MemorySegment function, long a, long b, long c) {
    return (int) call(errno, function, a, b, c, 0, 0, 0);
  }

  private static String why(MemorySegment errno) {
    return Errno.message(errno.get(JAVA_INT, 0));
  }

  @Override
  public Room room(List<byte[]> environment) {
    return new Prepared(environment);
  }

  @Override
  public List<byte[]> environment() {
    MemorySegment variable = find("environ").reinterpret(ADDRESS.byteSize());
    MemorySegment given = variable.get(ADDRESS, 0).reinterpret(Long.MAX_VALUE);
    List<byte[]> all = new ArrayList<>();
    for (long i = 0; given.getAtIndex(JAVA_LONG, i) != 0; i++) {
      MemorySegment one = given.getAtIndex(ADDRESS, i).reinterpret(Long.MAX_VALUE);
      int length = 0;
      while (one.get(JAVA_BYTE, length) != 0) {
        length++;
      }
      byte[] bytes = new byte[length];
      MemorySegment.copy(one, JAVA_BYTE, 0, bytes, 0, length);
      all.add(bytes);
    }
    return all;
  }

  @Override
  public int awaitEnd(int pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(SIGINFO, 8);
      // Interrupted by a signal? Those that the JVM handles restart the call.
      if (call(waitid, P_PID, pid, info.address(), WEXITED | WNOWAIT) != 0) {
        throw new IllegalStateException("process " + pid + " is no child of this one");
      }
      int status = info.get(JAVA_INT, SI_STATUS);
      return info.get(JAVA_INT, SI_CODE) == CLD_EXITED ? status : -status;
    }
  }

  @Override
  public boolean hasEnded(int pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(SIGINFO, 8);
      return call(waitid, P_PID, pid, info.address(), WEXITED | WNOWAIT | WNOHANG) != 0
          || info.get(JAVA_INT, SI_PID) != 0;
    }
  }

  @Override
  public void reap(int pid) {
    call(waitpid, pid, 0, 0, 0);
  }

  @Override
  public void kill(int target, int signal) {
    call(kill, target, signal);
  }

  @Override
  public int session(int pid) {
    return call(getsid, pid);
  }

  @Override
  public int[] pipe() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
      MemorySegment both = arena.allocate(JAVA_INT, 2);
      while (true) {
        if (call(errno, pipe2, both.address(), O_CLOEXEC, 0) != 0) {
          throw new IOException("no pipe: " + why(errno));
        }
        int[] ends = both.toArray(JAVA_INT);
        if (Math.min(ends[0], ends[1]) > 2) {
          return ends;
        }
        // Whoever started us has closed one of the three. Ours would be in the way of a start
        // there; these stay open in its place.
      }
    }
  }

  @Override
  public int handle(int pid) {
    return call(syscall, SYS_PIDFD_OPEN, pid, 0, 0);
  }

  @Override
  public int memory() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
      // A system may allow no others (vm.memfd_noexec=2); Linux before 6.3 does not know the flag.
      int descriptor = call(errno, memfd, nameless.address(), MFD_CLOEXEC | MFD_NOEXEC_SEAL, 0);
      if (descriptor < 0 && errno.get(JAVA_INT, 0) == Errno.EINVAL) {
        descriptor = call(errno, memfd, nameless.address(), MFD_CLOEXEC, 0);
      }
      if (descriptor < 0) {
        throw new IOException("no file in memory: " + why(errno));
      }
      return descriptor;
    }
  }

  @Override
  public void write(int descriptor, byte[] bytes, long offset) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
      MemorySegment text = arena.allocate(Math.max(1, bytes.length));
      MemorySegment.copy(bytes, 0, text, JAVA_BYTE, 0, bytes.length);
      long done = 0;
      while (done < bytes.length) {
        long now =
            call(
                errno,
                pwrite,
                descriptor,
                text.address() + done,
                bytes.length - done,
                offset + done,
                0,
                0);
        if (now <= 0) {
          throw new IOException(why(errno));
        }
        done += now;
      }
    }
  }

  @Override
  public void close(int descriptor) {
    call(close, descriptor);
  }

  private final class Prepared implements Room {
    // Freed when nobody has this any more.
    private final Arena memory = Arena.ofAuto();
    private final MemorySegment errno = memory.allocate(Linker.Option.captureStateLayout());
    private final MemorySegment actions = memory.allocate(OPAQUE, 16);
    private final MemorySegment pid = memory.allocate(JAVA_INT);
    private final MemorySegment polled = memory.allocate(24, 8);
    private final MemorySegment printed = memory.allocate(MOST, 8);
    private final long[] inherited;
    private MemorySegment words = MemorySegment.NULL;
    private long used;
    private byte @Nullable [] folder;

    Prepared(List<byte[]> environment) {
      inherited = new long[environment.size()];
      for (int i = 0; i < inherited.length; i++) {
        byte[] one = environment.get(i);
        MemorySegment text = memory.allocate(one.length + 1L);
        MemorySegment.copy(one, 0, text, JAVA_BYTE, 0, one.length);
        inherited[i] = text.address();
      }
    }

    @Override
    public void in(byte @Nullable [] where) {
      folder = where;
    }

    @Override
    public int start(List<byte[]> arguments, List<byte[]> variables, int... streams) {
      call(actionsInit, actions.address());
      try {
        for (int i = 0; i < 3; i++) {
          if (streams[i] < 0) {
            int mode = i == 0 ? O_RDONLY : O_WRONLY;
            call(errno, actionsOpen, actions.address(), i, nowhere.address(), mode, 0, 0);
          } else {
            call(actionsDup, actions.address(), streams[i], i, 0);
          }
        }
        call(actionsCloseFrom, actions.address(), 3);
        long envp = fill(arguments, variables);
        if (folder != null) {
          call(actionsChdir, actions.address(), text(folder));
        }
        int failed =
            (int)
                call(
                    errno,
                    spawn,
                    pid.address(),
                    words.get(JAVA_LONG, 0),
                    actions.address(),
                    attributes.address(),
                    words.address(),
                    words.address() + envp);
        return failed == 0 ? pid.get(JAVA_INT, 0) : -failed;
      } finally {
        call(actionsDestroy, actions.address());
      }
    }

    /** Arguments and variables as C has them, the former first; answers where the latter begin. */
    private long fill(List<byte[]> arguments, List<byte[]> variables) {
      long needed = 8L * (arguments.size() + variables.size() + inherited.length + 2);
      for (List<byte[]> some : List.of(arguments, variables)) {
        for (byte[] one : some) {
          needed += one.length + 1;
        }
      }
      needed += folder == null ? 0 : folder.length + 1;
      if (needed > words.byteSize()) {
        words = Arena.ofAuto().allocate(Math.max(2 * needed, 1 << 12), 8);
      }
      long envp = 8L * (arguments.size() + 1);
      used = envp + 8L * (variables.size() + inherited.length + 1);
      long at = 0;
      for (byte[] one : arguments) {
        words.set(JAVA_LONG, at, text(one));
        at += 8;
      }
      words.set(JAVA_LONG, at, 0);
      at = envp;
      for (byte[] one : variables) {
        words.set(JAVA_LONG, at, text(one));
        at += 8;
      }
      for (long one : inherited) {
        words.set(JAVA_LONG, at, one);
        at += 8;
      }
      words.set(JAVA_LONG, at, 0);
      return envp;
    }

    private long text(byte[] bytes) {
      long begin = used;
      MemorySegment.copy(bytes, 0, words, JAVA_BYTE, begin, bytes.length);
      words.set(JAVA_BYTE, begin + bytes.length, (byte) 0);
      used += bytes.length + 1;
      return words.address() + begin;
    }

    @Override
    public int await(int millis, int first, int second, int third) {
      int[] all = {first, second, third};
      for (int i = 0; i < 3; i++) {
        polled.set(JAVA_INT, 8L * i, all[i]);
        polled.set(JAVA_SHORT, 8L * i + 4, (short) POLLIN);
        polled.set(JAVA_SHORT, 8L * i + 6, (short) 0);
      }
      // A signal to the JVM ends it early, with nothing ready; the caller asks again.
      call(poll, polled.address(), 3, millis, 0);
      int ready = 0;
      for (int i = 0; i < 3; i++) {
        ready |= polled.get(JAVA_SHORT, 8L * i + 6) == 0 ? 0 : 1 << i;
      }
      return ready;
    }

    @Override
    public int read(int descriptor, byte[] into) {
      int length = call(errno, read, descriptor, printed.address(), MOST);
      if (length < 0) {
        throw new IllegalStateException("reading a pipe: " + why(errno));
      }
      MemorySegment.copy(printed, JAVA_BYTE, 0, into, 0, length);
      return length;
    }
  }
}
