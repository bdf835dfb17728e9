package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Items in another order than the input's. */
class OrderIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  private List<String> waiting(String queue) throws Exception {
    return piecework
        .here("items", queue, "--state", "waiting", "--limit", "0", "-o", "json")
        .expect(0)
        .out()
        .lines()
        .map(line -> line.replaceAll(".*\"payload\":\"([^\"]*)\".*", "$1"))
        .toList();
  }

  private void list(int items) throws Exception {
    piecework.write(
        "list",
        IntStream.rangeClosed(1, items).mapToObj(n -> n + "\n").collect(Collectors.joining()));
  }

  @Test
  void aShuffledFillSaysItsSeedWhichGivesTheSameOrderAgain() throws Exception {
    list(500);
    String list = piecework.file("list").toString();
    String said = piecework.here("fill", "a", "--shuffle", "--from", list).expect(0).err();
    String seed = said.replaceAll("(?s).*--shuffle=(\\d+).*", "$1");
    piecework.here("fill", "b", "--shuffle=" + seed, "--from", list).expect(0);
    piecework.here("fill", "c", "--shuffle=1", "--from", list).expect(0);
    List<String> order = waiting("a");
    assertThat(order).hasSize(500).doesNotHaveDuplicates();
    assertThat(order.subList(0, 5)).isNotEqualTo(List.of("1", "2", "3", "4", "5"));
    assertThat(waiting("b")).isEqualTo(order);
    assertThat(waiting("c")).isNotEqualTo(order);

    // The same fill again adds nothing; in another order it is refused, and that says why.
    piecework.here("fill", "d", "--as", "s", "--shuffle", "--from", list).expect(0);
    assertThat(
            piecework.here("fill", "d", "--as", "s", "--shuffle", "--from", list).expect(0).out())
        .contains("0 items added", "500 were there already");
    assertThat(
            piecework.here("fill", "d", "--as", "s", "--shuffle=1", "--from", list).expect(2).err())
        .contains("differs", "--shuffle and --size");
    assertThat(waiting("d")).hasSize(500);
  }

  @Test
  void aRunTakesTheLargestFirstAndAResumeNeedsNoSizesAnyMore() throws Exception {
    for (int bytes : new int[] {5, 500, 50}) {
      piecework.write("of-" + bytes, "x".repeat(bytes));
    }
    piecework.write("list", "of-5\nof-500\nof-50\n");
    String[] run = {
      "run",
      "-q",
      "bag",
      "-p",
      "1",
      "--from",
      "list",
      "--size",
      "file",
      "--attempts",
      "1",
      "--sh",
      "rm $1; echo $1; [ $1 != of-50 ]"
    };
    var ended = piecework.run(run).expect(1);
    assertThat(ended.lines()).containsExactly("of-500", "of-5");
    String[] resume = new String[run.length + 2];
    System.arraycopy(run, 0, resume, 0, run.length - 2);
    System.arraycopy(
        new String[] {"--resume", "--retry-dead", "--sh", "echo again $1"},
        0,
        resume,
        run.length - 2,
        4);
    assertThat(piecework.run(resume).expect(0).lines()).containsExactly("again of-50");
  }

  @Test
  void whatIsWrongIsOneLineAndNothingIsFilled() throws Exception {
    piecework.write("list", "{\"mb\": 1}\n{\"mb\": \"big\"}\n");
    String list = piecework.file("list").toString();
    String[][] wrong = {
      {"record 2 has 'big' in 'mb'", "--format", "jsonl", "--size", "mb"},
      {"goes with --format jsonl or csv", "--size", "mb"},
      {"exclude each other", "--size", "file", "--shuffle"},
      {"a seed is a whole number", "--shuffle=x"},
    };
    for (String[] one : wrong) {
      String[] words = new String[3 + one.length];
      System.arraycopy(new String[] {"fill", "q", "--from", list}, 0, words, 0, 4);
      System.arraycopy(one, 1, words, 4, one.length - 1);
      var ended = piecework.here(words).expect(2);
      assertThat(ended.err()).contains(one[0]);
      assertThat(ended.err().lines()).hasSize(1);
    }
    assertThat(
            piecework
                .here("run", "--from", list, "--in-order", "--shuffle", "--", "true")
                .expect(2)
                .err())
        .contains("--in-order");
    assertThat(piecework.here("status", "q", "-o", "json").out()).doesNotContain("\"waiting\":1");
    // A word after it is no seed.
    piecework.here("fill", "--shuffle", "q2", "a", "b").expect(0);
    assertThat(waiting("q2")).containsExactlyInAnyOrder("a", "b");
  }
}
