package dev.piecework.cli.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Failed attempts, as they are kept with an item. */
class PastAttemptTest {

  @Test
  void pastAttemptsAreRead() {
    assertThat(PastAttempt.parse("1000\t2\tvm\tfailed\texit code 1\nno\ta").sentence(80))
        .isEqualTo("1970-01-01T00:00:01Z attempt 2 on vm failed: exit code 1");
  }
}
