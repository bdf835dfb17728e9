package dev.piecework.kubernetes.cluster;

/** A cluster cannot be used so; the message is one line for people. */
public final class ClusterException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** What kind of no. */
  public enum Kind {
    /** There is no answer, or none that counts: it may pass. */
    AWAY,
    /** Not with these words, this context or these rights. */
    REFUSED,
    /** There is no such object. */
    ABSENT,
    /** It is there already, and in the way. */
    CONFLICT
  }

  private final Kind kind;

  ClusterException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  ClusterException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
