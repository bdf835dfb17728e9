package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The results of one queue are the items of another. */
class FromResultsIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  private Piecework.Ended fill(String... words) throws Exception {
    return piecework.here(
        Stream.concat(Stream.of("fill"), Stream.of(words)).toArray(String[]::new));
  }

  private void work(String queue, String script) throws Exception {
    piecework.here("work", queue, "--slots", "2", "--sh", script).expect(0);
  }

  private List<String> payloads(String queue) throws Exception {
    return piecework.here("results", queue, "-o", "raw").expect(0).out().lines().sorted().toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "3"})
  void eachIsAnItemOnceHoweverOftenItIsFilled(String partitions) throws Exception {
    fill("one", "--partitions", partitions, "a", "b", "c", "nothing").expect(0);
    work("one", "[ \"$1\" = nothing ] || echo \"$1 $1\"");
    var first = fill("two", "--from-results", "one").expect(0);
    assertThat(first.out()).contains("3 items added to two");
    assertThat(first.err()).contains("1 result is empty or white space, and left out");
    assertThat(fill("two", "--from-results", "one").expect(0).out())
        .contains("0 items added to two, 3 were there already");
    work("two", "printf %s \"$1\" | tr a-z A-Z");
    assertThat(payloads("two")).containsExactly("A A", "B B", "C C");
    assertThat(fill("two", "--from-results", "one").expect(0).out()).contains("0 items added");
    piecework.here("wait", "two").expect(0);

    // A later run of the first queue has results of its own.
    fill("one", "d").expect(0);
    work("one", "echo new");
    assertThat(fill("two", "--from-results", "one").expect(0).out()).contains("1 item added");
    work("two", "echo \"$1\"");
    assertThat(payloads("two")).containsExactly("A A", "B B", "C C", "new");
  }

  @Test
  @Tag("process")
  void aFillThatIsKilledGoesOnWhereItWasAndFollowsToTheEnd() throws Exception {
    fill("one", ":::", "a", "b", "c", "d").expect(0);
    piecework.here("run", "-q", "none", "--", "true", ":::", "x").expect(0);
    // The first worker is told to stop after one item.
    var some = piecework.start("work", "one", "--slots", "1", "--sh", "[ $1 = a ] || sleep 3600");
    var killed =
        piecework.start("fill", "two", "--from-results", "one", "--follow", "--keep-blank");
    org.awaitility.Awaitility.await()
        .untilAsserted(() ->
            assertThat(piecework.here("status", "two", "-o", "json").out())
                .as("%s%s", some.err(), killed.err())
                .contains("\"waiting\":1"));
    killed.signal("KILL");
    killed.end();
    some.signal("TERM");
    some.end();
    var follows =
        piecework.start("fill", "two", "--from-results", "one", "--follow", "--keep-blank");
    work("one", "true");
    assertThat(follows.end().expect(0).out())
        .contains("3 items added to two, 1 were there already");
    assertThat(piecework.here("status", "two", "-o", "json").out()).contains("\"waiting\":4");
  }

  @Test
  void whatIsNotThereOrMakesNoSenseIsRefused() throws Exception {
    piecework.here("run", "-q", "ran", "--", "echo", ":::", "a").expect(0);
    refused("1 result of queue 'ran' is not in Redis any more", "two", "--from-results", "ran");
    String file = piecework.file("out.jsonl").toString();
    piecework.here("run", "-q", "filed", "--results", file, "--", "echo", ":::", "a").expect(0);
    refused("went to " + file, "two", "--from-results", "filed");
    refused("did you mean 'filed'", "two", "--from-results", "file");
    refused("not filled from its own", "two", "--from-results", "two");
    refused("leave out --format", "two", "--from-results", "ran", "--unique");
    refused("leave out ITEM", "two", "--from-results", "ran", "a");
    refused("--follow goes with", "two", "--follow", "a");
    fill("counted", "--keep", "counts", "a").expect(0);
    refused("keeps no results", "two", "--from-results", "counted");
    assertThat(piecework.here("status", "-o", "json").expect(0).out()).doesNotContain("two");
  }

  private void refused(String why, String... words) throws Exception {
    assertThat(fill(words).expect(2).err()).contains(why).hasLineCount(1);
  }
}
