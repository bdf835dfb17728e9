package dev.piecework.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureCauseTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      textBlock =
          """
          bad 17 | bad N
          cannot open '/data/in/17.jpg' | cannot open Q
          cannot open /data/in/17.jpg: No such file or directory | cannot open P: No such file or directory
          cannot open "my file.txt" | cannot open Q
          it's what it's | it's what it's
          GET https://example.org/a/17?x=1 returned 503 | GET P returned N
          job 123e4567-e89b-12d3-a456-426614174000 is gone | job U is gone
          at 2026-11-27T14:05:09.123Z the disk was full | at T the disk was full
          2026-11-27 14:05:09 ERROR no space | T ERROR no space
          connect to 10.1.2.3:6379 refused | connect to A refused
          connect to [fe80:0:0:0:1:2:3:4]:80 refused | connect to A refused
          mail to jane.doe@example.org bounced | mail to A bounced
          segfault at 0x7ffe1234 in worker | segfault at H in worker
          object Foo@1b6d3586 not found | object FooH not found
          commit 3f2a9c81d0 unknown | commit H unknown
          took -3.5e10 of 1,234.5 s | took N of N s
          chunk17of99 | chunkNofN
          java.lang.IllegalStateException: row 12 | java.lang.IllegalStateException: row N
          """)
  void whatDiffersIsReplaced(String message, String cause) {
    assertThat(FailureCause.of(message)).isEqualTo(cause);
  }

  @Test
  void theExitCodeStaysAndTheFirstLineOfTheCommandFollows() {
    assertThat(FailureCause.of("exit code 3\n\n  bad 17\nmore")).isEqualTo("exit code 3, bad N");
    assertThat(FailureCause.of("exit code 137 (SIGKILL)")).isEqualTo("exit code 137 (SIGKILL)");
    assertThat(FailureCause.of("timeout: not done within 3.0 s; ended\nstill at 9"))
        .isEqualTo("timeout, still at N");
  }

  /** A handler of a user may say it in our words, and goes on in the same line. */
  @Test
  void whatFollowsAnExitCodeInItsLineIsNoPartOfIt() {
    assertThat(FailureCause.of("exit code 3: bad row 17 of /data/a.csv"))
        .isEqualTo("exit code 3: bad row N of P");
    assertThat(FailureCause.of("exit code 3: row 17\nbad 9"))
        .isEqualTo("exit code 3: row N, bad N");
    assertThat(FailureCause.of("timeout: no answer of 10.1.2.3 for 17 s"))
        .isEqualTo("timeout: no answer of A for N s");
    assertThat(FailureCause.of("timeout: not done within 3.0 s; ended"))
        .isEqualTo("timeout: not done within 3.0 s; ended");
  }

  @Test
  void ofPythonTheLastLineSaysWhatIsWrong() {
    String trace =
        """
        Traceback (most recent call last):
          File "a.py", line 1, in <module>
            f(9)
        ValueError: bad row 9
        """;
    assertThat(FailureCause.of("exit code 1\n" + trace))
        .isEqualTo("exit code 1, ValueError: bad row N");
    assertThat(FailureCause.of(trace)).isEqualTo("ValueError: bad row N");
  }

  @Test
  void itIsOneLineOfAtMost160CharactersAndNeverEmpty() {
    assertThat(FailureCause.of(" \n\t\n")).isEqualTo("no reason given");
    assertThat(FailureCause.of("")).isEqualTo("no reason given");
    assertThat(FailureCause.of("x ".repeat(5_000))).hasSizeLessThanOrEqualTo(160);
    assertThat(FailureCause.of("a\tb\u001bc")).isEqualTo("a b c");
  }

  @Test
  void aLongMessageWithoutEndIsNotReadToItsEnd() {
    assertThat(FailureCause.of("'".repeat(1 << 20))).isNotEmpty();
    assertThat(FailureCause.of("1:".repeat(1 << 19))).isNotEmpty();
    assertThat(FailureCause.of("a.b@".repeat(1 << 18))).isNotEmpty();
  }
}
