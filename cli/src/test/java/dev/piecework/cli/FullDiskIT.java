package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testrun.Needs;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A disk that is really full, of a size of its own, under all that a run writes. */
@Tag("process")
class FullDiskIT {

  private static final int ITEMS = 120;

  private static final String SCRIPT =
      """
      mkdir disk kept && mount -t tmpfs -o size=SIZE none disk || exit 99
      run() {
        "$PIECEWORK" run -q q -p 2 --from list "$@" --sh 'printf "result of $1"; printf "error of $1" >&2' 2>err
        echo "exit $?"
        tail -1 err
      }
      run WHAT
      # Without what it was mounted with: of a user who is not root that has a uid, which no remount takes.
      mount -t tmpfs -o remount,size=64m none "$PWD/disk" || exit 98
      run --resume WHAT
      cp -r disk/. kept
      """;

  @RegisterExtension final Piecework piecework = new Piecework();

  private void runs(String size, String what) throws Exception {
    piecework.write(
        "list", String.join("\n", IntStream.rangeClosed(1, ITEMS).mapToObj(i -> "i" + i).toList()));
    var ended =
        piecework
            .startProgram(
                "unshare", "-rm", "sh", "-c", SCRIPT.replace("WHAT", what).replace("SIZE", size))
            .end()
            .expect(0);
    List<String> lines = ended.lines();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).as(ended.out()).isEqualTo("exit 74");
    assertThat(lines.get(1)).contains("No space left on device", "--resume -q q");
    assertThat(lines.get(2)).as(ended.out()).isEqualTo("exit 0");
  }

  /** What fills the disk is the first to say so; the others have to be whole in the end too. */
  @Test
  @Needs("unshare")
  void whatWasCutIsCompletedAndNothingIsThereTwice() throws Exception {
    runs("512k", "--results disk/out.csv --output-dir disk/out --joblog disk/log");
    checkRows();
    for (int id = 1; id <= ITEMS; id++) {
      assertThat(piecework.file("kept/out/" + id + "/stdout")).hasContent("result of i" + id);
      assertThat(piecework.file("kept/out/" + id + "/meta.json")).isNotEmptyFile();
    }
    try (Stream<java.nio.file.Path> all = Files.walk(piecework.file("kept/out"))) {
      assertThat(all.filter(Files::isRegularFile)).as("nothing else").hasSize(3 * ITEMS);
    }
  }

  @Test
  @Needs("unshare")
  void soAreResultsAndJobLogWithoutFolders() throws Exception {
    runs("12k", "--results disk/out.csv --joblog disk/log");
    checkRows();
  }

  private void checkRows() throws Exception {
    List<String> rows = Files.readAllLines(piecework.file("kept/out.csv"));
    assertThat(rows).hasSize(ITEMS + 1);
    assertThat(rows.stream().skip(1).map(row -> row.split(",", -1)[1]).distinct()).hasSize(ITEMS);
    List<String> log = Files.readAllLines(piecework.file("kept/log"));
    assertThat(log).allMatch(line -> line.split("\t", -1).length == 9);
    assertThat(log.stream().skip(1).map(line -> line.split("\t", -1)[0]).distinct()).hasSize(ITEMS);
  }
}
