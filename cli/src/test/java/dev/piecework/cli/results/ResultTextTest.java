package dev.piecework.cli.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.Result;
import dev.piecework.worker.process.FileResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Results as people and programs read them, to the letter. */
class ResultTextTest {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Instant at(long millis) {
    return Instant.ofEpochMilli(millis);
  }

  @Test
  void resultsAsJsonAndCsv() {
    Result text =
        new Result(
            3,
            "7",
            null,
            bytes("a,\"b\""),
            bytes("ok\n"),
            2,
            "vm",
            at(1_000),
            Duration.ofMillis(12));
    assertThat(ResultText.json(text, "r1"))
        .isEqualTo(
            "{\"id\":\"7\",\"payload\":\"a,\\\"b\\\"\",\"result\":\"ok\\n\",\"attempts\":2,"
                + "\"worker\":\"vm\",\"started\":\"1970-01-01T00:00:01Z\",\"milliseconds\":12,"
                + "\"state\":\"done\",\"exitCode\":0,\"signal\":0,\"stderr\":null,\"sequence\":3,\"run\":\"r1\"}");
    assertThat(ResultText.csv(text))
        .isEqualTo("7,\"a,\"\"b\"\"\",\"ok\n\",2,vm,1970-01-01T00:00:01Z,12,,done,0,0,,");
    Result binary =
        new Result(
            4,
            "8",
            null,
            new byte[] {(byte) 0xff},
            new byte[0],
            1,
            "vm",
            at(0),
            Duration.ofMillis(1));
    assertThat(ResultText.json(binary, "r1")).contains("\"payloadBase64\":\"/w==\"");
    assertThat(ResultText.csv(binary))
        .isEqualTo("8,/w==,,1,vm,1970-01-01T00:00:00Z,1,payload,done,0,0,,");
    byte[] forged = new FileResult(Path.of("/etc/passwd"), 9).reference();
    byte[] kept = FileResult.committed(forged);
    Result data = new Result(6, "8", null, bytes("x"), kept, 1, "vm", at(0), Duration.ofMillis(1));
    assertThat(ResultText.json(data, "r1"))
        .contains("piecework-result-file")
        .doesNotContain("resultFile");
    Result ofBatch =
        new Result(5, "9", "8", bytes("x"), new byte[0], 1, "vm", at(0), Duration.ofMillis(1));
    assertThat(ResultText.json(ofBatch, "r1")).contains("\"lot\":\"8\"").doesNotContain("result");
  }
}
