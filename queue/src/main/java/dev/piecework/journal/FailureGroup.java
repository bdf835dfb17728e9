package dev.piecework.journal;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Failed attempts of one cause: those whose messages are the same but for numbers, paths and the
 * like.
 *
 * @param id by which {@code requeue --group} and {@code drop --group} know it: six hexadecimal
 *     digits made of the cause, so the same in every run
 * @param cause the message without what differs: {@code exit code 3, bad N}; {@link #OTHER} for all
 *     causes of a run after the 200th
 * @param attempts how many failed
 * @param dead how many of its items are dead now
 * @param first when the first failed, by Redis's clock
 * @param last when the last failed
 * @param workers the five on which most failed, with how many, most first
 * @param exampleId the first item that failed so
 * @param example what was kept of it: the end of its message, at most 1 KiB
 */
public record FailureGroup(
    String id,
    String cause,
    long attempts,
    long dead,
    Instant first,
    Instant last,
    Map<String, Long> workers,
    String exampleId,
    String example) {

  /** The cause under which all are counted that have no place of their own. */
  public static final String OTHER = "other causes";

  public FailureGroup {
    workers = Collections.unmodifiableMap(new LinkedHashMap<>(workers));
  }

  /** The id of the group of this cause. */
  public static String idOf(String cause) {
    CRC32 crc = new CRC32();
    crc.update(cause.getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "%06x", crc.getValue() & 0xffffff);
  }
}
