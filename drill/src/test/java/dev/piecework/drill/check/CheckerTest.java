package dev.piecework.drill.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.drill.history.History;
import dev.piecework.drill.history.Operation;
import dev.piecework.drill.history.Operation.Answer;
import dev.piecework.drill.history.Operation.Moment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The checker on histories written by hand; on those of real scripts: {@code PlantedBugsTest}. */
final class CheckerTest {

  private static final List<String> STEP =
      List.of(
          "now",
          "session",
          "run",
          "holds",
          "want",
          "room",
          "count",
          "cameback",
          "resultbytes",
          "hollow");

  private final List<Operation> operations = new ArrayList<>();

  private void called(
      String script, List<String> names, List<@Nullable Object> arguments, Answer answer) {
    long now = 10L * operations.size();
    long ended = answer instanceof Answer.Unknown ? Long.MAX_VALUE : now + 5;
    operations.add(
        new Operation("worker", script, names, arguments, new Moment(now, ended), answer));
  }

  private static Answer ok(@Nullable Object... parts) {
    List<@Nullable Object> all = new ArrayList<>(List.of("OK"));
    all.addAll(Arrays.asList(parts));
    return new Answer.Replied(all);
  }

  /** An item is leased and completed, that reply is lost, and no result is there at the end. */
  private List<Violation> withALostReply(String hollow) {
    called(
        "step",
        STEP,
        List.of("", "s", "r", "0", "1", "1048576", "0", "0", "", "1"),
        ok(0L, 5L, 1L, List.of("apple"), List.of(), 0L, 0L, 0L, 0L));
    called(
        "step",
        STEP,
        List.of("", "s", "r", "1", "0", "1048576", "1", "0", "58", hollow, "1", "entry"),
        new Answer.Unknown("killed"));
    called("recover", List.of("now", "session"), List.of("", "s"), ok(5L, 6L, List.of()));
    called("read_results", List.of("after", "max"), List.of("0", "100"), ok(0L, List.of()));
    return Checker.check(new History(operations, List.of())).violations().stream()
        .filter(violation -> violation.promise() == Promise.RESULTS)
        .toList();
  }

  /** Joins, is reaped, perhaps joins again as its first reply was lost, and completes an item. */
  private List<Violation> reaped(boolean joinsAgain) {
    Answer joined = ok("r", "5", 1000L, 0L);
    List<@Nullable Object> join = List.of("", "s", "worker");
    List<String> names = List.of("now", "session", "registration");
    called("enlist", names, join, joinsAgain ? new Answer.Unknown("reset") : joined);
    called(
        "reclaim",
        List.of("now", "session", "force", "who"),
        List.of("", "s", "0", "s"),
        ok(0L, List.of(), 0L));
    if (joinsAgain) {
      called("enlist", names, join, joined);
    }
    called(
        "step",
        STEP,
        List.of("", "s", "r", "0", "1", "1048576", "0", "0", "", "1"),
        ok(0L, 5L, 1L, List.of("apple"), List.of(), 0L, 0L, 0L, 0L));
    called(
        "step",
        STEP,
        List.of("", "s", "r", "1", "0", "1048576", "1", "0", "58", "0", "1", "entry"),
        ok(5L, 6L, 1L, List.of(), List.of(), 0L, 0L, 0L, 0L));
    return Checker.check(new History(operations, List.of())).violations().stream()
        .filter(violation -> violation.promise() == Promise.FENCED)
        .toList();
  }

  @Test
  void whoWasReapedMayNotComplete() {
    assertThat(reaped(false)).hasSize(1);
  }

  /** It held nothing when it was reaped, and did not know that it had joined. */
  @Test
  void whoWasReapedBeforeItKnewThatItHadJoinedMayCompleteAfterItJoined() {
    assertThat(reaped(true)).isEmpty();
  }

  /** Guards against: Redis was full and then killed, and nobody heard that the item is unlisted. */
  @Test
  void anEndWithoutAResultMayBeUnlistedIfItsReplyWasLost() {
    assertThat(withALostReply("1")).isEmpty();
  }

  @Test
  void anEndWithAResultMayNot() {
    assertThat(withALostReply("0")).hasSize(1);
  }
}
