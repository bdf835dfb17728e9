package dev.piecework.cli.verb;

import dev.piecework.embedded.RedisBinary;
import dev.piecework.embedded.RedisServerException;
import java.util.Map;

/** Of this program, and of what it runs on. */
public final class Version {

  private Version() {}

  public static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "(development)" : version;
  }

  /** The commit it was built from, or that this is not known. */
  public static String commit() {
    String commit = System.getProperty("piecework.commit", "");
    return commit.isEmpty() ? "unknown" : commit;
  }

  /** The Java that this runs on. */
  public static String java() {
    return Runtime.version() + " (" + System.getProperty("java.home") + ")";
  }

  /** The Redis that would be started here. */
  public static String redis(Map<String, String> environment) {
    try {
      return RedisBinary.described(environment);
    } catch (RedisServerException none) {
      return "none: " + Printable.line(String.valueOf(none.getMessage()), 300);
    }
  }

  /** What {@code piecework --version} prints; scripts read the first line. */
  public static String facts(Map<String, String> environment) {
    return "piecework "
        + text()
        + "\ncommit "
        + commit()
        + "\nJava "
        + java()
        + "\nRedis "
        + redis(environment);
  }
}
