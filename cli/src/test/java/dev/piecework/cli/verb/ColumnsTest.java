package dev.piecework.cli.verb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ColumnsTest {

  @Test
  void wideLettersTakeTwoAndMarksNone() {
    assertThat(Columns.of("abc")).isEqualTo(3);
    assertThat(Columns.of("機械")).isEqualTo(4);
    assertThat(Columns.of("e\u0301")).isEqualTo(1);
    assertThat(Columns.of("🙂")).isEqualTo(2);
    assertThat(Columns.of("ｶ")).isEqualTo(1);
  }

  @Test
  void whatDoesNotFitIsCutAndThatIsShown() {
    assertThat(Columns.cut("abcdef", 6)).isEqualTo("abcdef");
    assertThat(Columns.cut("abcdefg", 6)).isEqualTo("abcde…");
    assertThat(Columns.cut("機械機械", 6)).isEqualTo("機械…");
    assertThat(Columns.cut("機械機械", 8)).isEqualTo("機械機械");
    assertThat(Columns.cut("abc", 1)).isEqualTo("…");
    assertThat(Columns.cut("abc", 0)).isEmpty();
  }
}
