package dev.piecework.cli.input;

import dev.piecework.FillOptions;
import dev.piecework.amqp.BrokerUri;
import dev.piecework.cli.verb.Refusal;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code --from} says: a file, or standard input; or what is behind {@code :::}.
 *
 * @param file its real path, or null for standard input
 * @param stream whether it can be read only once: standard input, a pipe
 * @param grid what is read instead of a file or standard input, or null
 */
public record Input(@Nullable Path file, boolean stream, @Nullable Grid grid) {

  private static final Pattern URL = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]{0,20})://");

  private Input(@Nullable Path file, boolean stream) {
    this(file, stream, null);
  }

  /**
   * Looks before anything is filled.
   *
   * @param from a file's name, or - or null for standard input
   */
  public static Input of(@Nullable String from) {
    if (from == null || from.equals("-")) {
      return new Input(null, true);
    }
    if (BrokerUri.isOne(from)) {
      throw Refusal.usage(
          "--from: from RabbitMQ goes: piecework fill QUEUE --from amqp://..., and then: piecework work QUEUE");
    }
    Path path = Path.of(from);
    Matcher url = URL.matcher(from);
    if (url.lookingAt() && !Files.exists(path)) {
      // Not more of it: there may be a password.
      throw Refusal.usage(
          "--from: is a file, - or amqp[s]://HOST[/VHOST]/QUEUE (with fill), and no "
              + url.group(1)
              + "://");
    }
    if (Files.isDirectory(path)) {
      throw Refusal.usage(
          "--from: "
              + from
              + " is a folder; give a file with one item per line"
              + " (find "
              + from
              + " -type f | piecework ... --from -)");
    }
    if (!Files.exists(path)) {
      throw Refusal.usage("--from: there is no file " + from);
    }
    if (!Files.isReadable(path)) {
      throw Refusal.usage("--from: " + from + " cannot be read");
    }
    try {
      // A pipe has no name that means the same input the next time.
      return Files.isRegularFile(path)
          ? new Input(path.toRealPath(), false)
          : new Input(path.toAbsolutePath(), true);
    } catch (IOException unreadable) {
      throw Refusal.usage("--from: " + from + ": " + unreadable.getMessage(), unreadable);
    }
  }

  /** The name of the source that this input is, unless a person gives one. */
  public String source() {
    return grid != null ? grid.name() : file == null ? "stdin" : file.toString();
  }

  /** Under the name given, or this input's own, under which only a broken fill is continued. */
  public FillOptions options(@Nullable String as, boolean unique, boolean hold) {
    return new FillOptions(as == null ? source() : as, as == null, unique, hold);
  }

  public InputStream open() throws IOException {
    if (grid != null) {
      return grid.open();
    }
    return file == null ? new FileInputStream(FileDescriptor.in) : Files.newInputStream(file);
  }
}
