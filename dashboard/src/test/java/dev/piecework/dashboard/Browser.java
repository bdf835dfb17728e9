package dev.piecework.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a dashboard as the page does, and as one who should not. */
final class Browser implements AutoCloseable {

  static final String TOKEN = "a-token-that-nobody-guesses";

  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;
  private final String cookie;

  private Browser(int port) throws IOException, InterruptedException {
    this.port = port;
    HttpResponse<String> traded =
        client.send(
            HttpRequest.newBuilder(address("/?token=" + TOKEN)).build(), BodyHandlers.ofString());
    assertThat(traded.statusCode()).as(traded.body()).isEqualTo(303);
    cookie = traded.headers().firstValue("Set-Cookie").orElseThrow();
  }

  /** One that has opened the printed address. */
  static Browser at(Dashboard dashboard) throws IOException, InterruptedException {
    return new Browser(dashboard.port());
  }

  /** The header that set it. */
  String cookie() {
    return cookie;
  }

  URI address(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(address(path)).header("Cookie", cookie.split(";", 2)[0]);
  }

  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).build());
  }

  JsonNode json(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonMapper().readTree(answer.body());
  }

  /** As the page's own script does. */
  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .header("Origin", "http://127.0.0.1:" + port)
            .header("Sec-Fetch-Site", "same-origin")
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  /** The first line of the answer to a request of these very lines. */
  String raw(String... lines) throws IOException {
    List<String> all = new ArrayList<>(List.of(lines));
    all.add("Connection: close");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write((String.join("\r\n", all) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.lines().findFirst().orElse("");
    }
  }

  /** For {@link #raw}: the cookie's line. */
  String cookieLine() {
    return "Cookie: " + cookie.split(";", 2)[0];
  }

  @Override
  public void close() {
    client.close();
  }
}
