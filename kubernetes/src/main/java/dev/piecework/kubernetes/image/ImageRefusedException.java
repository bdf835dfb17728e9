package dev.piecework.kubernetes.image;

/**
 * The image cannot be made; the message says in one line why, and what to do. Nothing was pushed,
 * and no tar was written.
 */
public final class ImageRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Whose fault it is. */
  public enum Fault {
    /** What was asked for cannot be: a wrong name, a base that does not fit, a wrong password. */
    REQUEST,
    /** The world around: a registry that does not answer, a full disk. */
    SURROUNDINGS
  }

  private final Fault fault;

  ImageRefusedException(Fault fault, String message) {
    super(message);
    this.fault = fault;
  }

  ImageRefusedException(Fault fault, String message, Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  static ImageRefusedException request(String message) {
    return new ImageRefusedException(Fault.REQUEST, message);
  }

  static ImageRefusedException surroundings(String message) {
    return new ImageRefusedException(Fault.SURROUNDINGS, message);
  }

  static ImageRefusedException surroundings(String message, Throwable cause) {
    return new ImageRefusedException(Fault.SURROUNDINGS, message, cause);
  }

  public Fault fault() {
    return fault;
  }
}
