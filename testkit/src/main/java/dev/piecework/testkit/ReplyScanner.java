package dev.piecework.testkit;

/**
 * Finds where each reply begins in a stream of RESP 2 or 3, byte by byte. What is something else,
 * as what TLS makes of it, may be taken for anything, but is never refused.
 */
final class ReplyScanner {
  private final StringBuilder header = new StringBuilder();
  private long skip;
  private long open;

  /** Takes one byte; says whether it is the first of a reply that is not part of another one. */
  boolean begins(byte b) {
    if (skip > 0) {
      skip--;
      finishIf(skip == 0);
      return false;
    }
    boolean first = header.isEmpty() && open == 0;
    if (first) {
      open = 1;
    }
    if (b == '\n') {
      String line = header.toString();
      header.setLength(0);
      header(line);
    } else if (b != '\r') {
      header.append((char) (b & 0xff));
    }
    return first;
  }

  private void header(String line) {
    char type = line.isEmpty() ? '+' : line.charAt(0);
    long count = "$!=*~>%|".indexOf(type) >= 0 ? number(line.substring(1)) : 0;
    switch (type) {
      case '$', '!', '=' -> {
        skip = count < 0 ? 0 : count + 2;
        finishIf(skip == 0);
      }
      case '*', '~', '>' -> open += Math.max(0, count) - 1;
      case '%' -> open += 2 * count - 1;
      case '|' -> open += 2 * count; // attributes come before what they describe
      default -> open--;
    }
  }

  private static long number(String digits) {
    return digits.matches("-?[0-9]{1,15}") ? Long.parseLong(digits) : 0;
  }

  private void finishIf(boolean finished) {
    if (finished) {
      open--;
    }
  }
}
