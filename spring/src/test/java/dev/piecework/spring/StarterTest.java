package dev.piecework.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.Item;
import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.Result;
import dev.piecework.WorkQueue;
import dev.piecework.bag.BuryItemException;
import dev.piecework.spring.test.PieceworkTest;
import dev.piecework.worker.Attempt;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Configuration;

/** An application with two handlers, on a Redis for each test. */
@PieceworkTest
@org.springframework.test.context.TestPropertySource(
    properties = {
      "piecework.queues.images.keep=results",
      "piecework.queues.letters.attempts=1",
      "my.queue=letters",
      "my.slots=3",
      "piecework.worker.virtual=true"
    })
class StarterTest {

  record Image(String path, int width) {}

  @Configuration
  @EnableAutoConfiguration
  static class Application {

    @PieceworkHandler(queue = "images", slots = "2")
    Image shrink(Image image, Attempt attempt) throws BuryItemException {
      if (image.width() < 0) {
        throw new BuryItemException("no width");
      }
      return new Image("t" + attempt.id(), image.width() / 2);
    }

    @PieceworkHandler(queue = "${my.queue}", slots = "${my.slots}")
    void read(String letter) {
      if (letter.isEmpty()) {
        throw new IllegalArgumentException("empty");
      }
    }
  }

  @Autowired WorkQueue images;
  @Autowired WorkQueue letters;
  @Autowired PieceworkQueues queues;
  @Autowired PieceworkWorkers workers;
  @Autowired HealthIndicator pieceworkHealthIndicator;

  @Test
  void aMethodDoesTheItemsOfItsQueue() throws Exception {
    images.fill(
        Stream.of("{\"path\":\"a\",\"width\":8}", "{\"path\":\"b\",\"width\":-1}").map(Item::of));
    assertThat(images.awaitEnd(Duration.ofMinutes(2)).word()).isEqualTo("drained");
    assertThat(images.results().map(Result::result).map(bytes -> new String(bytes, UTF_8)))
        .containsExactly("{\"path\":\"t1\",\"width\":4}");
    assertThat(images.admin().items(ItemState.DEAD).map(ItemView::error))
        .containsExactly("no width");
  }

  @Test
  void propertiesSayHowManySlotsAndWhatANewQueueIs() throws Exception {
    assertThat(workers.all())
        .extracting(one -> one.queue() + " " + one.slots())
        .containsExactlyInAnyOrder("images 2", "letters 3");
    letters.fill(Stream.of("a", "").map(Item::of));
    assertThat(letters.awaitEnd(Duration.ofMinutes(2)).word()).isEqualTo("drained");
    assertThat(letters.admin().status().counts().dead()).as("of one attempt").isEqualTo(1);
    assertThat(queues.queue("images")).isSameAs(images);
  }

  @Test
  void healthSaysHowItStands() {
    Health health = health();
    assertThat(health.getStatus()).isEqualTo(Status.UP);
    assertThat(health.getDetails()).containsKeys("worker of images", "queue letters");
    workers.stop();
    assertThat(String.valueOf(health().getDetails().get("worker of images"))).contains("Stopped");
    workers.start();
    assertThat(health().getStatus()).isEqualTo(Status.UP);
  }

  private Health health() {
    return Objects.requireNonNull(pieceworkHealthIndicator.health());
  }
}
