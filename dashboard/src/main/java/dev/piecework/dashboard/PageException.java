package dev.piecework.dashboard;

import java.io.Serial;

/** A request is answered with an error, of one line. */
final class PageException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  private final int status;

  PageException(int status, String line) {
    super(line);
    this.status = status;
  }

  /** As HTTP has it. */
  int status() {
    return status;
  }
}
