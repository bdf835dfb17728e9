package dev.piecework.worker.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.WorkerListener;
import dev.piecework.worker.internal.exchange.Listeners;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class EndOnceTest {

  private static final WorkerEnd STOPPED = new WorkerEnd.Stopped(1, 0);
  private static final WorkerEnd LATER = new WorkerEnd.Stopped(0, 7);

  @Test
  void whoHearsOfTheEndAndDoesNotReturnIsNotWaitedForAfterAStop() throws Exception {
    CountDownLatch heard = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    EndOnce ended =
        new EndOnce(
            new Listeners(
                List.of(
                    new WorkerListener() {
                      @Override
                      public void stopped(WorkerEnd end) {
                        heard.countDown();
                        try {
                          never.await();
                        } catch (InterruptedException given) {
                          Thread.currentThread().interrupt();
                        }
                      }
                    })));
    Thread dispatcher = Thread.ofPlatform().daemon().start(() -> ended.end(STOPPED));
    heard.await();
    assertThat(ended.isOver()).isFalse();
    assertThat(ended.isFound()).isTrue();

    ended.endWithoutWaiting(LATER);

    assertThat(ended.future().join()).as("the end that was found first").isEqualTo(STOPPED);
    never.countDown();
    dispatcher.join();
  }

  @Test
  void anInterruptForARedisThatIsAwayIsNotForWhoHearsOfTheEnd() {
    List<Boolean> interrupted = new ArrayList<>();
    EndOnce ended = new EndOnce(hearing(() -> interrupted.add(Thread.interrupted())));
    Thread.currentThread().interrupt();

    ended.end(STOPPED);

    assertThat(interrupted).containsExactly(false);
  }

  @Test
  void allHearOfTheEndOnceAndNothingAfterIt() {
    List<String> told = new ArrayList<>();
    Listeners listeners =
        new Listeners(
            List.of(
                new WorkerListener() {
                  @Override
                  public void stopped(WorkerEnd end) {
                    throw new OutOfMemoryError("of the first");
                  }
                },
                new WorkerListener() {
                  @Override
                  public void sessionLost() {
                    told.add("session lost");
                  }

                  @Override
                  public void stopped(WorkerEnd end) {
                    told.add("stopped");
                  }
                }));
    EndOnce ended = new EndOnce(listeners);

    assertThatThrownBy(() -> ended.end(STOPPED)).isInstanceOf(OutOfMemoryError.class);
    ended.end(LATER);
    listeners.sessionLost();

    assertThat(told).containsExactly("stopped");
    assertThat(ended.future().join()).isEqualTo(STOPPED);
  }

  private static Listeners hearing(Runnable stopped) {
    return new Listeners(
        List.of(
            new WorkerListener() {
              @Override
              public void stopped(WorkerEnd end) {
                stopped.run();
              }
            }));
  }
}
