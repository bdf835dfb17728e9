package dev.piecework.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;

/** The open page while Redis takes calls and answers none. */
final class PageRedisSilentTest extends BrokenNetworkPage {

  @Test
  void saysThatRedisDoesNotAnswer() {
    Page page = open();
    assertThat(connection(page)).hasText(LIVE);

    proxy.stall();

    assertThat(connection(page)).not().hasText(LIVE, SOON);
    proxy.pass();
    run.fill(5);
    assertThat(connection(page)).hasText(LIVE);
    assertThat(waiting(page)).hasText("15");
  }
}
