package dev.piecework.embedded;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * The few commands that starting, checking and stopping a server need, over one connection to this
 * machine. Not a Redis client: it knows no other reply than a line, a number or a bulk string.
 */
final class RespConnection implements AutoCloseable {
  /** Far more than INFO has. */
  private static final int MOST_BYTES = 1 << 20;

  private final Socket socket = new Socket();
  private final InputStream in;
  private final OutputStream out;

  /** Connects, and authenticates unless the password is empty. */
  RespConnection(int port, String password, Duration timeout) throws IOException {
    try {
      int millis = Math.toIntExact(timeout.toMillis());
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(loopback(), port), millis);
      socket.setSoTimeout(millis);
      in = new BufferedInputStream(socket.getInputStream());
      out = socket.getOutputStream();
      if (!password.isEmpty()) {
        call("AUTH", password);
      }
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** 127.0.0.1, whatever {@code localhost} resolves to: that is where our servers listen. */
  static InetAddress loopback() {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    } catch (IOException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  /** Sends one command and returns its reply as text. An error reply is a {@link Refusal}. */
  String call(String... words) throws IOException {
    send(words);
    return reply();
  }

  /** Sends several commands in one write and returns after the last reply. */
  void callAll(List<List<String>> commands) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (List<String> words : commands) {
      bytes.writeBytes(encode(words.toArray(String[]::new)));
    }
    out.write(bytes.toByteArray());
    for (int i = 0; i < commands.size(); i++) {
      reply();
    }
  }

  void send(String... words) throws IOException {
    out.write(encode(words));
  }

  private static byte[] encode(String... words) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(ascii("*" + words.length + "\r\n"));
    for (String word : words) {
      byte[] text = word.getBytes(StandardCharsets.UTF_8);
      bytes.writeBytes(ascii("$" + text.length + "\r\n"));
      bytes.writeBytes(text);
      bytes.writeBytes(ascii("\r\n"));
    }
    return bytes.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private String reply() throws IOException {
    String line = line();
    String rest = line.isEmpty() ? "" : line.substring(1);
    return switch (line.isEmpty() ? ' ' : line.charAt(0)) {
      case '+', ':' -> rest;
      case '-' -> throw new Refusal(rest);
      case '$' -> bulk(rest);
      default -> throw new IOException("not a Redis: it answers '" + printable(line) + "'");
    };
  }

  private String bulk(String length) throws IOException {
    int size;
    try {
      size = Integer.parseInt(length);
    } catch (NumberFormatException e) {
      throw new IOException("not a Redis: a string of length '" + printable(length) + "'", e);
    }
    if (size < 0) {
      return "";
    }
    if (size > MOST_BYTES) {
      throw new IOException("not a Redis: a string of " + size + " bytes");
    }
    byte[] bytes = in.readNBytes(size + 2);
    if (bytes.length < size + 2) {
      throw new EOFException("closed in the middle of a reply");
    }
    return new String(bytes, 0, size, StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection was closed");
      }
      if (line.length() > 4096) {
        throw new IOException("not a Redis: its first line does not end");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private static String printable(String text) {
    return text.substring(0, Math.min(40, text.length())).replaceAll("[^ -~]", "?");
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** An error reply; the message begins with Redis's own word for it. */
  static final class Refusal extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean loading;

    Refusal(String message) {
      super(message);
      this.loading = message.startsWith("LOADING");
    }

    boolean isLoading() {
      return loading;
    }
  }
}
