package dev.piecework.examples.spring;

import dev.piecework.bag.BuryItemException;
import dev.piecework.spring.PieceworkHandler;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Makes thumbnails of what is in the queue {@code images}, for as long as it runs. {@code
 * /actuator/health} and {@code /actuator/prometheus} show how it stands.
 */
@SpringBootApplication
public class ThumbnailApplication {

  /** An item, as JSON: {@code {"path": "a.png", "width": 640}}. */
  public record Image(String path, int width) {}

  /** Its result. */
  public record Thumbnail(String path, int width) {}

  public static void main(String[] args) {
    SpringApplication.run(ThumbnailApplication.class, args);
  }

  @PieceworkHandler(queue = "images", slots = "4")
  Thumbnail shrink(Image image) throws BuryItemException {
    if (image.width() <= 0) {
      throw new BuryItemException(image.path() + " has no width"); // no attempt will ever help
    }
    return new Thumbnail(image.path() + ".thumb", Math.min(image.width(), 128));
  }
}
