package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each line that docs/coming-from.md has for those who come from other tools does what it says, and
 * so do those of the pages on commands and on the command line.
 */
@Tag("slow")
class ComingFromIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  private void prepare() throws IOException {
    for (String name : List.of("a.txt", "b.txt", "c d.txt")) {
      piecework.write(name, "text of " + name + "\n");
    }
    piecework.write("files.txt", "a.txt\nb.txt\nc d.txt\n");
    piecework.write("people.csv", "name,city\n\"Ada, Countess\",London\nBob,York\n");
    piecework.write("jobs.txt", "echo one | tr a-z A-Z\necho two >two.out\n");
    piecework.write("list.txt", "a.txt\nb.txt\n");
    piecework.write("a", "text\n");
    piecework.write("b", "text\n");
    piecework.write("convert.sh", "#!/bin/sh\necho \"converted $1\"\n");
    assertThat(piecework.file("convert.sh").toFile().setExecutable(true)).isTrue();
    Files.createDirectory(piecework.file("bin"));
    piecework.write("bin/piecework", "#!/bin/sh\nexec \"$PIECEWORK\" \"$@\"\n");
    assertThat(piecework.file("bin/piecework").toFile().setExecutable(true)).isTrue();
    Files.createSymbolicLink(piecework.file("piecework"), piecework.file("bin/piecework"));
  }

  /**
   * All of them in one shell, which ends at the first that fails; what a block prints is marked.
   */
  @Test
  void eachLineOfOursIsRun() throws Exception {
    prepare();
    StringBuilder script = new StringBuilder("set -e\nPATH=$PWD/bin:$PATH\n");
    List<Guide.Block> blocks = Guide.of("coming-from.md").blocks();
    for (Guide.Block block : blocks) {
      script.append("echo '== block'\n").append(block.text());
    }
    var ended = piecework.startProgram("sh", "-c", script.toString()).end().expect(0);
    List<String> out = List.of(ended.out().split("== block\n", -1));
    assertThat(out).hasSize(blocks.size() + 1).hasSize(7);

    assertThat(piecework.file("c d.txt.gz")).exists();
    assertThat(piecework.file("a.txt.bak")).exists();
    assertThat(out.get(1)).contains("c d.txt");

    assertThat(piecework.file("b.gz")).exists();
    assertThat(out.get(2))
        .contains("red-S\n", "green-L\n", "Ada, Countess lives in London\n", "ONE\n")
        .contains("c d.txt\tconverted c d.txt\n", "gzip -k a.txt\n");
    assertThat(Files.readString(piecework.file("log.tsv"))).hasLineCount(4);
    assertThat(piecework.file("out/3/stdout")).hasContent("converted c d.txt");
    assertThat(piecework.file("two.out")).exists();

    assertThat(out.get(3)).contains("task 10\n", "converted c d.txt\n");
    assertThat(out.get(4)).contains("\"result\":\"converted b.txt\\n\"");
    assertThat(out.get(5)).contains("3 items added to job2");
    assertThat(out.get(6)).contains("3 items added to upload");
  }

  /** Each block in a shell of its own; some say with their exit code that something is dead. */
  @ParameterizedTest
  @CsvSource({"commands.md, 0 0 0 0 0 0", "command-line.md, 0 0 0 0 0 0 1"})
  void theBlocksOfThePagesDo(String page, String codes) throws Exception {
    prepare();
    StringBuilder script = new StringBuilder();
    for (Guide.Block block : Guide.of(page).blocks()) {
      if (block.notRun().isEmpty()) {
        script.append("(set -e\n").append(block.text()).append(")\necho \"== $?\"\n");
      }
    }
    // What lists a folder lists files alone.
    script.insert(0, "ls() { echo a; echo b; }\n");
    var ended = piecework.startProgram("sh", "-c", script.toString()).end().expect(0);
    String all =
        ended.lines().stream()
            .filter(line -> line.startsWith("== "))
            .map(line -> line.substring(3))
            .collect(Collectors.joining(" "));
    assertThat(all).as("%s%n%s", ended.out(), ended.err()).isEqualTo(codes);
  }
}
