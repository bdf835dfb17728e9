package dev.piecework.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.cli.output.Json;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the mock API server and does what that cannot: port-forwards to real processes, the
 * logs of pods that are real processes, and refusals as a real API server words them.
 */
final class ApiFront implements AutoCloseable {

  private static final Pattern POD =
      Pattern.compile("/api/v1/namespaces/[^/]+/pods/([^/]+)/(log|portforward)(\\?(.*))?");

  private final ServerSocket listening;
  private final int mock;
  private final Map<String, Integer> ports = new ConcurrentHashMap<>();
  private final Map<String, InetAddress> hosts = new ConcurrentHashMap<>();
  private final Map<String, Log> logs = new ConcurrentHashMap<>();
  private final List<Refused> refused = new CopyOnWriteArrayList<>();
  private final Set<Socket> forwards = ConcurrentHashMap.newKeySet();
  private volatile AccessRules rules = AccessRules.ALL;
  private final List<String> requests = new CopyOnWriteArrayList<>();

  private record Log(Path file, Process process) {}

  private record Refused(Pattern request, int code, String message) {}

  ApiFront(int mock) throws IOException {
    this.mock = mock;
    this.listening = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("api front").start(this::takeConnections);
  }

  String url() {
    return "http://127.0.0.1:" + listening.getLocalPort() + "/";
  }

  /** Port-forwards to this pod lead here. */
  void portOf(String pod, int port) {
    ports.put(pod, port);
  }

  /** Port-forwards to this pod lead to the same port of this address. */
  void hostOf(String pod, InetAddress host) {
    hosts.put(pod, host);
  }

  void logOf(String pod, Path file, Process process) {
    logs.put(pod, new Log(file, process));
  }

  /** From now on requests like this, as METHOD PATH, are answered so. */
  void refuse(String request, int code, String message) {
    refused.add(new Refused(Pattern.compile(request), code, message));
  }

  /** From now on this is all that anybody may do. */
  void permit(AccessRules only) {
    rules = only;
  }

  void refuseNothing() {
    refused.clear();
  }

  /** As METHOD PATH. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  /** Ends all port-forwards that are open, as a network does. */
  void breakForwards() {
    forwards.forEach(ApiFront::closed);
  }

  private void takeConnections() {
    while (!listening.isClosed()) {
      try {
        Socket caller = listening.accept();
        Thread.ofVirtual().start(() -> serve(caller));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket caller) {
    try (caller) {
      String head = head(caller.getInputStream());
      String[] first = head.lines().findFirst().orElse("").split(" ", -1);
      if (first.length < 2) {
        return;
      }
      String request = first[0] + " " + first[1];
      requests.add(request);
      for (Refused no : refused) {
        if (no.request.matcher(request).find()) {
          refuse(caller, no);
          return;
        }
      }
      if (request.endsWith("/selfsubjectaccessreviews")) {
        answer(caller, "201 Created", rules.review(caller.getInputStream(), head));
        return;
      }
      String no = rules.refusal(first[0], first[1]);
      if (no != null) {
        refuse(caller, new Refused(Pattern.compile(""), 403, no));
        return;
      }
      Matcher pod = POD.matcher(first[1]);
      if (!pod.matches()) {
        passOn(caller, head);
      } else if (pod.group(2).equals("log")) {
        log(caller, pod.group(1), String.valueOf(pod.group(4)));
      } else {
        forward(caller, head, pod.group(1), String.valueOf(pod.group(4)));
      }
    } catch (IOException gone) {
      // The other side has what it wanted.
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      head.write(next);
    }
    return head.toString(ISO_8859_1);
  }

  private static void refuse(Socket caller, Refused no) throws IOException {
    String reason =
        switch (no.code) {
          case 401 -> "Unauthorized";
          case 403 -> "Forbidden";
          default -> "InternalError";
        };
    answer(
        caller,
        no.code + " " + reason,
        Json.object(json -> {
          json.writeStringProperty("kind", "Status");
          json.writeStringProperty("apiVersion", "v1");
          json.writeStringProperty("status", "Failure");
          json.writeStringProperty("message", no.message);
          json.writeStringProperty("reason", reason);
          json.writeNumberProperty("code", no.code);
        }));
  }

  private static void answer(Socket caller, String status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    caller
        .getOutputStream()
        .write(
            ("HTTP/1.1 "
                    + status
                    + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                    + bytes.length
                    + "\r\n\r\n"
                    + body)
                .getBytes(UTF_8));
    caller.getOutputStream().flush();
    caller.shutdownOutput();
  }

  /** One request for each connection, so that every one is looked at. */
  private void passOn(Socket caller, String head) throws IOException {
    StringBuilder ours = new StringBuilder();
    // The mock knows no such selector; who asks leaves out what does not fit.
    String known = head.replaceFirst("fieldSelector=involvedObject[^& ]*", "");
    for (String line : known.strip().split("\r\n", -1)) {
      String name = line.toLowerCase(java.util.Locale.ROOT);
      if (!name.startsWith("connection:")
          && !name.startsWith("upgrade:")
          && !name.startsWith("http2-settings:")) {
        ours.append(line).append("\r\n");
      }
    }
    ours.append("Connection: close\r\n\r\n");
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), mock)) {
      server.getOutputStream().write(ours.toString().getBytes(ISO_8859_1));
      Thread body = Thread.ofVirtual().start(() -> copy(caller, server));
      String answer = head(server.getInputStream());
      int end = answer.indexOf("\r\n");
      if (end > 0) {
        String closing = answer.substring(0, end) + "\r\nConnection: close" + answer.substring(end);
        caller.getOutputStream().write(closing.getBytes(ISO_8859_1));
        server.getInputStream().transferTo(caller.getOutputStream());
      }
      closed(caller);
      body.interrupt();
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException gone) {
      // The exchange is over.
    }
  }

  private void log(Socket caller, String pod, String query) throws IOException {
    Log log = logs.get(pod);
    OutputStream out = caller.getOutputStream();
    out.write(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
            .getBytes(ISO_8859_1));
    if (log == null) {
      return;
    }
    try (InputStream in = Files.newInputStream(log.file)) {
      boolean follow = query.contains("follow=true");
      if (query.contains("tailLines=1")) {
        String all = new String(in.readAllBytes(), UTF_8).strip();
        out.write(all.substring(all.lastIndexOf('\n') + 1).getBytes(UTF_8));
        return;
      }
      boolean last;
      do {
        last = !follow || !log.process.isAlive();
        in.transferTo(out);
        out.flush();
        Thread.sleep(50);
      } while (!last);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /** A web socket whose messages begin with the number of a channel: 0 is data, 1 errors. */
  private void forward(Socket caller, String head, String pod, String query) throws IOException {
    InetAddress host = hosts.getOrDefault(pod, InetAddress.getLoopbackAddress());
    Integer port =
        hosts.containsKey(pod)
            ? Integer.valueOf(query.replaceFirst(".*ports=(\\d+).*", "$1"))
            : ports.get(pod);
    if (port == null) {
      refuse(caller, new Refused(Pattern.compile(""), 500, "pod " + pod + " listens nowhere"));
      return;
    }
    forwards.add(caller);
    try (Socket target = new Socket(host, port)) {
      OutputStream out = caller.getOutputStream();
      out.write(
          ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  + "Sec-WebSocket-Protocol: v4.channel.k8s.io\r\nSec-WebSocket-Accept: "
                  + accept(head)
                  + "\r\n\r\n")
              .getBytes(ISO_8859_1));
      byte[] number = {(byte) (port & 0xff), (byte) (port >> 8)};
      send(out, 0, number, 2);
      send(out, 1, number, 2);
      Thread back = Thread.ofVirtual().start(() -> sendAll(target, caller));
      DataInputStream in = new DataInputStream(caller.getInputStream());
      for (byte[] message = message(in); message != null; message = message(in)) {
        if (message.length > 1 && message[0] == 0) {
          target.getOutputStream().write(message, 1, message.length - 1);
        }
      }
      back.interrupt();
    } finally {
      forwards.remove(caller);
    }
  }

  private static void sendAll(Socket from, Socket to) {
    byte[] buffer = new byte[8_192];
    try {
      for (int n = from.getInputStream().read(buffer);
          n >= 0;
          n = from.getInputStream().read(buffer)) {
        send(to.getOutputStream(), 0, buffer, n);
      }
    } catch (IOException gone) {
      // Then nobody is told.
    }
    closed(to);
  }

  private static synchronized void send(OutputStream out, int channel, byte[] data, int length)
      throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(0x82);
    int size = length + 1;
    if (size < 126) {
      frame.write(size);
    } else {
      frame.write(126);
      frame.write(size >> 8);
      frame.write(size);
    }
    frame.write(channel);
    frame.write(data, 0, length);
    out.write(frame.toByteArray());
    out.flush();
  }

  /** Null at the end. */
  private static byte @Nullable [] message(DataInputStream in) throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    try {
      while (true) {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        long length = second & 0x7f;
        length = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
        byte[] mask = new byte[4];
        in.readFully(mask);
        byte[] data = new byte[(int) length];
        in.readFully(data);
        for (int i = 0; i < data.length; i++) {
          data[i] ^= mask[i % 4];
        }
        int kind = first & 0x0f;
        if (kind == 8) {
          return null;
        }
        if (kind <= 2) {
          whole.writeBytes(data);
          if ((first & 0x80) != 0) {
            return whole.toByteArray();
          }
        }
      }
    } catch (EOFException closed) {
      return null;
    }
  }

  private static String accept(String head) {
    String key =
        head.lines()
            .filter(
                line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("sec-websocket-key:"))
            .findFirst()
            .orElseThrow()
            .split(":", 2)[1]
            .strip();
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-1")
                  .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1)));
    } catch (java.security.NoSuchAlgorithmException everyJvmHasIt) {
      throw new IllegalStateException(everyJvmHasIt);
    }
  }

  private static void closed(Socket socket) {
    try {
      socket.close();
    } catch (IOException gone) {
      // So it is closed.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    breakForwards();
  }
}
