package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/**
 * Stored results: a header line of fields with tabs between, then payload and result.
 *
 * <pre>id TAB token TAB attempt TAB started TAB millis TAB worker TAB lot TAB payload-length LF
 * </pre>
 */
final class Entries {

  private static final byte[] NOTHING = {};

  private Entries() {}

  static byte[] encode(Ending.Complete end, String worker) {
    Lease lease = end.lease();
    byte[] payload = lease.payload();
    byte[] given = end.result();
    byte[] result = given == null ? NOTHING : given;
    StringBuilder header = new StringBuilder(96);
    header.append(lease.id()).append('\t').append(lease.token());
    header.append('\t').append(lease.attempt());
    header.append('\t').append(end.took().startedMillis());
    header.append('\t').append(end.took().millis()).append('\t').append(worker).append('\t');
    if (end.lot() != null) {
      header.append(end.lot());
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
    int line = 0;
    while (entry[line] != '\n') {
      line++;
    }
    String[] header = new String(entry, 0, line, UTF_8).split("\t", -1);
    int payloadLength = Integer.parseInt(header[7]);
    byte[] payload = new byte[payloadLength];
    byte[] result = new byte[entry.length - line - 1 - payloadLength];
    System.arraycopy(entry, line + 1, payload, 0, payloadLength);
    System.arraycopy(entry, line + 1 + payloadLength, result, 0, result.length);
    return new Result(
        sequence,
        header[0],
        header[6].isEmpty() ? null : header[6],
        payload,
        result,
        Integer.parseInt(header[2]),
        header[5],
        Long.parseLong(header[3]),
        Long.parseLong(header[4]));
  }
}
