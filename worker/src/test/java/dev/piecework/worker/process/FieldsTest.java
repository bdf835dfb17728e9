package dev.piecework.worker.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.worker.Attempt;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Places for the fields of a record. */
class FieldsTest {

  private static final String RECORD =
      "{\"name\":\"a \\\"b\\\"\\n\\u00e4\\ud83d\\ude00\",\"n\":12.50,\"deep\":{\"x\":{\"y\":\"z\"},\"l\":[1, \"}\"]},"
          + " \"none\":null,\"k\\u0065y\":true,\"x.y\":\"dotted\",\"b-c_1\":\"\",\"7\":\"seven\"}";

  private static Attempt item(String payload) {
    return new Attempt("1", payload.getBytes(UTF_8), 1, 1);
  }

  private static CommandTemplate echo(FieldPlaces places, String... words) {
    List<String> argv = new java.util.ArrayList<>(List.of("/bin/echo"));
    argv.addAll(List.of(words));
    return CommandTemplate.of(argv).withFields(places);
  }

  private static List<String> filled(CommandTemplate template, Attempt... attempts)
      throws Exception {
    return template.arguments(List.of(attempts), 1).stream()
        .skip(1)
        .map(bytes -> new String(bytes, UTF_8))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{n}|12.50",
        "{2}|12.50",
        "{7}|seven",
        "{key}|true",
        "{deep.x.y}|z",
        "{deep.x}|{\"y\":\"z\"}",
        "{deep.l}|[1, \"}\"]",
        "{x.y}|dotted",
        "{b-c_1}.|.",
        "a{n}b{key}|a12.50btrue",
        "${n}|${n}",
        "{ n }|{ n }",
        "{a,b}|{a,b}",
        "{1..3}|{1..3}",
        "{print $1}|{print $1}",
        "{-x}|{-x}",
      })
  void aFieldIsPutInAndNothingElse(String word, String argument) throws Exception {
    assertThat(filled(echo(FieldPlaces.ALWAYS, word, "{id}"), item(RECORD)).getFirst())
        .isEqualTo(argument);
  }

  @Test
  void escapesBecomeWhatTheyStandForAndAreNotLookedAtAgain() throws Exception {
    assertThat(filled(echo(FieldPlaces.ALWAYS, "{name}"), item(RECORD)))
        .containsExactly("a \"b\"\n\u00e4\ud83d\ude00");
    assertThat(filled(echo(FieldPlaces.ALWAYS, "{a}"), item("{\"a\":\"{n}{id}\",\"n\":1}")))
        .containsExactly("{n}{id}");
    assertThat(filled(echo(FieldPlaces.ALWAYS, "{a}"), item("{\"a\":1,\"a\":2}")))
        .containsExactly("2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{nme}", "{none}", "{deep.q}", "{n.x}", "{99}"})
  void aRecordWithoutTheFieldSaysWhichItLacks(String word) {
    assertThat(echo(FieldPlaces.ALWAYS, word).unfilled(item(RECORD)).orElse(""))
        .contains("no field '" + word.substring(1, word.length() - 1) + "'")
        .contains("it has name, n, deep");
    assertThat(echo(FieldPlaces.OF_RECORDS, word).unfilled(item(RECORD))).isPresent();
    assertThat(echo(FieldPlaces.NONE, word).unfilled(item(RECORD))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "", "{", "{n}", "[1]", "{\"n\":}", "{\"n\":1}x", "{\"n\":1,}"})
  void aPayloadThatIsNoRecordHasNoFields(String payload) throws Exception {
    assertThat(filled(echo(FieldPlaces.OF_RECORDS, "{n}"), item(payload)))
        .containsExactly("{n}", payload);
    assertThat(echo(FieldPlaces.OF_RECORDS, "{n}").unfilled(item(payload))).isEmpty();
    assertThat(echo(FieldPlaces.ALWAYS, "{n}").unfilled(item(payload)).orElse(""))
        .contains("no record");
  }

  @Test
  void aBatchRepeatsAFieldForEachItem() throws Exception {
    CommandTemplate template = echo(FieldPlaces.OF_RECORDS, "-a", "{n}");
    assertThat(filled(template, item("{\"n\":1}"), item("{\"n\":2}")))
        .containsExactly("-a", "1", "2");
    assertThat(template.isMixture(List.of(item("{\"n\":1}"), item("text")))).isTrue();
    assertThat(template.isMixture(List.of(item("a"), item("text")))).isFalse();
  }

  @Test
  void aFieldInTheTextOfAProgramIsAPlaceOnlyWhereItemsAreKnownToBeRecords() throws Exception {
    List<String> words = List.of("/bin/sh", "-c", "awk {print}", "sh", "{n}");
    CommandTemplate known = CommandTemplate.of(words).withFields(FieldPlaces.ALWAYS);
    assertThat(known.programWithItem()).hasValue("awk {print}");
    CommandTemplate unknown = CommandTemplate.of(words).withFields(FieldPlaces.OF_RECORDS);
    assertThat(unknown.programWithItem()).isEmpty();
    assertThat(filled(unknown, item("{\"n\":1}"))).containsExactly("-c", "awk {print}", "sh", "1");
    assertThat(
            CommandTemplate.of(words)
                .withFields(FieldPlaces.OF_RECORDS_AND_PROGRAMS)
                .programWithItem())
        .isPresent();
  }

  @Test
  void aTextBesideTheCommandHasFieldsWhereThereAreSome() {
    PlacedText text = PlacedText.of("{id} {n}");
    assertThat(text.filled(item("{\"n\":\"x\"}"), 1)).isEqualTo("1 x".getBytes(UTF_8));
    assertThat(text.filled(item("plain"), 1)).isEqualTo("1 {n}".getBytes(UTF_8));
    assertThat(text.filled(item("{\"m\":1}"), 1)).isEqualTo("1 {n}".getBytes(UTF_8));
  }

  @Test
  void fieldsBecomeVariables() {
    CommandTemplate template = echo(FieldPlaces.ALWAYS, "x").withFieldVariables();
    assertThat(template.variables(item("{\"unit-price\":1.0,\"B\":null,\"\u00e4\":\"x=y\"}")))
        .extracting(bytes -> new String(bytes, UTF_8))
        .containsExactly("ITEM_UNIT_PRICE=1.0", "ITEM__=x=y");
    assertThat(template.unfilled(item("text")).orElse("")).contains("no record");
  }
}
