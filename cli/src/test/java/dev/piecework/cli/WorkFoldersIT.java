package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where commands run, and put what is temporary: docs/commands.md. */
class WorkFoldersIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  private Piecework.Ended run(String list, String... words) throws Exception {
    String from = piecework.write("list", list).toString();
    List<String> all = new ArrayList<>(List.of("run", "-p", "1", "--attempts", "1"));
    all.addAll(List.of("--in-order", "--from", from));
    all.addAll(List.of(words));
    return piecework.here(all.toArray(String[]::new));
  }

  @Test
  void eachItemHasAFolderWhichIsKeptOrRemovedAfterSuccess() throws Exception {
    Path work = piecework.file("work");
    String program = "pwd; touch made; mkdir -p in; touch in/it; [ \"$1\" != bad ]";

    var kept = run("fine\nbad\n", "--work-dir", work + "/{id}", "--sh", program).expect(1);
    assertThat(kept.lines()).containsExactly(work.resolve("1").toString());
    assertThat(work.resolve("1/in/it")).exists();
    assertThat(work.resolve("2/made")).exists();

    String[] clean = {"--work-dir", work + "/of {}", "--clean-work-dir", "--sh", program};
    run("fine\nbad\n../up\n", clean).expect(1);
    assertThat(work.resolve("of fine")).doesNotExist();
    assertThat(work.resolve("of bad/in/it")).exists();
    // What an item says is one name.
    assertThat(work).isDirectory();
    assertThat(piecework.file("up")).doesNotExist();
  }

  @Test
  void aCommandHasATemporaryFolderOfItsOwnUntilItsEnd() throws Exception {
    Path tmp = piecework.file("tmp");
    String program =
        "touch \"$TMPDIR/x\"; ls \"$TMPDIR\"; echo \"$TMPDIR\"; env | grep -c ^TMPDIR=";

    List<String> printed =
        run("a\n", "--tmp-dir", tmp.toString(), "--sh", program).expect(0).lines();

    assertThat(printed.getFirst()).isEqualTo("x");
    assertThat(printed.get(1)).startsWith(tmp + "/piecework-");
    assertThat(printed.getLast()).isEqualTo("1");
    assertThat(tmp).isEmptyDirectory();
  }

  @Test
  void allRunInAnotherFolder() throws Exception {
    Path there = Files.createDirectory(piecework.file("there"));
    Files.writeString(there.resolve("a"), "of there");

    assertThat(run("a\n", "--chdir", there.toString(), "--", "cat").expect(0).out())
        .isEqualTo("of there");
  }

  @Test
  void aFolderThatCannotBeMadeIsSaidAndResumeGoesOn() throws Exception {
    Path file = piecework.write("work", "a file");
    String[] words = {"-q", "w", "--work-dir", file + "/{id}", "--", "pwd"};

    // A process of its own, which is gone then: so its fill is known to be over.
    String list = piecework.write("list", "a\n").toString();
    List<String> first = new ArrayList<>(List.of("run", "--from", list));
    first.addAll(List.of(words));
    assertThat(piecework.run(first.toArray(String[]::new)).expect(74).err())
        .contains("cannot make the folder " + file + "/1", "--resume -q w");
    Files.delete(file);
    List<String> again = new ArrayList<>(List.of("--resume"));
    again.addAll(List.of(words));
    assertThat(run("a\n", again.toArray(String[]::new)).expect(0).out()).isEqualTo(file + "/1\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --work-dir d -- true                    | is one folder for all
          --work-dir d/{//} -- true               | may have {id}
          --work-dir d/{id} --batch 2 -- true     | {slot} is there for it
          --work-dir d/{id} --child -- cat        | a --child lives longer
          --work-dir d/{id} --chdir / -- true     | exclude each other
          --clean-work-dir -- true                | goes with --work-dir
          --chdir /nowhere -- true                | there is no such folder
          """)
  void whatMakesNoSenseIsRefused(String words, String why) throws Exception {
    assertThat(run("a\n", words.split(" ")).expect(2).err()).hasLineCount(1).contains(why);
  }
}
