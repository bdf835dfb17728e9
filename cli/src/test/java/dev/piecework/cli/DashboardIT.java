package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page and the report as a person gets them. */
class DashboardIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  @Test
  void thePageIsServedUntilCtrlC() throws Exception {
    piecework.here("fill", "q", "a", "b", "c").expect(0);
    Piecework.Started ui = piecework.start("ui", "q");
    ui.awaitErr("Ctrl-C ends it");
    String url = ui.out().strip();
    assertThat(url).matches("http://127\\.0\\.0\\.1:\\d+/\\?token=[A-Za-z0-9_-]{32}#/q/q");

    try (HttpClient browser =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      var page =
          browser.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.uri().getQuery()).as("the address afterwards").isNull();
      var queue =
          browser.send(
              HttpRequest.newBuilder(page.uri().resolve("/api/queues/q")).build(),
              BodyHandlers.ofString());
      JsonNode block = new JsonMapper().readTree(queue.body());
      assertThat(block.at("/counts/waiting").asLong()).isEqualTo(3);
      var items =
          browser.send(
              HttpRequest.newBuilder(page.uri().resolve("/api/queues/q/items?state=waiting"))
                  .build(),
              BodyHandlers.ofString());
      assertThat(new JsonMapper().readTree(items.body()).path("items").toString())
          .isEqualTo(
              "["
                  + String.join(
                      ",", piecework.here("items", "q", "--state", "waiting", "-o", "json").lines())
                  + "]");
    }

    ui.signal("INT");
    ui.end().expect(130);
  }

  /** The launcher gives run the jars of the report. */
  @Test
  void aRunWritesItsReportAtTheEndWithItsDeadItems() throws Exception {
    Path report = piecework.file("run.html");

    piecework
        .runWith(
            "1\n2\n3\n",
            "run",
            "-q",
            "q",
            "--attempts",
            "1",
            "--report",
            report.toString(),
            "--",
            "test",
            "2",
            "=")
        .expect(1);

    JsonNode block = new JsonMapper().readTree(piecework.here("report", "q", "-o", "json").out());
    assertThat(block.at("/counts/done").asLong()).isEqualTo(1);
    assertThat(block.path("deadTotal").asLong()).isEqualTo(2);
    assertThat(block.at("/how/command").valueStream().map(JsonNode::asString))
        .as("also by the verb, which did not start it")
        .containsExactly("test", "2", "=");
    assertThat(block.path("dead").size()).isEqualTo(2);
    assertThat(Files.readString(report))
        .contains("\"how\":{\"command\":[\"test\",\"2\",\"=\"]}")
        .contains("\"deadTotal\":2");
    try (Stream<Path> files = Files.list(piecework.folder())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith(".run.html"));
    }
  }

  @Test
  void aRunThatIsInterruptedWritesItToo() throws Exception {
    Path report = piecework.file("run.html");
    Piecework.Started run =
        piecework.start(
            "run",
            "-q",
            "q",
            "--report",
            report.toString(),
            "--sh",
            "echo \"began $1\" >&2; sleep 600");
    run.say("1\n2\n3\n");
    run.awaitErr("began 1");

    run.signal("INT");

    run.end().expect(130);
    assertThat(Files.readString(report)).contains("\"waiting\":");
  }

  @Test
  void whatCannotBeIsSaidInOneLine() throws Exception {
    piecework.here("fill", "q", "a").expect(0);
    Path file = piecework.write("token", "short\n");
    Path good = piecework.write("good", "0123456789abcdef\n");

    assertOneLine(2, "there is no queue 'nothing'", "report", "nothing");
    assertOneLine(2, "there is no folder", "report", "q", "--to", "/no/such/place/x.html");
    assertOneLine(2, "this is a folder", "report", "q", "--to", piecework.folder().toString());
    assertOneLine(2, "leave out -o json", "report", "q", "--to", "x", "-o", "json");
    assertOneLine(2, "there is no folder", "run", "--report", "/no/such/x.html", "--", "true");
    assertOneLine(74, "cannot write the report", "report", "q", "--to", "/dev/full");
    assertOneLine(2, "--token-file FILE", "ui", "--bind", "0.0.0.0");
    assertOneLine(2, "--behind-proxy", "ui", "--bind", "0.0.0.0", "--token-file", good.toString());
    assertOneLine(2, "16 to 200", "ui", "--token-file", file.toString());
    assertOneLine(2, "cannot read", "ui", "--token-file", "/no/such/token");
    assertOneLine(2, "go together", "ui", "--tls-cert-file", good.toString());
    assertOneLine(2, "0 to 65535", "ui", "--port", "70000");
    assertOneLine(2, "no such address", "ui", "--bind", "no.such.host.invalid");
  }

  private void assertOneLine(int code, String text, String... arguments) throws Exception {
    Piecework.Ended ended = piecework.here(arguments).expect(code);
    assertThat(ended.err()).contains(text);
    assertThat(ended.err().lines()).hasSize(1);
  }
}
