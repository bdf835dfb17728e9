package dev.piecework.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class ReplyScannerTest {

  @Test
  void repliesBeginWhereTheOneBeforeEnds() {
    assertThat(beginnings("+OK\r\n$3\r\na\nb\r\n*2\r\n:1\r\n$-1\r\n-ERR\r\n")).isEqualTo("+$*-");
  }

  /** A connection of which the scanner made an error would have gone silent, without a word. */
  @Test
  void encryptedBytesAreNoError() {
    assertThatCode(() -> beginnings("$\u00fe\u0001\n*99999999999999999999\n%x\n\n"))
        .doesNotThrowAnyException();
  }

  private static String beginnings(String stream) {
    ReplyScanner scanner = new ReplyScanner();
    StringBuilder first = new StringBuilder();
    for (byte b : stream.getBytes(ISO_8859_1)) {
      if (scanner.begins(b)) {
        first.append((char) b);
      }
    }
    return first.toString();
  }
}
