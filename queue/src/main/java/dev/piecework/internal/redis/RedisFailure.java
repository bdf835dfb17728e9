package dev.piecework.internal.redis;

import org.jspecify.annotations.Nullable;

/** Why a call to Redis did not go through, as far as it matters to a caller. */
public final class RedisFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** What kind of failure. */
  public enum Kind {
    /** Nobody there, connection lost, loading, cluster down: try again; it may have been done. */
    AWAY,
    /** A certificate is not trusted: nothing was done; may pass, when certificates are renewed. */
    UNTRUSTED,
    /** Redis refuses the credentials: nothing was done; may pass, when passwords are changed. */
    UNAUTHORISED,
    /** Full, read-only, or its disk is: nothing was done; may pass. */
    REFUSES_WRITES,
    /** Wrong type, no permission, unknown command, no such database: no waiting mends it. */
    UNUSABLE
  }

  private final Kind kind;

  RedisFailure(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** Whether there is nobody to talk to, and not only a no to what was asked. */
  public boolean isAway() {
    return kind == Kind.AWAY || kind == Kind.UNTRUSTED;
  }

  /** The message, which every failure has. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
