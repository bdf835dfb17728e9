package dev.piecework.worker.internal.child;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testkit.Fuzz;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever a child writes is an answer or it is not; it never ends the worker. */
class ChildProtocolFuzzTest {

  private static final List<String> ANSWERS =
      List.of(
          "{\"id\":\"7\",\"result\":\"144\"}\n",
          "{\"id\":\"8\",\"bury\":\"not a number\"}\n{\"id\":\"9\",\"error\":\"no\"}\n",
          "{\"id\":\"x\",\"resultBase64\":\"AAECAw==\"}\n",
          "{\"id\":\"x\",\"result\":{\"a\":[1,2.5e3,true,null,\"\\u00e9\\ud83d\\ude00\"]}}\n",
          "warming up\n\n{\"id\":null}\n");

  @Test
  void anyBytesAreReadToTheirEnd() {
    new Fuzz("the child protocol", ANSWERS)
        .feed(input -> {
          InputStream slowly =
              new ByteArrayInputStream(input) {
                @Override
                public synchronized int read(byte[] bytes, int at, int length) {
                  return super.read(bytes, at, Math.min(length, 7));
                }
              };
          LineReader lines = new LineReader(slowly, 4_000, () -> {});
          int read = 0;
          while (lines.next()) {
            read += lines.length() + 1;
            Answer.parse(lines.buffer(), lines.begin(), lines.end())
                .ifPresent(answer -> assertThat(answer.id()).isNotNull());
          }
          assertThat(read).isLessThanOrEqualTo(input.length);
          assertThat(lines.length()).isLessThanOrEqualTo(4_100);
        });
  }
}
