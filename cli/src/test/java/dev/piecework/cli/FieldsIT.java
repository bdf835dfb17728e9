package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.WorkQueue;
import dev.piecework.embedded.EmbeddedRedis;
import dev.piecework.testrun.Effort;
import dev.piecework.testrun.Needs;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Worker;
import dev.piecework.worker.WorkerEnd;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Records, their fields in a command, and items of lists: docs/command-line.md. */
class FieldsIT {

  private static final String PEOPLE =
      "name,city,unit-price\n\"Ada, Countess\",London,12.50\nB\u00f6b,\"New\nYork\",3\n";

  /** Tables of Python's csv module, and digests of what it reads of them. */
  private static final String MAKE =
      """
      import csv, hashlib, random, sys
      count = int(sys.argv[1])
      r = random.Random(7)
      parts = ['a', 'B', '"', '""', ',', '\\n', '\\r\\n', ' ', '\\u00e4', '\\U0001f600', "'",
               '\\\\', '\\t', ';', '$x', '{name}', '\\r']
      text = lambda: ''.join(r.choice(parts) for _ in range(r.randrange(6)))
      rows = [[text() for _ in range(5)] for _ in range(count)]
      for name, most in ('all', count), ('some', count // 5), ('few', 20):
          with open(name + '.csv', 'w', newline='', encoding='utf-8-sig') as f:
              w = csv.writer(f, lineterminator='\\r\\n')
              w.writerow(['name', 'city', 'a b', 'zip', 'last'])
              w.writerows(rows[:most])
      with open('all.csv', newline='', encoding='utf-8-sig') as f, open('digests', 'wb') as d:
          for row in list(csv.reader(f))[1:]:
              d.write(hashlib.sha256('\\0'.join(row).encode()).digest())
      """;

  private static final String CHECK =
      """
      import hashlib, json, os, sys
      digests = open(sys.argv[1], 'rb')
      def check(number, row):
          digests.seek((int(number) - 1) * 32)
          return hashlib.sha256(b'\\0'.join(row)).digest() == digests.read(32)
      how = sys.argv[2]
      if how == 'child':
          for line in sys.stdin:
              item = json.loads(line)
              record = json.loads(item['payload'])
              right = (list(record) == ['name', 'city', 'a b', 'zip', 'last']
                       and check(item['id'], [v.encode() for v in record.values()]))
              answer = {'id': item['id']}
              if not right:
                  answer['bury'] = 'differs'
              print(json.dumps(answer), flush=True)
      elif how == 'variables':
          names = ['NAME', 'CITY', 'A_B', 'ZIP', 'LAST']
          row = [os.environb[b'ITEM_' + n.encode()] for n in names]
          sys.exit(0 if check(os.environ['PIECEWORK_ID'], row) else 65)
      else:
          words = [os.fsencode(w) for w in sys.argv[3:]]
          n = len(words) // 6
          for i in range(n):
              if not check(words[i], words[n + i::n]):
                  sys.exit(65)
      """;

  @RegisterExtension final Piecework piecework = new Piecework();

  /**
   * All by a child and by Java, a fifth by places, 20 by variables: those cost a process for each
   * call. {@code ./check --long} takes 100,000.
   */
  @Test
  @Needs("python3")
  void aTableIsWhatPythonReadsFieldByField() throws Exception {
    piecework.write("make.py", MAKE);
    String check = piecework.write("check.py", CHECK).toString();
    String count = String.valueOf(Effort.of(5_000));
    piecework.startProgram("python3", "make.py", count).end().expect(0);
    String digests = piecework.file("digests").toString();

    table("all", "--child", "--", "python3", check, digests, "child");
    table(
        "some", "--batch", "1000", "--", "python3", check, digests, "places", "{id}", "{name}",
        "{city}", "{3}", "{zip}", "{5}");
    table("few", "--env-fields", "--sh", "python3 '" + check + "' '" + digests + "' variables");
    javaReads(piecework.file("all.csv").toString(), Files.readAllBytes(Path.of(digests)));
  }

  /** What a Java program reads of an item that a table was filled as. */
  private void javaReads(String table, byte[] digests) throws Exception {
    piecework.here("fill", "java", "--format", "csv", "--from", table).expect(0);
    String redis = EmbeddedRedis.running(piecework.file("state/piecework")).orElseThrow();
    JsonMapper mapper = new JsonMapper();
    try (WorkQueue queue = WorkQueue.open(redis, "java")) {
      WorkerEnd end =
          Worker.on(queue)
              .slots(2)
              .run(attempt -> {
                List<String> row = new ArrayList<>();
                mapper.readTree(attempt.payload()).values().forEach(v -> row.add(v.asString()));
                byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                        .digest(String.join("\0", row).getBytes(StandardCharsets.UTF_8));
                int at = (Integer.parseInt(attempt.id()) - 1) * 32;
                return Arrays.equals(digest, Arrays.copyOfRange(digests, at, at + 32))
                    ? Outcome.done()
                    : Outcome.bury("differs");
              });
      assertThat(end)
          .isInstanceOfSatisfying(
              WorkerEnd.Drained.class,
              drained -> {
                assertThat(drained.dead()).isZero();
                assertThat(drained.done()).isEqualTo(digests.length / 32);
              });
    }
  }

  private void table(String name, String... how) throws Exception {
    List<String> words = new ArrayList<>(List.of("run", "-p", "2", "--format", "csv", "--from"));
    words.add(piecework.file(name + ".csv").toString());
    words.addAll(List.of(how));
    piecework.here(words.toArray(String[]::new)).expect(0);
  }

  @Test
  void aWorkerElsewhereSeesTheNamesAndLeavesTheBracesOfPlainItems() throws Exception {
    String people = piecework.write("people.csv", PEOPLE).toString();
    piecework.here("fill", "q", "--format", "csv", "--from", people).expect(0);
    piecework.here("fill", "q", "plain").expect(0);
    piecework.here("work", "q", "-p", "1", "--", "printf", "<%s>", "{name}", "{2}").expect(0);

    assertThat(piecework.here("results", "q", "-o", "raw").expect(0).out().replace("\n", ""))
        .contains("<Ada, Countess><London>", "<B\u00f6b><NewYork>", "<{name}><{2}><plain>");
  }

  @Test
  void aRecordWithoutTheFieldIsDeadAndSaysSo() throws Exception {
    String list = piecework.write("list", "{\"a\":\"x\"}\n{\"b\":1}\n5\n").toString();
    Piecework.Ended ended =
        piecework
            .here("run", "-q", "q", "--format", "jsonl", "--from", list, "--", "echo", "{a}")
            .expect(1);

    assertThat(ended.out()).isEqualTo("x\n");
    assertThat(piecework.here("items", "q", "--state", "dead").expect(0).out())
        .contains("the record has no field 'a' with a value; it has b")
        .contains("the payload is no record");
  }

  @Test
  void aRunIsNeverGoneOnWithInAnotherForm() throws Exception {
    String people = piecework.write("people.csv", PEOPLE).toString();
    String[] run = {"run", "-q", "r", "--format", "csv", "--from", people, "--raw-records"};
    piecework.here(with(run, "--", "echo", "{}")).expect(0);

    assertThat(
            piecework
                .here(
                    "run",
                    "-q",
                    "r",
                    "--format",
                    "csv",
                    "--from",
                    people,
                    "--resume",
                    "--",
                    "echo",
                    "{}")
                .expect(2)
                .err())
        .contains("--raw-records");
    piecework.here(with(run, "--resume", "--", "echo", "{}")).expect(0);
  }

  private static String[] with(String[] words, String... more) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void listsOfWordsAreKnownByTheirWords() throws Exception {
    String[] run = {
      "run",
      "--attempts",
      "1",
      "--in-order",
      "-p",
      "1",
      "--",
      "sh",
      "-c",
      "[ ! -e \"$2\" ] && echo $1-$2",
      "sh"
    };
    String bar = piecework.file("bar").toString();
    Files.createFile(Path.of(bar));
    piecework.here(with(run, "{1}", "{2}", ":::", "a", "b", ":::", bar, "2")).expect(1);
    Files.delete(Path.of(bar));
    List<String> again =
        new ArrayList<>(List.of(with(run, "{1}", "{2}", ":::", "a", "b", ":::", bar, "2")));
    again.addAll(1, List.of("--resume", "--retry-dead"));
    assertThat(piecework.here(again.toArray(String[]::new)).expect(0).out())
        .contains("a-" + bar, "b-" + bar)
        .doesNotContain("a-2");

    piecework.here("fill", "grid", ":::", "a", "b", ":::", "1", "2", ":::+", "x", "y").expect(0);
    assertThat(piecework.here("items", "grid", "--limit", "0").expect(0).out())
        .contains("{\"1\":\"a\",\"2\":\"1\",\"3\":\"x\"}", "{\"1\":\"b\",\"2\":\"2\",\"3\":\"y\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--format csv -- echo {nme}|no column 'nme'; did you mean {name}?",
        "--format csv -- echo {4}|no column '4'",
        "--format csv --no-header -- echo {name}|no column 'name'",
        "--format csv -- sh -c echo${IFS}{name}|would be run as a part of it",
        "--format csv --delimiter ;; -- echo|--delimiter",
        "--format tsv --delimiter ; -- echo|--format csv",
        "--no-header -- echo|--no-header is about tables",
        "--raw-records -- echo|--raw-records is about records",
        "--env-fields -- echo|--env-fields needs records",
        "--format csv --env-fields --batch 2 -- echo|leave out --batch",
        "--format csv --env-fields --child -- cat|leave out --child",
        "--format csv --env-fields --raw-records -- echo|exclude each other",
        "-- echo ::: a|leave out --from",
      })
  void whatMakesNoSenseIsRefusedBeforeAnythingIsFilled(String words, String why) throws Exception {
    String people = piecework.write("people.csv", PEOPLE).toString();
    List<String> all = new ArrayList<>(List.of("run", "--from", people));
    all.addAll(List.of(words.split(" ")));
    Piecework.Ended ended = piecework.here(all.toArray(String[]::new)).expect(2);

    assertThat(ended.err()).contains(why);
    assertThat(ended.err().lines()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a,a\\n1,2\\n|two columns 'a'",
        "a,\\n1,2\\n|column 2 of the header has no name",
        "a,b\\n1,2\\n1,2,3\\n|record 2 (up to line 3) has 3 fields, the header 2",
        "a,b\\n1,\"2\\n|quote in line 2 is never closed",
      })
  void aTableThatIsNoneIsRefusedInOneLine(String table, String why) throws Exception {
    String file = piecework.write("t.csv", table.replace("\\n", "\n")).toString();
    Piecework.Ended ended =
        piecework.here("fill", "q", "--format", "csv", "--from", file).expect(2);

    assertThat(ended.err()).contains(why);
    assertThat(ended.err().lines()).hasSize(1);
  }

  /** Each example of the page, whose words stand between spaces or single quotes. */
  @Test
  void theExamplesOfThePageDoWhatTheyAreSaidToDo() throws Exception {
    String page = Files.readString(Path.of("../docs/command-line.md"));
    String table = piecework.write("people.csv", fenced(page, "csv").getFirst()).toString();
    List<String> commands = fenced(page, "fields");
    assertThat(commands).hasSizeGreaterThan(4);
    for (String example : commands) {
      String[] parts = example.split("\n", 2);
      List<String> words = new ArrayList<>();
      Matcher word = Pattern.compile("'([^']*)'|(\\S+)").matcher(parts[0]);
      while (word.find()) {
        String one = word.group(1) == null ? word.group(2) : word.group(1);
        words.add(one.equals("people.csv") ? table : one);
      }
      Piecework.Ended ended =
          piecework.here(words.subList(2, words.size()).toArray(String[]::new)).expect(0);
      assertThat(ended.out()).as(parts[0]).isEqualTo(parts[1]);
    }
  }

  private static List<String> fenced(String page, String word) {
    List<String> all = new ArrayList<>();
    Matcher block = Pattern.compile("(?s)```" + word + "\n(.*?)```").matcher(page);
    while (block.find()) {
      all.add(block.group(1));
    }
    return all;
  }
}
