package dev.piecework.internal.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.ItemView.PastAttempt;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Failed attempts, as they are kept with an item. */
class AttemptEvidenceTest {

  @Test
  void pastAttemptsAreRead() {
    String kept =
        "1000\t2\tvm\tfailed\texit code 1\nno\ta\u001e2000\t3\tvm\tlost\u001ecannot be read\u001e";
    assertThat(AttemptEvidence.of(kept.getBytes(UTF_8)).attempts())
        .containsExactly(
            new PastAttempt(Instant.ofEpochSecond(1), "2", "vm", "failed", "exit code 1\nno\ta"),
            new PastAttempt(Instant.ofEpochSecond(2), "3", "vm", "lost", ""),
            new PastAttempt(Instant.EPOCH, "?", "?", "", "cannot be read"));
  }
}
