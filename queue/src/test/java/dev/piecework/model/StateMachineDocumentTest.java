package dev.piecework.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.model.Row.Move;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds docs/state-machine.md against the table; with -Dstates.write makes its part. */
class StateMachineDocumentTest {

  private static final Path DOCUMENT = Path.of("../docs/state-machine.md");
  private static final String BEGIN = "<!-- table: begin -->\n";
  private static final String END = "<!-- table: end -->";

  @Test
  void thePartAboutStatesAndArrowsIsWhatTheTableSays() throws IOException {
    String document = Files.readString(DOCUMENT);
    int begin = document.indexOf(BEGIN) + BEGIN.length();
    int end = document.indexOf(END);
    String made = diagram() + states() + arrows() + others() + laws();
    if (System.getProperty("states.write") != null) {
      Files.writeString(DOCUMENT, document.substring(0, begin) + made + document.substring(end));
      return;
    }
    assertThat(document.substring(begin, end)).isEqualTo(made);
  }

  private static String diagram() {
    Map<Move, String> names = new LinkedHashMap<>();
    for (Row row : Table.correct().rows()) {
      if (isArrow(row)) {
        for (Move move : row.said().moves()) {
          names.merge(move, row.name(), (a, b) -> b.startsWith(a) ? a : a + ", " + b);
        }
      }
    }
    StringBuilder text = new StringBuilder("```mermaid\nstateDiagram-v2\n");
    names.forEach((move, name) -> {
      if (!(move.to() == ItemState.NOTHING && name.equals("purge"))) {
        text.append("    ").append(node(move.from())).append(" --> ").append(node(move.to()));
        text.append(" : ").append(name.replace(", purge", "")).append('\n');
      }
    });
    return text.append("```\n\n").toString();
  }

  private static String node(ItemState itemState) {
    return itemState == ItemState.NOTHING ? "[*]" : itemState.word();
  }

  private static String states() {
    StringBuilder text = new StringBuilder("| state | means | final |\n|---|---|---|\n");
    for (ItemState itemState : ItemState.values()) {
      if (itemState != ItemState.LOST && itemState != ItemState.NOTHING) {
        row(text, itemState.word(), itemState.means(), itemState.isFinal());
      }
    }
    return text.append('\n').toString();
  }

  private static String arrows() {
    StringBuilder text = new StringBuilder("| arrow | from | to | who | what it does |\n");
    text.append("|---|---|---|---|---|\n");
    for (Row row : Table.correct().rows()) {
      if (isArrow(row)) {
        List<Move> moves = row.said().moves();
        String from = stages(moves.stream().map(Move::from).toList());
        String to = stages(moves.stream().map(Move::to).toList());
        row(text, row.name(), from, to, row.said().who(), row.said().does());
      }
    }
    return text.append('\n').toString();
  }

  private static String others() {
    StringBuilder text = new StringBuilder("## What moves no item\n\n");
    text.append("| what | who | what it does |\n|---|---|---|\n");
    for (Row row : Table.correct().rows()) {
      if (!isArrow(row)) {
        row(text, row.name(), row.said().who(), row.said().does());
      }
    }
    return text.append('\n').toString();
  }

  private static String laws() {
    StringBuilder text = new StringBuilder("## What holds of every step\n\n");
    for (Laws law : Laws.values()) {
      text.append("- ").append(law.says()).append('\n');
    }
    text.append("- from each state the run can end, drained, without luck and without a person\n");
    return text.toString();
  }

  // That what is delayed falls due while time passes is said once, by its own row.
  private static boolean isArrow(Row row) {
    List<Move> moves = row.said().moves();
    boolean onlyDue = moves.equals(List.of(new Move(ItemState.DELAYED, ItemState.WAITING)));
    return !moves.isEmpty() && (!onlyDue || row.name().equals("due"));
  }

  private static String stages(List<ItemState> stages) {
    return stages.stream().distinct().map(ItemState::word).collect(Collectors.joining(", "));
  }

  private static void row(StringBuilder text, String... cells) {
    text.append(Arrays.stream(cells).collect(Collectors.joining(" | ", "| ", " |\n")));
  }
}
