package dev.piecework;

/** Leases of no session: for driving a worker's parts by hand. */
public final class LeaseForTests {

  private LeaseForTests() {}

  @SuppressWarnings("NullAway") // nothing asks a hand-made lease for its session
  public static Lease of(String id, int losses) {
    return new Lease(
        null, id, id.getBytes(java.nio.charset.StandardCharsets.UTF_8), new Tries(0, losses, 0), 1);
  }

  public static RedisUnreachableException unreachable(String message) {
    return new RedisUnreachableException(message, null);
  }
}
