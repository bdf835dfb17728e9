package dev.piecework.drill.check;

/** A promise that was broken, and by what. */
public record Violation(Promise promise, String what) {

  @Override
  public String toString() {
    return promise.text() + ": " + what;
  }
}
