package dev.piecework.cli.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.Item;
import dev.piecework.cli.verb.Refusal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records in another order than the input's. */
class OrderedRecordsTest {

  private static final long ROOM = 1L << 30;

  private static List<String> read(
      RecordReader.Format format, String idField, RecordOrder order, String input)
      throws IOException {
    return read(format, idField, order, input, ROOM);
  }

  private static List<String> read(
      RecordReader.Format format, String idField, RecordOrder order, String input, long room)
      throws IOException {
    InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    String id = idField.isEmpty() ? null : idField;
    RecordReader records =
        new OrderedRecords(RecordReader.of(in, format, id, 1 << 20), order, room);
    List<String> read = new ArrayList<>();
    for (Item item = records.next(); item != null; item = records.next()) {
      String text = new String(item.payload(), StandardCharsets.UTF_8);
      read.add(item.id() == null ? text : item.id());
    }
    return read;
  }

  private static String lines(int count) {
    return IntStream.range(0, count).mapToObj(n -> n + "\n").collect(Collectors.joining());
  }

  private static List<String> shuffled(long seed, int count) throws IOException {
    return read(RecordReader.Format.LINES, "", new RecordOrder.Shuffled(seed), lines(count));
  }

  private static List<String> sampled(String size, long seed, RecordOrder others)
      throws IOException {
    RecordOrder order = new RecordOrder.SampleFirst(new SampleSize(size), seed, others);
    return read(RecordReader.Format.LINES, "", order, lines(1_000));
  }

  @Test
  void aSampleIsAnyPartOfAllAndBothPartsKeepTheirOrder() throws IOException {
    List<String> all = lines(1_000).lines().toList();
    List<String> sampled = sampled("10%", 3, new RecordOrder.OfInput());
    assertThat(sampled).containsExactlyInAnyOrderElementsOf(all);
    List<Integer> first = sampled.subList(0, 100).stream().map(Integer::valueOf).toList();
    List<Integer> rest = sampled.subList(100, 1_000).stream().map(Integer::valueOf).toList();
    assertThat(first).isSorted().anyMatch(n -> n > 900);
    assertThat(rest).isSorted();
    assertThat(sampled("100", 3, new RecordOrder.OfInput())).isEqualTo(sampled);
    assertThat(sampled("100", 4, new RecordOrder.OfInput())).isNotEqualTo(sampled);
    assertThat(sampled("5000", 4, new RecordOrder.OfInput())).isEqualTo(all);
    // What is shuffled begins with a sample.
    assertThat(sampled("7", 4, new RecordOrder.Shuffled(4))).isEqualTo(shuffled(4, 1_000));
  }

  @Test
  void theSameSeedGivesTheSameOrderOfAllRecords() throws IOException {
    List<String> all = lines(3_000).lines().toList();
    assertThat(shuffled(7, 3_000)).containsExactlyInAnyOrderElementsOf(all).isNotEqualTo(all);
    assertThat(shuffled(7, 3_000)).isEqualTo(shuffled(7, 3_000)).isNotEqualTo(shuffled(8, 3_000));
    assertThat(shuffled(7, 6)).as("on each Java, in each version").containsExactly(GOLDEN);
    assertThat(shuffled(7, 0)).isEmpty();
  }

  private static final String[] GOLDEN = {"4", "1", "0", "2", "5", "3"};

  @Test
  void eachRecordComesToEachPlaceAboutAsOften() throws IOException {
    int[][] places = new int[4][4];
    for (int seed = 0; seed < 4_000; seed++) {
      List<String> order = shuffled(seed * 7_919L, 4);
      for (int at = 0; at < 4; at++) {
        places[at][Integer.parseInt(order.get(at))]++;
      }
    }
    for (int[] place : places) {
      for (int count : place) {
        assertThat(count).isBetween(850, 1_150);
      }
    }
  }

  @Test
  void theLargestComesFirstAndEqualOnesAsTheyCame() throws IOException {
    String json =
        "{\"n\":1,\"a\":{\"n\":9}}\n\n{\"n\":\"2.5\"}\n{\"n\":1e3,\"b\":1}\n{\"b\":2,\"n\":1}\n";
    assertThat(read(RecordReader.Format.JSONL, "", new RecordOrder.LargestField("n"), json))
        .containsExactly(
            "{\"n\":1e3,\"b\":1}",
            "{\"n\":\"2.5\"}",
            "{\"n\":1,\"a\":{\"n\":9}}",
            "{\"b\":2,\"n\":1}");
    String csv = "\ufeffname,\"n\"\na,1\n\"b, c\",-2\n\nd,\"1\n0\"\ne, 7 \n";
    assertThat(
            read(
                RecordReader.Format.CSV,
                "name",
                new RecordOrder.LargestField("n"),
                csv.replace("\"1\n0\"", "10")))
        .containsExactly("d", "e", "a", "b, c");
  }

  @Test
  void theLargestFileComesFirst(@TempDir Path folder) throws IOException {
    StringBuilder names = new StringBuilder();
    for (int bytes : new int[] {10, 3000, 0, 200}) {
      Path file = folder.resolve("of " + bytes);
      Files.write(file, new byte[bytes]);
      names.append(file).append('\0');
    }
    assertThat(read(RecordReader.Format.NUL, "", new RecordOrder.LargestFile(), names.toString()))
        .extracting(name -> name.substring(name.lastIndexOf(' ') + 1))
        .containsExactly("3000", "200", "10", "0");
    assertThatThrownBy(() ->
            read(
                RecordReader.Format.LINES,
                "",
                new RecordOrder.LargestFile(),
                folder.resolve("of 10") + "\n" + folder + "\n"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("record 2 names '" + folder + "', which is no file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "JSONL|{\"n\":1}@{\"m\":2}|record 2 has no field 'n'",
        "JSONL|{\"n\":[1]}|record 1 has no field 'n'",
        "JSONL|7|record 1 has no field 'n'",
        "JSONL|{\"n\":\"big\"}|record 1 has 'big' in 'n', which is no number",
        "JSONL|{\"n\":\"NaN\"}|record 1 has 'NaN' in 'n'",
        "CSV|n,m@1,2@,2|record 2 has '' in 'n'",
        "CSV|m,n@1,2@3|record 2 has no field 'n'",
        "CSV|m,k@1,2|the header has no column 'n'; it has m, k",
      })
  void whatHasNoSizeIsNamed(RecordReader.Format format, String input, String says) {
    assertThatThrownBy(
            () -> read(format, "", new RecordOrder.LargestField("n"), input.replace('@', '\n')))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(says);
  }

  @Test
  void whatHasNoEndIsRefusedBeforeItFillsTheMemory() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return '\n';
          }
        };
    RecordReader records =
        new OrderedRecords(
            RecordReader.of(endless, RecordReader.Format.LINES, null, 1 << 20),
            new RecordOrder.Shuffled(1),
            1 << 20);
    assertThatThrownBy(records::next)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("or has no end: nothing was filled");
  }

  @Test
  void longRecordsAndIdsThatOnlySomeHaveAreKept() {
    PackedRecords records = new PackedRecords(ROOM);
    byte[] long1 = new byte[3 << 20];
    long1[long1.length - 1] = 7;
    records.add(Item.of("a"));
    records.add(Item.of(long1).withId("long"));
    records.add(Item.of(new byte[0]));
    records.add(Item.of("b").withId("x"));
    assertThat(records.get(1).payload()).isEqualTo(long1);
    assertThat(records.get(1).id()).isEqualTo("long");
    assertThat(records.get(0).id()).isNull();
    assertThat(records.get(2).payload()).isEmpty();
    assertThat(records.get(3).payload()).asString().isEqualTo("b");
    assertThat(records.get(3).id()).isEqualTo("x");
  }
}
