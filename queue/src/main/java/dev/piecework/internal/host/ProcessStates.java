package dev.piecework.internal.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether a process is dead, by {@code /proc}. A {@link ProcessHandle} takes one for alive that has
 * ended and that its parent has not waited for (a zombie, which it may stay for good), and one for
 * dead that this user may not see ({@code /proc} mounted with {@code hidepid}).
 *
 * @param proc the folder
 */
public record ProcessStates(Path proc) {

  public static final ProcessStates HERE = new ProcessStates(Path.of("/proc"));

  public boolean isDead(long pid) {
    if (!Files.isDirectory(proc)) {
      return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty();
    }
    Path process = proc.resolve(Long.toString(pid));
    try {
      String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
      // pid (name) state ...; the name may hold anything, also ") ".
      char state = stat.charAt(stat.lastIndexOf(')') + 2);
      return state == 'Z' || state == 'X';
    } catch (IOException | RuntimeException unreadable) {
      return seesThoseOfOthers() && Files.notExists(process);
    }
  }

  /** Process 1 is always there; whoever may not read of it may not see others either. */
  private boolean seesThoseOfOthers() {
    return Files.isReadable(proc.resolve("1/stat"));
  }
}
