package dev.piecework.bag;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * Makes bytes of objects and objects of bytes. Safe for use by several threads. What it decodes was
 * written by whoever fills the queue: it is data, and no codec here makes objects of classes that
 * the data names.
 *
 * @param <T> the objects
 */
public interface Codec<T> {

  /** The bytes of this object. */
  byte[] encode(T value);

  /**
   * The object of these bytes.
   *
   * @throws RuntimeException when they are none of this codec's
   */
  T decode(byte[] bytes);

  /** Bytes as they are; not copied. */
  static Codec<byte[]> bytes() {
    return of(Function.identity(), Function.identity());
  }

  /** Text as UTF-8. */
  static Codec<String> text() {
    return of(
        text -> text.getBytes(StandardCharsets.UTF_8),
        bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /** One of two functions. */
  static <T> Codec<T> of(Function<T, byte[]> encode, Function<byte[], T> decode) {
    return new Codec<>() {
      @Override
      public byte[] encode(T value) {
        return encode.apply(value);
      }

      @Override
      public T decode(byte[] bytes) {
        return decode.apply(bytes);
      }
    };
  }

  /** The same for objects that are made of these, and can be made into them: numbers of text. */
  default <U> Codec<U> map(Function<T, U> there, Function<U, T> back) {
    return of(value -> encode(back.apply(value)), bytes -> there.apply(decode(bytes)));
  }
}
