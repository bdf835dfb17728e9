package dev.piecework.dashboard;

import dev.piecework.PieceworkException;
import dev.piecework.QueueUnusableException;
import dev.piecework.RedisRefusesException;
import dev.piecework.RedisUnreachableException;
import dev.piecework.RedisUri;
import tools.jackson.core.JsonGenerator;

/** What went wrong, in one line and as HTTP has it. */
final class Errors {

  private Errors() {}

  static void write(JsonGenerator json, Throwable wrong) {
    json.writeStringProperty("error", line(wrong));
  }

  /** Its first line, without passwords. */
  static String line(Throwable wrong) {
    String message = wrong.getMessage();
    String text = message == null || message.isBlank() ? wrong.getClass().getSimpleName() : message;
    return RedisUri.masked(text.strip().lines().findFirst().orElse(""));
  }

  static int status(Throwable wrong) {
    return switch (wrong) {
      case PageException page -> page.status();
      case IllegalArgumentException typed -> 400;
      case QueueUnusableException unusable -> 409;
      case RedisUnreachableException away -> 503;
      case RedisRefusesException refuses -> 503;
      case PieceworkException other -> 409;
      default -> 500;
    };
  }
}
