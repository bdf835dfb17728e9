package dev.piecework.cli;

/** What {@code piecework --help} prints. */
final class Usage {

  private Usage() {}

  static String text() {
    StringBuilder text =
        new StringBuilder(
            """
            Usage: piecework VERB ...
            A durable work queue on Redis: each item done once, by any number of workers.

            """);
    for (Verbs verb : Verbs.values()) {
      text.append(String.format("  %-14s %s%n", verb.word(), verb.summary()));
    }
    text.append(
        """

        piecework VERB --help tells more. Without --redis or REDIS_URL a Redis of its own is started.

        Example:
          seq 1000 | piecework run -p 4 -- factor {}
        """);
    return text.toString();
  }
}
