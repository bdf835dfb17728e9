package dev.piecework.cli.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.FillRefusedException;
import dev.piecework.Item;
import dev.piecework.QueueSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lists as people and other systems write them. */
class LineRecordsTest {

  private static final long ALL = Long.MAX_VALUE;

  private final List<String> said = new ArrayList<>();
  private final InputNotices notices = new InputNotices(said::add);

  private RecordReader reader(String input, LineRules rules, boolean unique) {
    return new RecordFormat(
            RecordReader.Format.LINES,
            null,
            unique,
            new RecordOrder.OfInput(),
            new RecordFormat.Rules(rules, TableForm.RAW, null))
        .reader(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            QueueSettings.DEFAULTS,
            notices);
  }

  private List<Item> items(String input, LineRules rules, boolean unique) throws IOException {
    RecordReader reader = reader(input, rules, unique);
    List<Item> items = new ArrayList<>();
    for (Item item = reader.next(); item != null; item = reader.next()) {
      items.add(item);
    }
    notices.sayAtTheEnd();
    return items;
  }

  private List<String> texts(String input, LineRules rules) throws IOException {
    return items(input, rules, false).stream()
        .map(item -> new String(item.payload(), StandardCharsets.UTF_8))
        .toList();
  }

  @Test
  void aPlainListIsReadAsItIsAndNothingIsSaid() throws IOException {
    assertThat(texts("a\n b \nc", LineRules.DEFAULT)).containsExactly("a", " b ", "c");
    assertThat(said).isEmpty();
  }

  @Test
  void blankLinesAreSkippedAndCounted() throws IOException {
    assertThat(texts("\na\n\n \t\nb\n\r\n", LineRules.DEFAULT)).containsExactly("a", "b");
    assertThat(said)
        .containsExactly("4 blank lines were skipped (--keep-blank makes items of them)");
  }

  @Test
  void blankLinesAreItemsWhenAskedFor() throws IOException {
    assertThat(texts("\na\n \n", new LineRules(true, false, 0, ALL))).containsExactly("", "a", " ");
    assertThat(said).isEmpty();
  }

  @Test
  void aByteOrderMarkIsDroppedOnceAndBlankBehindItIsBlank() throws IOException {
    assertThat(texts("\ufeffa\n\ufeffb\n", LineRules.DEFAULT)).containsExactly("a", "\ufeffb");
    assertThat(texts("\ufeff\nb\n", LineRules.DEFAULT)).containsExactly("b");
  }

  @Test
  void returnsAreTakenOffWhereTheFirstLineEndsInOne() throws IOException {
    assertThat(texts("\ufeffa\r\nb\r\nc\r\r\nd", LineRules.DEFAULT))
        .containsExactly("a", "b", "c\r", "d");
    assertThat(said)
        .containsExactly("the lines end in CR LF: the CR is taken off (--keep-cr leaves it)");
  }

  @Test
  void returnsStayWhenAskedForAndWhereTheFirstLineHasNone() throws IOException {
    assertThat(texts("a\r\nb\r\n", new LineRules(false, true, 0, ALL)))
        .containsExactly("a\r", "b\r");
    assertThat(said).isEmpty();
    assertThat(texts("a\nb\r\n", LineRules.DEFAULT)).containsExactly("a", "b\r");
    assertThat(said.getFirst()).startsWith("1 line ends in CR LF and the first one does not");
  }

  @Test
  void aPartIsCountedInRecordsAndNotInLines() throws IOException {
    LineRules part = new LineRules(false, false, 1, 2);
    assertThat(texts("\na\n\nb\n\nc\nd\n", part)).containsExactly("b", "c");
    assertThat(texts("a\n", part)).isEmpty();
  }

  @Test
  void equalLinesHaveTheSameIdAndNoIdIsOneThatTheQueueCounts() throws IOException {
    List<Item> items = items("1\n2\n1\n" + "x".repeat(10_000) + "\n", LineRules.DEFAULT, true);
    assertThat(items).extracting(Item::id).doesNotContainNull();
    assertThat(items.get(0).id()).isEqualTo(items.get(2).id()).hasSize(32);
    assertThat(items.stream().map(Item::id).distinct()).hasSize(3);
  }

  @Test
  void aRefusedContinuationSaysHowAnEarlierVersionReadTheList() throws IOException {
    FillRefusedException refused = new FillRefusedException("differs");
    assertThat(notices.explained(refused)).isSameAs(refused);
    texts("a\r\n\r\nb\r\n", LineRules.DEFAULT);
    assertThat(notices.explained(refused)).hasMessageContaining("--keep-blank --keep-cr");
  }
}
