package dev.piecework.internal.redis;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a script answered: a word, and what follows it, by the names that its header has. */
public final class Reply {

  private final Script script;
  private final Values values;
  private final String word;
  private final Map<String, Integer> places;

  private Reply(Script script, Values values) {
    this.script = script;
    this.values = values;
    this.word = values.text(0);
    this.places = script.placesAfter(word);
  }

  /** Takes what the Redis client read. */
  public static Reply of(Script script, @Nullable Object raw) {
    return new Reply(script, Values.of(raw));
  }

  /** How it went. */
  public String word() {
    return word;
  }

  public boolean is(String expected) {
    return word.equals(expected);
  }

  /** Whether the header has a value of this name after this word. */
  public boolean has(String name) {
    return places.containsKey(name);
  }

  public String text(String name) {
    return values.text(place(name));
  }

  public byte[] bytes(String name) {
    return values.bytes(place(name));
  }

  public long number(String name) {
    return values.number(place(name));
  }

  /** A value that is a list itself. */
  public Values list(String name) {
    return values.list(place(name));
  }

  /** A list of texts. */
  public List<String> texts(String name) {
    return list(name).texts();
  }

  /** All of it, the word first, as the Redis client read it. */
  public List<?> parts() {
    return values.parts();
  }

  private int place(String name) {
    Integer place = places.get(name);
    if (place == null) {
      throw new IllegalStateException(
          "no '" + name + "' follows " + word + " in the header of " + script);
    }
    return place;
  }
}
