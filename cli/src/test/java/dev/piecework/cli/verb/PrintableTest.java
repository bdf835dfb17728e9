package dev.piecework.cli.verb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What of foreign bytes may be shown on a terminal. */
class PrintableTest {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void bytesThatMayHarmATerminalAreMadeVisible() {
    assertThat(Printable.line(bytes("a\u001b[2J\r\n\tb\\"), 80))
        .isEqualTo("a\\x1b[2J\\r\\n\\tb\\\\");
    assertThat(Printable.line(new byte[] {'a', (byte) 0xff, (byte) 0xc3, 'b'}, 80))
        .isEqualTo("a\\xff\\xc3b");
    assertThat(Printable.line(bytes("\u202eü€😀\u0085"), 80)).isEqualTo("\\u{202e}ü€😀\\u{85}");
    assertThat(Printable.line(bytes("x".repeat(1000)), 10)).isEqualTo("xxxxxxxxx…");
    assertThat(Printable.line(bytes("ü€".repeat(1000)), 10))
        .hasSizeLessThanOrEqualTo(10)
        .endsWith("…");
  }
}
