package dev.piecework.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.Item;
import dev.piecework.ItemState;
import dev.piecework.QueueStatus.Counts;
import dev.piecework.WorkQueue;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever a handler does to a worker is one failed attempt at that item, and costs no other. */
@Tag("slow")
class PoisonTest extends OnRedis {

  /** What handlers may do, and people's handlers do. */
  private enum Poison {
    RETRY_WITHOUT_A_REASON {
      @Override
      Outcome take() {
        return Outcome.retry(nothing());
      }
    },
    RETRY_WITHOUT_ANYTHING {
      @Override
      Outcome take() {
        return new Outcome.Retry(nothing(), nothing());
      }
    },
    RETRY_IN_THE_PAST {
      @Override
      Outcome take() {
        return Outcome.retry("past", Duration.ofSeconds(Long.MIN_VALUE));
      }
    },
    RETRY_AT_THE_END_OF_TIME {
      @Override
      Outcome take() {
        return Outcome.retry("future", Duration.ofSeconds(Long.MAX_VALUE));
      }
    },
    RETRY_AFTER_NOTHING {
      @Override
      Outcome take() {
        return Outcome.retry("now", nothing());
      }
    },
    BURY_WITHOUT_A_REASON {
      @Override
      Outcome take() {
        return Outcome.bury(nothing());
      }
    },
    AN_ENDLESS_REASON {
      @Override
      Outcome take() {
        return Outcome.retry("x".repeat(20_000_000));
      }
    },
    NO_OUTCOME {
      @Override
      Outcome take() {
        return nothing();
      }
    },
    A_MESSAGE_THAT_THROWS {
      @Override
      Outcome take() {
        throw new Odd(() -> {
          throw new IllegalStateException("no message");
        });
      }
    },
    A_MESSAGE_THAT_IS_AN_ERROR {
      @Override
      Outcome take() {
        throw new Odd(() -> {
          throw new AssertionError("no message");
        });
      }
    },
    A_MESSAGE_WITHOUT_END {
      @Override
      Outcome take() {
        throw new Odd(() -> "y".repeat(20_000_000));
      }
    },
    CAUSES_WITHOUT_END {
      @Override
      Outcome take() {
        throw new Caused();
      }
    },
    A_STACK_OVERFLOW {
      @Override
      Outcome take() {
        return descend(1);
      }

      private Outcome descend(int depth) {
        return depth > 0 ? descend(depth + 1) : Outcome.done();
      }
    },
    A_CLASS_THAT_IS_MISSING {
      @Override
      Outcome take() {
        throw new NoClassDefFoundError("gone");
      }
    },
    AN_ERROR_OF_ITS_OWN {
      @Override
      Outcome take() {
        throw new Error() {};
      }
    },
    AN_INTERRUPT {
      @Override
      Outcome take() throws InterruptedException {
        Thread.currentThread().interrupt();
        throw new InterruptedException();
      }
    };

    abstract Outcome take() throws Exception;
  }

  /** An exception whose message is made when it is asked for. */
  private static final class Odd extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient java.util.function.Supplier<String> message;

    Odd(java.util.function.Supplier<String> message) {
      this.message = message;
    }

    @Override
    public String getMessage() {
      return message.get();
    }
  }

  /** An exception that has another cause whenever it is asked. */
  private static final class Caused extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public synchronized Throwable getCause() {
      return new Caused();
    }
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }

  private static Outcome handle(Attempt attempt) throws Exception {
    Optional<Poison> poison =
        Arrays.stream(Poison.values()).filter(p -> p.name().equals(attempt.text())).findAny();
    return poison.isPresent() ? poison.get().take() : Outcome.done();
  }

  @Test
  void isOneFailedAttemptEach() throws InterruptedException {
    WorkQueue queue = open(QUICK.withAttempts(1));
    for (Poison poison : Poison.values()) {
      queue.fill(java.util.stream.Stream.of(Item.of(poison.name()), Item.of("harmless")));
    }
    int each = Poison.values().length;

    WorkerEnd end = Worker.on(queue).slots(2).run(PoisonTest::handle);

    assertThat(end).isInstanceOf(WorkerEnd.Drained.class);
    assertThat(counts(queue))
        .extracting(Counts::done, Counts::dead)
        .containsExactly((long) each, (long) each);
    assertThat(queue.admin().items(ItemState.DEAD).map(item -> item.attempts().begun()))
        .containsOnly(1);
  }

  @Test
  void ofAListenerIsChargedToNobody() throws InterruptedException {
    WorkQueue queue = open(QUICK);
    fill(queue, 10);
    AtomicInteger heard = new AtomicInteger();

    WorkerEnd end =
        Worker.on(queue)
            .listener(
                new WorkerListener() {
                  @Override
                  public void attemptEnded(Attempt attempt, Outcome outcome, Duration took) {
                    heard.incrementAndGet();
                    throw new AssertionError("not today");
                  }

                  @Override
                  public void stopped(WorkerEnd end) {
                    throw new AssertionError("nor at the end");
                  }
                })
            .notices(notice -> {
              throw new AssertionError("nor today");
            })
            .run(attempt -> Outcome.done());

    assertThat(end).isInstanceOf(WorkerEnd.Drained.class);
    assertThat(heard).hasValue(10);
    assertThat(counts(queue).done()).isEqualTo(10);
  }

  @Test
  void ofALeaseThatIsEndedWithoutAReasonIsAFailedAttemptToo() {
    WorkQueue queue = open(QUICK.withAttempts(1));
    fill(queue, 2);
    queue.lease(Duration.ofSeconds(10)).orElseThrow().retry(nothing());
    queue.lease(Duration.ofSeconds(10)).orElseThrow().bury(nothing());
    assertThat(counts(queue).dead()).isEqualTo(2);
    @Nullable String why = queue.admin().items(ItemState.DEAD).findFirst().orElseThrow().error();
    assertThat(why).contains("no reason given");
  }
}
