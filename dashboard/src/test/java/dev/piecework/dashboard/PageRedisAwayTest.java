package dev.piecework.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;

/** The open page while Redis is away: it says so, and goes on by itself. */
final class PageRedisAwayTest extends BrokenNetworkPage {

  @Test
  void saysThatRedisIsAwayAndGoesOnWhenItIsBack() {
    Page page = open();
    assertThat(waiting(page)).hasText("10");
    assertThat(connection(page)).hasText(LIVE);

    proxy.cut();

    assertThat(connection(page)).not().hasText(LIVE, SOON);
    assertThat(connection(page)).containsText("Redis");
    assertThat(waiting(page)).hasText("10"); // what was known is still shown
    run.fill(5);
    proxy.pass();
    assertThat(connection(page)).hasText(LIVE);
    assertThat(waiting(page)).hasText("15");
  }
}
