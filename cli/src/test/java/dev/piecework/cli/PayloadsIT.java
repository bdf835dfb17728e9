package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Payloads are bytes: whatever they are, they pass through unharmed and are never run. */
class PayloadsIT {

  private static final List<String> NASTY =
      List.of(
          "",
          " ",
          "-x",
          "--help",
          "$(touch harm)",
          "`touch harm`",
          "; touch harm",
          "a'b\"c",
          "{}",
          "{id}",
          "@file",
          "%s\\n",
          "tab\there",
          "\u001b[31mred",
          "ümläut €",
          "back\\slash",
          "carriage\r");

  @RegisterExtension final Piecework piecework = new Piecework();

  private void assertNoHarm() {
    assertThat(piecework.file("harm")).doesNotExist();
  }

  // The argument itself, byte by byte, into a file named by the item's id.
  private static final String[] KEEP = {"--sh", "printf %s \"$1\" > got.$PIECEWORK_ID"};

  private byte[] got(int id) throws Exception {
    return Files.readAllBytes(piecework.file("got." + id));
  }

  @Test
  void linesPassUnharmed() throws Exception {
    String input = String.join("\n", NASTY) + "\nlast";

    piecework.runWith(input, "run", "--keep-blank", KEEP[0], KEEP[1]).expect(0);

    for (int i = 0; i < NASTY.size(); i++) {
      assertThat(new String(got(i + 1), StandardCharsets.UTF_8)).isEqualTo(NASTY.get(i));
    }
    assertThat(got(NASTY.size() + 1)).asString().isEqualTo("last");
    assertNoHarm();
  }

  @Test
  void argumentsPassUnharmed() throws Exception {
    List<String> words = new ArrayList<>(List.of("fill", "q", "--"));
    words.addAll(NASTY);
    piecework.run(words.toArray(String[]::new)).expect(0);
    piecework.run("work", "q", KEEP[0], KEEP[1]).expect(0);

    for (int i = 0; i < NASTY.size(); i++) {
      assertThat(new String(got(i + 1), StandardCharsets.UTF_8)).isEqualTo(NASTY.get(i));
    }
    assertNoHarm();
  }

  @Test
  void argumentsThatAreNoTextPassUnharmed() throws Exception {
    piecework
        .startProgram("bash", "-c", "\"$PIECEWORK\" fill q -- $'a\\xff\\xfeb' plain $'\\xc3'")
        .end()
        .expect(0);
    piecework.run("work", "q", KEEP[0], KEEP[1]).expect(0);

    assertThat(got(1)).containsExactly('a', 0xff, 0xfe, 'b');
    assertThat(got(2)).asString().isEqualTo("plain");
    assertThat(got(3)).containsExactly(0xc3);
  }

  @Test
  void recordsWithNewlinesPassUnharmed() throws Exception {
    String input = "two\nlines\0\0\n\0last";

    piecework.runWith(input, "run", "--format", "nul", KEEP[0], KEEP[1]).expect(0);

    assertThat(got(1)).asString().isEqualTo("two\nlines");
    assertThat(got(2)).isEmpty();
    assertThat(got(3)).asString().isEqualTo("\n");
    assertThat(got(4)).asString().isEqualTo("last");
  }

  @Test
  void anyBytesPassOnStandardInput() throws Exception {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    byte[] large = new byte[1 << 20];
    new Random(1).nextBytes(large);
    ByteArrayOutputStream input = new ByteArrayOutputStream();
    for (byte[] payload : List.of(all, large, new byte[0])) {
      String base64 = Base64.getEncoder().encodeToString(payload);
      input.writeBytes(
          ("{\"payloadBase64\":\"" + base64 + "\"}\n").getBytes(StandardCharsets.UTF_8));
    }

    piecework
        .runWith(
            input.toByteArray(),
            "run",
            "--format",
            "jsonl",
            "--stdin",
            "--results",
            "out",
            "--sh",
            "cat > got.$PIECEWORK_ID; cat got.$PIECEWORK_ID")
        .expect(0);

    assertThat(got(1)).isEqualTo(all);
    assertThat(got(2)).isEqualTo(large);
    assertThat(got(3)).isEmpty();
    String base64 = Base64.getEncoder().encodeToString(all);
    assertThat(Files.readString(piecework.file("out")))
        .contains("\"payloadBase64\":\"" + base64 + "\"", "\"resultBase64\":\"" + base64 + "\"");
  }

  @Test
  void aPayloadOfOneMebibyteIsTakenAndALargerOneRefused() throws Exception {
    Path large = piecework.write("large", "x".repeat(1 << 20));
    piecework.run("fill", "q", "--from", large.toString()).expect(0);
    Path larger = piecework.write("larger", "x".repeat((1 << 20) + 1));

    var refused = piecework.run("fill", "q", "--from", larger.toString()).expect(2);

    assertThat(refused.err()).contains("1048577", "1048576").hasLineCount(1);
  }

  @Test
  void nothingReachesTheTerminalThatCouldHarmIt() throws Exception {
    piecework.here("fill", "q", "--", "\u001b[2Jgone\r\u202etxt\u0007").expect(0);

    assertThat(piecework.here("items", "q").expect(0).out())
        .contains("\\x1b[2Jgone\\r")
        .doesNotContain("\u001b", "\u202e", "\u0007");
  }

  @Test
  void jsonAndCsvRecordsKeepTheirText() throws Exception {
    String json = "{\"id\":\"x1\",\"n\": 1}\n\n{\"payload\":\"plain\",\"id\":\"x2\"}\n";
    piecework.runWith(json, "fill", "q", "--format", "jsonl", "--id", "id").expect(0);
    String csv = "name,text\r\nx3,\"a, \"\"b\"\"\nc\"\r\nx4,d\r\n";
    piecework
        .runWith(
            csv, "fill", "q", "--format", "csv", "--raw-records", "--id", "name", "--as", "csv")
        .expect(0);
    piecework.run("work", "q", KEEP[0], KEEP[1]).expect(0);

    assertThat(piecework.file("got.x1")).hasContent("{\"id\":\"x1\",\"n\": 1}");
    assertThat(piecework.file("got.x2")).hasContent("plain");
    assertThat(Files.readString(piecework.file("got.x3"))).isEqualTo("x3,\"a, \"\"b\"\"\nc\"");
    assertThat(piecework.file("got.x4")).hasContent("x4,d");
  }
}
