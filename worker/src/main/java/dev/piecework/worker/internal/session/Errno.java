package dev.piecework.worker.internal.session;

/** Why Linux did not do something; the numbers are the same on x86-64 and arm64. */
public final class Errno {
  public static final int ENOENT = 2;
  public static final int E2BIG = 7;
  public static final int ENOEXEC = 8;
  static final int EAGAIN = 11;
  static final int ENOMEM = 12;
  static final int EACCES = 13;
  static final int EINVAL = 22;
  static final int ENFILE = 23;
  static final int EMFILE = 24;
  static final int ETXTBSY = 26;
  static final int ENOSPC = 28;
  static final int EDQUOT = 122;

  private static final int EINTR = 4;
  private static final int EIO = 5;
  private static final int EBUSY = 16;

  private Errno() {}

  /** As programs say it. */
  public static String message(int errno) {
    return switch (errno) {
      case ENOENT -> "No such file or directory";
      case EACCES -> "Permission denied";
      case ENOEXEC -> "Exec format error";
      case E2BIG -> "Argument list too long";
      case EAGAIN -> "Resource temporarily unavailable (too many processes: ulimit -u)";
      case ENOMEM -> "Cannot allocate memory";
      case ENFILE -> "Too many open files in system";
      case EMFILE -> "Too many open files (ulimit -n)";
      case ETXTBSY -> "Text file busy";
      case ENOSPC -> "No space left on device";
      case EDQUOT -> "Disk quota exceeded";
      default -> "error " + errno + " of the system";
    };
  }

  /** Whether a start that failed so may do a moment later, without anybody's doing. */
  public static boolean passes(int errno) {
    return switch (errno) {
      case EAGAIN, ENOMEM, ENFILE, EMFILE, ETXTBSY, ENOSPC, EDQUOT, EINTR, EIO, EBUSY -> true;
      default -> false;
    };
  }
}
