package dev.piecework.testrun;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * How long a test waits for something unless it says otherwise: as long as nothing but a fault
 * lasts, also on a machine with other work. Awaitility's own ten seconds are less than that.
 */
public final class PatientAwaits implements LauncherSessionListener {
  static final Duration LIMIT = Duration.ofSeconds(60);

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.setDefaultTimeout(LIMIT);
  }
}
