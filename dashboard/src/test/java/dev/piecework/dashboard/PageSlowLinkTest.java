package dev.piecework.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The open page far from its Redis. */
final class PageSlowLinkTest extends BrokenNetworkPage {

  @Test
  void overASlowLinkItIsLateAndNothingElse() {
    proxy.delay(Duration.ofMillis(150));
    Page page = open();
    assertThat(waiting(page)).hasText("10");

    run.fill(5);

    assertThat(waiting(page)).hasText("15");
    assertThat(connection(page)).hasText(LIVE);
  }
}
