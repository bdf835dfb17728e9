package dev.piecework.traces;

import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Says the first thing that the library warns of, in one line: that spans are lost for a receiver
 * that is away does no harm to the work, and is said every few seconds by the library.
 */
final class ExportLog extends Handler {

  // Held, or the settings of a logger that nobody holds are forgotten.
  private final Logger library = Logger.getLogger("io.opentelemetry");
  private final Consumer<String> notices;
  private boolean said;

  ExportLog(Consumer<String> notices) {
    this.notices = notices;
    library.setUseParentHandlers(false);
    library.addHandler(this);
  }

  @Override
  public synchronized void publish(LogRecord entry) {
    if (!said && entry.getLevel().intValue() >= Level.WARNING.intValue()) {
      said = true;
      String text = String.valueOf(entry.getMessage()).lines().findFirst().orElse("");
      Throwable thrown = entry.getThrown();
      notices.accept(
          "traces: "
              + (thrown == null ? text : text + ": " + thrown)
              + "; what else goes wrong with them is not said");
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    library.removeHandler(this);
    library.setUseParentHandlers(true);
  }
}
