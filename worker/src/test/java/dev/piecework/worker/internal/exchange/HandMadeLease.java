package dev.piecework.worker.internal.exchange;

import dev.piecework.Lease;
import dev.piecework.Session;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A lease of no session: for driving a worker's parts by hand, which end it by their session. */
public record HandMadeLease(String id, byte[] payload, int losses) implements Lease {

  public static Lease of(String id, int losses) {
    return new HandMadeLease(id, id.getBytes(StandardCharsets.UTF_8), losses);
  }

  @Override
  public int attempt() {
    return 1 + losses;
  }

  @Override
  public long token() {
    return 1;
  }

  @Override
  public int resultMax() {
    return Integer.MAX_VALUE;
  }

  @Override
  public Session session() {
    throw ofNoSession();
  }

  @Override
  public void complete() {
    throw ofNoSession();
  }

  @Override
  public void complete(byte[] result) {
    throw ofNoSession();
  }

  @Override
  public void retry(String reason) {
    throw ofNoSession();
  }

  @Override
  public void retry(String reason, Duration after) {
    throw ofNoSession();
  }

  @Override
  public void bury(String reason) {
    throw ofNoSession();
  }

  @Override
  public void release() {
    throw ofNoSession();
  }

  private static UnsupportedOperationException ofNoSession() {
    return new UnsupportedOperationException("a lease of no session");
  }
}
