package dev.piecework.internal.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a script answered: a word, and what follows it. */
public record Reply(List<?> parts) {

  /** Takes what the Redis client read. */
  public static Reply of(@Nullable Object raw) {
    if (raw instanceof List<?> parts) {
      return new Reply(parts);
    }
    throw new IllegalStateException("a script answered " + raw);
  }

  /** The first part: how it went. */
  public String word() {
    return text(0);
  }

  public boolean is(String word) {
    return word().equals(word);
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

  public boolean isList(int i) {
    return parts.get(i) instanceof List<?>;
  }

  /** A part that is a list itself. */
  public Reply list(int i) {
    return of(parts.get(i));
  }

  /** A list of texts. */
  public List<String> texts(int i) {
    Reply inner = list(i);
    return java.util.stream.IntStream.range(0, inner.size()).mapToObj(inner::text).toList();
  }
}
