package dev.piecework.bag.json;

import dev.piecework.bag.Codec;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/** Objects of one type as JSON. */
public final class JsonCodec {

  private static final JsonMapper MAPPER = JsonMapper.shared();

  private JsonCodec() {}

  /** Of this class, such as a record, by Jackson's defaults. */
  public static <T> Codec<T> of(Class<T> type) {
    return of(MAPPER, type);
  }

  /** Of this class, by a mapper of yours. */
  public static <T> Codec<T> of(JsonMapper mapper, Class<T> type) {
    return of(mapper, mapper.constructType(type));
  }

  /** Of a type with parameters: {@code new TypeReference<List<Image>>() {}}. */
  public static <T> Codec<T> of(JsonMapper mapper, TypeReference<T> type) {
    return of(mapper, mapper.constructType(type.getType()));
  }

  private static <T> Codec<T> of(JsonMapper mapper, JavaType type) {
    return Codec.of(mapper::writeValueAsBytes, bytes -> mapper.readValue(bytes, type));
  }
}
