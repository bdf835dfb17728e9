package dev.piecework.internal.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A list that Redis answered: members, or fields and values in turn. */
public record Values(List<?> parts) {

  /** Takes what the Redis client read. */
  public static Values of(@Nullable Object raw) {
    if (raw instanceof List<?> parts) {
      return new Values(parts);
    }
    throw new IllegalStateException("Redis answered " + raw + ", which is no list");
  }

  public int size() {
    return parts.size();
  }

  public byte[] bytes(int i) {
    Object part = parts.get(i);
    if (part instanceof byte[] bytes) {
      return bytes;
    }
    return String.valueOf(part).getBytes(UTF_8);
  }

  public String text(int i) {
    Object part = parts.get(i);
    return part instanceof byte[] bytes ? new String(bytes, UTF_8) : String.valueOf(part);
  }

  public long number(int i) {
    Object part = parts.get(i);
    return part instanceof Long number ? number : Long.parseLong(text(i));
  }

  /** A part that is a list itself. */
  public Values list(int i) {
    return of(parts.get(i));
  }

  /** All of them as texts. */
  public List<String> texts() {
    return IntStream.range(0, size()).mapToObj(this::text).toList();
  }
}
