package dev.piecework.cli.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.cli.verb.Refusal;
import dev.piecework.journal.FailureGroup;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupChoiceTest {

  private static FailureGroup group(String id) {
    return new FailureGroup(
        id, "bad\u001b " + id, 1, 1, Instant.EPOCH, Instant.EPOCH, Map.of(), "1", "");
  }

  private static final List<FailureGroup> GROUPS =
      List.of(group("3fa12c"), group("3fb000"), group("77aa01"));

  @Test
  void aBeginningThatOnlyOneHasWillDo() {
    assertThat(GroupChoice.of("q", GROUPS, "3fa12c").id()).isEqualTo("3fa12c");
    assertThat(GroupChoice.of("q", GROUPS, "7").id()).isEqualTo("77aa01");
    assertThat(GroupChoice.of("q", GROUPS, "3FB").id()).isEqualTo("3fb000");
  }

  @Test
  void elseWhatThereIsIsNamedInOneLine() {
    refuses(
        GROUPS, "3f", "'3f' is the beginning of 2 failure groups: 3fa12c (bad\\x1b 3fa12c), 3fb");
    refuses(GROUPS, "9", "has no failure group '9'; there are 3fa12c (bad");
    refuses(GROUPS, "3fa12c0", "has no failure group '3fa12c0'");
    refuses(GROUPS, "", "--group ''");
    refuses(List.of(), "3f", "no failure groups");
    List<FailureGroup> many = IntStream.range(0, 9).mapToObj(i -> group("a0000" + i)).toList();
    refuses(many, "b", ", and 4 more");
  }

  private static void refuses(List<FailureGroup> groups, String typed, String said) {
    assertThatThrownBy(() -> GroupChoice.of("q", groups, typed))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(said)
        .hasMessageNotContaining("\n");
  }
}
