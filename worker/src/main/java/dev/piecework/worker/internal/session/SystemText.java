package dev.piecework.worker.internal.session;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Arguments and variables, as the system takes them. */
public final class SystemText {

  /** They came from the system in this encoding and go back in it, so that no byte changes. */
  private static final Charset NATIVE =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"), StandardCharsets.UTF_8);

  private SystemText() {}

  public static byte[] bytes(String text) {
    return text.getBytes(NATIVE);
  }
}
