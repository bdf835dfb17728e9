package dev.piecework.internal.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.Lease;
import dev.piecework.Result;
import dev.piecework.Settlement;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * Stored results: a header line of fields with tabs between, then payload and result.
 *
 * <pre>id TAB token TAB attempt TAB started TAB millis TAB worker TAB batch TAB payload-length LF
 * </pre>
 */
public final class Entries {

  private static final byte[] NOTHING = {};

  private Entries() {}

  /** What is stored of an item that is done, under the id that the scripts know. */
  public static byte[] encode(String id, Settlement.Complete end, String worker) {
    Lease lease = end.lease();
    byte[] payload = lease.payload();
    byte[] given = end.result();
    byte[] result = given == null ? NOTHING : given;
    StringBuilder header = new StringBuilder(96);
    header.append(id).append('\t').append(lease.token());
    header.append('\t').append(lease.attempt());
    header.append('\t').append(end.took().started().toEpochMilli());
    header
        .append('\t')
        .append(end.took().time().toMillis())
        .append('\t')
        .append(worker)
        .append('\t');
    if (end.batch() != null) {
      header.append(end.batch());
    }
    header.append('\t').append(payload.length).append('\n');
    byte[] head = header.toString().getBytes(UTF_8);
    return ByteBuffer.allocate(head.length + payload.length + result.length)
        .put(head)
        .put(payload)
        .put(result)
        .array();
  }

  static Result decode(long sequence, byte[] entry) {
    Fields header = new Fields(entry);
    String id = header.text();
    header.skip(); // the token
    int attempt = (int) header.number();
    Instant started = Instant.ofEpochMilli(header.number());
    Duration took = Duration.ofMillis(header.number());
    String worker = header.text();
    String batch = header.text();
    int payloadLength = (int) header.number();
    byte[] payload = Arrays.copyOfRange(entry, header.at, header.at + payloadLength);
    byte[] result = Arrays.copyOfRange(entry, header.at + payloadLength, entry.length);
    return new Result(
        sequence,
        id,
        batch.isEmpty() ? null : batch,
        payload,
        result,
        attempt,
        worker,
        started,
        took);
  }

  /** Reads a header from its start, without an object for each of its numbers. */
  private static final class Fields {
    private final byte[] entry;
    private int at;

    Fields(byte[] entry) {
      this.entry = entry;
    }

    String text() {
      int from = at;
      while (entry[at] != '\t' && entry[at] != '\n') {
        at++;
      }
      return new String(entry, from, at++ - from, UTF_8);
    }

    void skip() {
      while (entry[at] != '\t') {
        at++;
      }
      at++;
    }

    long number() {
      boolean negative = entry[at] == '-';
      if (negative) {
        at++;
      }
      long number = 0;
      while (entry[at] != '\t' && entry[at] != '\n') {
        number = number * 10 + entry[at++] - '0';
      }
      at++;
      return negative ? -number : number;
    }
  }
}
