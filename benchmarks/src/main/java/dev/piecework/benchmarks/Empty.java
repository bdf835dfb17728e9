package dev.piecework.benchmarks;

/** What a JVM costs that does nothing. */
public final class Empty {

  private Empty() {}

  public static void main(String[] args) {}
}
