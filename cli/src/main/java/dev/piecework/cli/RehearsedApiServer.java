package dev.piecework.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * As much of a Kubernetes API server as the verbs of {@code kube} need to be rehearsed: it keeps
 * the objects that it is sent by their paths, and answers with them. No controller works on them.
 */
final class RehearsedApiServer implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();

  /** Of one object, after its group and version: the namespace, its kind, its name, and a part. */
  private static final Pattern OBJECT =
      Pattern.compile("/[a-z]+/.*(v1|v2|v1alpha1)/[^/]+/[^/]+(/[^/]+/[^/]+)?(/log)?");

  private final Map<String, ObjectNode> objects = new TreeMap<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  RehearsedApiServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** Keeps an object, over what is there under this path. */
  synchronized void put(String path, String json) {
    ObjectNode sent = (ObjectNode) JSON.readTree(json);
    ObjectNode there = objects.computeIfAbsent(path, _ -> JSON.createObjectNode());
    merge(there, sent);
  }

  private static void merge(ObjectNode there, ObjectNode sent) {
    sent.properties()
        .forEach(property -> {
          JsonNode old = there.get(property.getKey());
          if (old instanceof ObjectNode known && property.getValue() instanceof ObjectNode part) {
            merge(known, part);
          } else {
            there.set(property.getKey(), property.getValue());
          }
        });
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String answer = answer(exchange.getRequestMethod(), path, body);
    byte[] bytes =
        (answer.isEmpty() ? "{\"kind\":\"Status\",\"code\":404}" : answer)
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.isEmpty() ? 404 : 200, bytes.length);
    try (exchange) {
      exchange.getResponseBody().write(bytes);
    }
  }

  /** Empty when there is no such object. */
  private synchronized String answer(String method, String path, String body) {
    switch (method) {
      case "PATCH" -> put(path, body);
      case "POST" -> {
        return body;
      }
      case "DELETE" -> {
        return objects.remove(path) == null
            ? ""
            : "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Success\",\"details\":{\"name\":\"it\"}}";
      }
      default -> {}
    }
    if (path.endsWith("/log")) {
      return "a line\n";
    }
    ObjectNode one = objects.get(path);
    if (one != null) {
      return one.toString();
    }
    return OBJECT.matcher(path).matches() ? "" : list(path).toString();
  }

  private ObjectNode list(String path) {
    ObjectNode list = JSON.createObjectNode();
    list.putObject("metadata");
    var items = list.putArray("items");
    objects.forEach((name, object) -> {
      if (name.startsWith(path + "/")) {
        items.add(object);
      }
    });
    return list;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
