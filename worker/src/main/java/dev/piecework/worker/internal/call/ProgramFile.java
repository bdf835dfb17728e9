package dev.piecework.worker.internal.call;

import dev.piecework.worker.internal.session.Errno;
import dev.piecework.worker.internal.session.NotStartedException;
import dev.piecework.worker.internal.session.SystemText;
import dev.piecework.worker.process.CommandUnusableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The file of a program that the system did not start: what else may be done, and what to say. */
public final class ProgramFile {
  private ProgramFile() {}

  /**
   * As execvp has it, and all shells: a script without a first line is one for sh.
   *
   * @param errno why the command was not started
   * @return the command to start instead
   */
  public static Optional<List<byte[]>> asScript(List<byte[]> command, int errno) {
    if (errno != Errno.ENOEXEC || !isText(path(command))) {
      return Optional.empty();
    }
    List<byte[]> script = new ArrayList<>(command);
    script.addFirst(SystemText.bytes("/bin/sh"));
    return Optional.of(script);
  }

  /**
   * Of a command that was not started.
   *
   * @throws NotStartedException when it may be a moment later
   * @throws CommandUnusableException when not
   */
  public static void refuse(List<byte[]> command, int errno)
      throws NotStartedException, CommandUnusableException {
    String name = path(command);
    String why = name + ": " + Errno.message(errno);
    if (Errno.passes(errno)) {
      throw new NotStartedException(why);
    }
    boolean there = errno == Errno.ENOENT && Files.exists(Path.of(name));
    throw new CommandUnusableException(
        why + (there ? ": the interpreter that its first line names is not there" : ""));
  }

  private static String path(List<byte[]> command) {
    return new String(command.getFirst(), StandardCharsets.UTF_8);
  }

  private static boolean isText(String path) {
    try (InputStream in = Files.newInputStream(Path.of(path))) {
      return CallBuilder.indexOf(in.readNBytes(80), (byte) 0) < 0;
    } catch (IOException e) {
      return false;
    }
  }
}
