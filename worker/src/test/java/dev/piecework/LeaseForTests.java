package dev.piecework;

import java.nio.charset.StandardCharsets;

/** Leases of no session: for driving a worker's parts by hand. */
public final class LeaseForTests {

  private LeaseForTests() {}

  public static Lease of(String id, int losses) {
    return of(id, id.getBytes(StandardCharsets.UTF_8), losses);
  }

  @SuppressWarnings("NullAway") // nothing asks a hand-made lease for its session
  public static Lease of(String id, byte[] payload, int losses) {
    Lease.Given given =
        new Lease.Given(null, Partition.whole("queue"), "session", 1, 0, () -> Integer.MAX_VALUE);
    return new Lease(given, id, payload, new Tries(0, losses, 0));
  }

  public static RedisUnreachableException unreachable(String message) {
    return new RedisUnreachableException(message, null);
  }
}
