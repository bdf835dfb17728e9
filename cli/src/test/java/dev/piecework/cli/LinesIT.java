package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Lists as they come, through fill and run, and continued. */
class LinesIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  private String list(String text) throws Exception {
    piecework.write("list", text);
    return piecework.file("list").toString();
  }

  /** A run of the list; options go before the command. */
  private Piecework.Ended run(String command, String... options) throws Exception {
    Stream<String> words = Stream.of("run", "-q", "q", "--from", piecework.file("list").toString());
    Stream<String> printf = Stream.of("--", "printf", command, "{}");
    return piecework.here(
        Stream.of(words, Arrays.stream(options), printf)
            .flatMap(part -> part)
            .toArray(String[]::new));
  }

  @Test
  void aListFromAnotherSystemIsWhatItsWriterMeant() throws Exception {
    list("\ufeffa.txt\r\n\r\nb.txt\r\n");
    var ended = run("<%s>", "--in-order").expect(0);
    assertThat(ended.out()).isEqualTo("<a.txt><b.txt>");
    assertThat(ended.err())
        .containsOnlyOnce("the lines end in CR LF: the CR is taken off (--keep-cr leaves it)")
        .containsOnlyOnce("1 blank line was skipped (--keep-blank makes items of them)");
  }

  // What an earlier version made of the list is what --keep-blank and --keep-cr make of it now.
  @Test
  void aRunWithItemsOfBlankLinesIsRefusedAndContinuedWhenTheyAreKept() throws Exception {
    list("a\r\n\r\nb\r\n");
    run("[%s]", "--keep-blank", "--keep-cr").expect(0);
    list("a\r\n\r\nb\r\nc\r\n");

    var refused = run("[%s]", "--resume").expect(2);
    assertThat(refused.err()).contains("differs", "--keep-blank --keep-cr");
    assertThat(refused.out()).isEmpty();

    var ended = run("[%s]", "--resume", "--keep-blank", "--keep-cr").expect(0);
    assertThat(ended.out()).isEqualTo("[c\r]");
  }

  @Test
  void aRunWithALimitIsContinuedWithoutIt() throws Exception {
    list("x\n\na\nb\nc\n");
    var part = run("%s\\n", "--skip", "1", "--limit", "2").expect(0);
    assertThat(part.lines()).containsExactlyInAnyOrder("a", "b");
    assertThat(run("%s\\n", "--skip", "1", "--resume").expect(0).lines()).containsExactly("c");
  }

  @Test
  void equalLinesAreOneItem() throws Exception {
    list("1\n2\n1\n\n2\n3\n");
    var run = run("%s\\n", "--unique").expect(0);
    assertThat(run.lines()).containsExactlyInAnyOrder("1", "2", "3");
    assertThat(run.err()).contains("2 records skipped");
  }

  @Test
  void equalLinesAreOneItemOverSeveralFillsAndBesideCountedIds() throws Exception {
    assertThat(piecework.here("fill", "q", "5", "5", "6").expect(0).out()).contains("3 items");
    piecework.here("work", "q", "--", "true").expect(0);
    piecework.here("fill", "q", "4", "--as", "held", "--hold").expect(0);
    String from = list("1\n5\n7\n7\n");
    var filled = piecework.here("fill", "q", "--unique", "--from", from).expect(0);
    assertThat(filled.out()).contains("3 items added to q", "1 skipped");
    assertThat(piecework.here("fill", "q", "--unique", "7", "8").expect(0).out())
        .contains("1 item added to q", "1 skipped");
  }

  @Test
  void theExampleOfTheDocument() throws Exception {
    list("a.txt\r\n\r\nb.txt\r\na.txt\r\n");
    var ended = run("%s", "--unique", "--skip", "1", "--limit", "1").expect(0);
    assertThat(ended.out()).isEqualTo("b.txt");
  }

  @Test
  void whatMakesNoSenseIsRefusedInOneLine() throws Exception {
    list("a\n");
    refused("--keep-blank goes with --format lines", "--keep-blank", "--format", "nul");
    refused("--keep-cr goes with --format lines", "--keep-cr", "--format", "csv");
    refused("--skip -1", "--skip", "-1");
    refused("--limit 0", "--limit", "0");
    refused("--unique needs ids", "--unique", "--format", "csv");
    refused("leave out --unique", "--unique", "--in-order");
  }

  private void refused(String why, String... options) throws Exception {
    assertThat(run("%s", options).expect(2).err()).contains(why).hasLineCount(1);
  }

  @Test
  void whatIsKnownOfTheListIsInTheHelp() throws Exception {
    for (String verb : List.of("run", "fill")) {
      assertThat(piecework.here(verb, "--help").out())
          .contains("--keep-blank", "--keep-cr", "--skip=N", "--limit=N");
    }
  }
}
