package dev.piecework.worker.process;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Payloads that break careless code. */
final class Payloads {
  private Payloads() {}

  /** Those that an argument can carry. */
  static List<byte[]> forArguments() {
    List<byte[]> all = new ArrayList<>();
    for (String text :
        List.of(
            "",
            " ",
            "plain",
            "two\nlines",
            "ends with newline\n",
            "\n\n",
            "'",
            "it's",
            "''''",
            "\"double\"",
            "`touch /tmp/piecework-was-here`",
            "$(touch /tmp/piecework-was-here)",
            "${HOME} $1 $@ $$",
            "; touch /tmp/piecework-was-here &",
            "-n",
            "--help",
            "-",
            "\\n\\\\ \\",
            "tab\tcr\r\u0001\u007f",
            "{} {id} {attempt}",
            "* ? [a-z] ~",
            "äöü € 漢字 \uD83D\uDE00",
            "x".repeat(131_071))) {
      all.add(text.getBytes(StandardCharsets.UTF_8));
    }
    byte[] every = new byte[255];
    for (int i = 0; i < 255; i++) {
      every[i] = (byte) (i + 1);
    }
    all.add(every);
    all.add(new byte[] {(byte) 0xff, (byte) 0xfe, (byte) 0xc3});
    all.add(new byte[] {(byte) 0x81, (byte) 0x82, (byte) 0x88, '\''});
    return all;
  }

  /** Those and what only standard input can carry. */
  static List<byte[]> forStdin() {
    List<byte[]> all = new ArrayList<>(forArguments());
    all.add(new byte[] {0});
    all.add(new byte[] {'a', 0, 'b', 0});
    byte[] large = new byte[1 << 20];
    new java.util.Random(7).nextBytes(large);
    all.add(large);
    return all;
  }
}
