package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A queue in partitions, as a person at a shell has it. */
class PartitionsIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  private static String lines(int n) {
    return IntStream.rangeClosed(1, n)
        .mapToObj(i -> "item-" + i + "\n")
        .collect(Collectors.joining());
  }

  @Test
  void everyVerbFindsThePartitionsByItself() throws Exception {
    var filled = piecework.runWith(lines(40), "fill", "bag", "--partitions", "4").expect(0);
    assertThat(filled.out()).contains("40 items added to bag");

    String json = piecework.here("status", "bag", "-o", "json").expect(0).out();
    assertThat(json).contains("\"partitions\":4", "\"partition\":3", "\"total\":40");
    assertThat(piecework.here("status").expect(0).out()).contains("bag").doesNotContain("bag.");

    piecework
        .run("work", "bag", "--attempts", "3", "--sh", "[ $1 != item-7 ] || exit 65; echo did $1")
        .expect(0);
    piecework.here("wait", "bag").expect(1);

    List<String> results = piecework.here("results", "bag", "-o", "raw").expect(0).lines();
    assertThat(results).hasSize(39).doesNotHaveDuplicates().contains("did item-1", "did item-40");
    assertThat(piecework.here("results", "bag").expect(0).out()).contains("\"id\":\"3-10\"");
    assertThat(piecework.here("results", "bag", "--in-order").expect(2).err())
        .contains("--in-order needs ids that the fill gives", "4 partitions");

    // The seventh record is the second of the third partition.
    String dead = piecework.here("items", "bag", "--state", "dead").expect(0).out();
    assertThat(dead).contains("2-2", "item-7");
    assertThat(piecework.here("items", "bag", "--id", "2-2").expect(0).out()).contains("dead");
    assertThat(piecework.here("requeue", "bag", "--id", "2-2").expect(0).out()).contains("1");
    piecework.run("work", "bag", "--", "echo", "at last").expect(0);
    assertThat(piecework.here("status", "bag").out()).contains("drained", "40 done, 0 dead");

    assertThat(piecework.here("purge", "bag", "--yes").expect(0).out()).contains("40 items");
    assertThat(piecework.here("status", "bag").out()).contains("has never held an item");
  }

  @Test
  void whatCannotBeHadIsRefusedInOneLine() throws Exception {
    piecework.here("fill", "bag", "--partitions", "3", "a", "b").expect(0);
    for (List<String> words :
        List.of(
            List.of("fill", "bag", "--partitions", "5", "c"),
            List.of("fill", "bag", "--partitions", "1", "c"),
            List.of("fill", "new", "--partitions", "0", "c"),
            List.of("adopt", "bag"),
            List.of("set", "bag", "partitions=5"),
            List.of("work", "bag", "--leave-early", "--", "true"),
            List.of("run", "-q", "bag", "--", "true"))) {
      var refused = piecework.here(words.toArray(String[]::new)).expect(2);
      assertThat(refused.err().lines()).as(words.toString()).hasSize(1);
      assertThat(refused.err()).contains("partitions");
    }
    assertThat(piecework.here("status", "bag").out()).contains("2 waiting");
  }

  @Test
  void resultsGoByIdsThatTheFillGave() throws Exception {
    String records =
        IntStream.rangeClosed(1, 30)
            .mapToObj(i -> "{\"n\":" + i + "}\n")
            .collect(Collectors.joining());
    piecework
        .runWith(records, "fill", "bag", "--partitions", "4", "--format", "jsonl", "--id", "n")
        .expect(0);
    piecework.run("work", "bag", "--slots", "3", "--", "echo").expect(0);
    List<String> inOrder = piecework.here("results", "bag", "--in-order", "-o", "raw").lines();
    assertThat(inOrder)
        .isEqualTo(IntStream.rangeClosed(1, 30).mapToObj(i -> "{\"n\":" + i + "}").toList());
    piecework.run("results", "bag", "--to", "out.jsonl").expect(0);
    assertThat(piecework.here("results", "bag").expect(0).out()).isEmpty();
    assertThat(java.nio.file.Files.readAllLines(piecework.file("out.jsonl"))).hasSize(30);
  }

  @Test
  void aFillThatWasKilledIsContinuedAndEachItemIsDoneOnce() throws Exception {
    Piecework.Started fill =
        piecework.start("fill", "bag", "--partitions", "4", "--as", "scan", "--lapse", "500ms");
    fill.say(lines(500));
    await()
        .atMost(Piecework.TIMEOUT)
        .until(() -> piecework.here("status", "bag").out().contains("500 waiting"));
    Piecework.Started worker = piecework.start("work", "bag", "--batch", "20", "--", "echo");
    Piecework.Started killed = piecework.start("work", "bag", "--batch", "20", "--", "echo");
    fill.signal("KILL");
    await()
        .atMost(Piecework.TIMEOUT)
        .until(() -> !piecework.here("status", "bag").out().contains(" 0 done"));
    killed.signal("KILL");
    var again = piecework.runWith(lines(900), "fill", "bag", "--as", "scan").expect(0);
    assertThat(again.out()).contains("400 items added", "500 were there already");
    worker.end().expect(0);
    assertThat(piecework.here("status", "bag").out()).contains("drained", "900 done, 0 dead");
    assertThat(piecework.here("results", "bag").expect(0).lines())
        .extracting(line -> line.replaceFirst(".*\"payload\":\"([^\"]*)\".*", "$1"))
        .hasSize(900)
        .doesNotHaveDuplicates()
        .contains("item-1", "item-900");
  }
}
