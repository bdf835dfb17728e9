package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.journal.FailureGroup;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What failed of one cause is looked at, requeued and dropped together. */
class FailureGroupsIT {

  private static final String BAD = FailureGroup.idOf("exit code 3, bad N");
  private static final String NOTHING = FailureGroup.idOf("exit code 65, no file P");

  @RegisterExtension final Piecework piecework = new Piecework();

  private Piecework.Ended dead(String... more) throws Exception {
    List<String> words = new java.util.ArrayList<>(List.of("items", "q", "--state", "dead"));
    words.addAll(List.of(more));
    return piecework.here(words.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "3"})
  void aGroupIsSeenRequeuedAndDropped(String partitions) throws Exception {
    String items =
        IntStream.rangeClosed(1, 12).mapToObj(i -> i + "\n").collect(Collectors.joining());
    piecework.write("in", items);
    piecework
        .here(
            "fill",
            "q",
            "--from",
            piecework.file("in").toString(),
            "--attempts",
            "1",
            "--partitions",
            partitions)
        .expect(0);
    String command =
        "[ $1 -le 9 ] || { echo no file /data/$1 >&2; exit 65; }; [ $1 -eq 9 ] || { echo bad $1 >&2;"
            + " exit 3; }; echo did";
    var worked = piecework.run("work", "q", "--slots", "2", "--name", "w", "--sh", command);
    assertThat(worked.expect(0).err())
        .containsPattern(
            "drained: 1 done, 11 dead, 8 of 11: exit code 3, bad N \\(item [-\\d]+\\); 3 of 11: exit code"
                + " 65, no file P \\(item [-\\d]+\\); see piecework items q --group");
    assertThat(piecework.here("wait", "q").expect(1).err()).contains("8 of 11: exit code 3, bad N");

    assertThat(piecework.here("status", "q").expect(0).out())
        .contains("failures " + BAD + ": 8 attempts, 8 dead: exit code 3, bad N", "slot time: ");
    assertThat(piecework.here("status", "q", "-o", "json").expect(0).out())
        .contains("\"journal\":{\"points\":[[", "\"workers\":[\"w\"]", "\"sample\":[[")
        .contains("\"groups\":[{\"id\":\"" + BAD + "\",\"cause\":\"exit code 3, bad N\"")
        .contains("\"slotSeconds\":{\"useful\":");

    List<String> groups = piecework.here("items", "q", "--group").expect(0).lines();
    assertThat(groups).hasSize(5);
    assertThat(groups.get(1)).startsWith(BAD).endsWith("exit code 3, bad N");
    assertThat(groups.get(4)).contains("; on w 3");
    assertThat(piecework.here("items", "q", "--group", "-o", "json").expect(0).lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("{\"id\":\"" + BAD + "\"")
        .contains("\"workers\":{\"w\":8}", "bad ");
    assertThat(dead("--group", NOTHING.substring(0, 4)).expect(0).lines())
        .hasSize(4)
        .filteredOn(line -> line.contains("exit code 65: no file /data/1"))
        .hasSize(3);
    assertThat(dead("--group", NOTHING, "--details").expect(0).out()).contains("on w buried");

    assertThat(piecework.here("requeue", "q", "--group", "zz").expect(2).err())
        .hasLineCount(1)
        .contains("no failure group 'zz'; there are " + BAD + " (exit code 3, bad N), " + NOTHING);
    assertThat(piecework.here("drop", "q", "--group", BAD, "--all").expect(2).err())
        .contains("--group G");
    assertThat(piecework.here("items", "q", "--state", "leased", "--group", BAD).expect(2).err())
        .contains("--state dead");
    assertThat(piecework.here("items", "q", "--id", "1", "--group").expect(2).err())
        .contains("exclude each other");
    assertThat(piecework.here("status", "q").out()).contains("0 waiting", "11 dead");

    assertThat(piecework.here("requeue", "q", "--group", BAD.substring(0, 5)).expect(0).out())
        .isEqualTo("8 dead items back to waiting\n");
    assertThat(piecework.here("drop", "q", "--group", NOTHING, "-o", "json").expect(0).out())
        .contains("\"dropped\":3");
    assertThat(piecework.here("status", "q").out()).contains("8 waiting", "0 dead");
    assertThat(piecework.here("items", "q", "--group", NOTHING).expect(0).err())
        .contains("no such items");
  }

  @Test
  void whereNothingFailedThatIsSaid() throws Exception {
    piecework.here("fill", "q", "a").expect(0);
    assertThat(piecework.here("items", "q", "--group").expect(0).err()).contains("nothing failed");
    assertThat(piecework.here("requeue", "q", "--group", "3fa12c").expect(2).err())
        .hasLineCount(1)
        .contains("no failure groups");
    assertThat(piecework.here("status", "q").out()).doesNotContain("failures", "slot time");
  }
}
