package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.Item;
import dev.piecework.QueueSettings;
import dev.piecework.cli.input.InputNotices;
import dev.piecework.cli.input.InputOptions;
import dev.piecework.cli.input.RecordReader;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.testkit.Fuzz;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.process.CommandTemplate;
import dev.piecework.worker.process.FieldPlaces;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What people type and feed: taken as meant, or refused in one line; nothing else happens. */
@Tag("slow")
class InputFuzzTest {

  private static final int LONGEST = 3_000;

  @Test
  void linesAndNulSeparatedRecordsComeBackByteByByte() {
    new Fuzz("lines", List.of("a\nb\n\nc d\r\n", "\u0000x\u0000\n"))
        .feed(input -> {
          for (byte delimiter : new byte[] {'\n', 0}) {
            RecordReader.Format format =
                delimiter == 0 ? RecordReader.Format.NUL : RecordReader.Format.LINES;
            ByteArrayOutputStream back = new ByteArrayOutputStream();
            for (Item item : read(input, format, null)) {
              back.writeBytes(item.payload());
              back.write(delimiter);
            }
            byte[] whole = back.toByteArray();
            boolean shortEnough =
                Arrays.equals(
                    whole,
                    0,
                    Math.min(whole.length, input.length),
                    input,
                    0,
                    Math.min(whole.length, input.length));
            assertThat(shortEnough).isTrue();
          }
        });
  }

  @Test
  void jsonLines() {
    List<String> samples =
        List.of(
            "{\"id\":\"a\",\"n\":1}\n{\"id\":\"b\",\"deep\":{\"x\":[1,{\"y\":null}]}}\n",
            "{\"payload\":\"text\",\"id\":\"x\"}\n\n{\"payloadBase64\":\"AAEC\"}\n",
            "[1,2]\n\"text\"\n12.5e3\n");
    new Fuzz("jsonl", samples)
        .feed(input -> {
          read(input, RecordReader.Format.JSONL, null);
          read(input, RecordReader.Format.JSONL, "id");
        });
  }

  @Test
  void csv() {
    List<String> samples =
        List.of("id,name\r\n1,\"a, \"\"b\"\"\nc\"\r\n2,d\r\n", "\ufeffid;x\n\n\"\"\n", "id\n7");
    new Fuzz("csv", samples)
        .feed(input -> {
          read(input, RecordReader.Format.CSV, null);
          read(input, RecordReader.Format.CSV, "id");
          readObjects(input);
        });
  }

  // Where Redis is cannot be understood, so that nothing that is right goes further.
  @Test
  void arguments() {
    List<String> samples =
        List.of(
            "fill\u0000q\u0000--from\u0000-\u0000--format\u0000csv\u0000--id\u0000x",
            "fill\u0000q\u0000a\u0000b\u0000--delay\u000010m\u0000--priority\u0000high",
            "work\u0000q\u0000--slots\u00002\u0000--timeout\u00001m\u0000--\u0000true\u0000{}",
            "run\u0000-p\u00002\u0000-q\u0000n\u0000--sh\u0000cat\u0000--time-limit\u00001h",
            "status\u0000q\u0000-o\u0000json\u0000--redis-timeout\u00001s",
            "items\u0000q\u0000--state\u0000dead\u0000--id\u000017\u0000--limit\u00003",
            "results\u0000q\u0000-o\u0000csv\u0000--follow\u0000--in-order",
            "set\u0000q\u0000attempts=5\u0000lease-timeout=3s\u0000results-max=1g",
            "requeue\u0000q\u0000--error\u0000x",
            "purge\u0000q\u0000--yes",
            "wait\u0000q\u0000--timeout\u00001h",
            "completion\u0000bash",
            "redis\u0000--acl\u0000job*\u0000--user\u0000me");
    new Fuzz("arguments", samples)
        .feed(input -> {
          String[] words = new String(input, StandardCharsets.UTF_8).split("\u0000", -1);
          // The verb that starts a server needs no Redis that is elsewhere; some read what is here.
          boolean acts = words[0].equals("redis") && !List.of(words).contains("--acl");
          boolean manifest =
              words[0].equals("run")
                  && List.of(words).stream()
                      .anyMatch(w -> w.startsWith("-f") || w.startsWith("--file"));
          if (!acts && !manifest) {
            assertOneLine(words);
          }
        });
  }

  private static void assertOneLine(String[] words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("REDIS_URL", "nowhere://"),
            false,
            false);
    ExitCode code = Main.run(terminal, words);
    String said = err.toString(StandardCharsets.UTF_8);
    boolean verbose =
        List.of(words).stream().anyMatch(w -> w.startsWith("-v") || w.startsWith("--v"));
    assertThat(code).as(said).isIn(ExitCode.DONE, ExitCode.USAGE);
    if (code == ExitCode.USAGE && !verbose && words.length > 0) {
      assertThat(said.lines()).as(said).hasSize(1);
      assertThat(said).doesNotContain("Exception", "\u001b");
    }
  }

  /** What is taken is a record of a table, and so an object; all else is refused in one line. */
  private static void readObjects(byte[] input) throws IOException {
    CommandTemplate first =
        CommandTemplate.of(List.of("true", "{1}")).withFields(FieldPlaces.ALWAYS);
    InputOptions options = new InputOptions();
    options.format = RecordReader.Format.CSV;
    try {
      RecordReader records =
          options
              .records()
              .reader(new ByteArrayInputStream(input), QueueSettings.DEFAULTS, InputNotices.none());
      for (Item item = records.next(); item != null; item = records.next()) {
        assertThat(first.unfilled(new Attempt("", item.payload(), 1, 1))).isEmpty();
      }
    } catch (Refusal refused) {
      assertThat(String.valueOf(refused.getMessage()).lines()).hasSizeLessThanOrEqualTo(1);
    }
  }

  private static List<Item> read(byte[] input, RecordReader.Format format, @Nullable String id)
      throws IOException {
    List<Item> items = new ArrayList<>();
    try {
      RecordReader records = RecordReader.of(new ByteArrayInputStream(input), format, id, LONGEST);
      for (Item item = records.next(); item != null; item = records.next()) {
        assertThat(item.payload().length).isLessThanOrEqualTo(2 * LONGEST + 2);
        items.add(item);
      }
    } catch (Refusal refused) {
      assertThat(String.valueOf(refused.getMessage()).lines()).hasSizeLessThanOrEqualTo(1);
    }
    return items;
  }
}
