package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.internal.redis.Script;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Protocol.Command;

/** The contract on Redis: what people do with a queue, and what they see of it. */
@ParameterizedClass
@MethodSource("places")
@Tag("slow")
class QueueContractTest extends QueueContract {

  @Parameter ServedPlace place = Place.STANDALONE.here();

  static List<ServedPlace> places() {
    return ServedPlace.all(Place.values());
  }

  @Override
  protected Bench newBench() {
    return new Bench(place::config);
  }

  private Bench redis() {
    return (Bench) bench;
  }

  @Override
  void nothingIsKeptOfThem() {
    assertThat(redis().keys()).doesNotContain("parked", "tries", "evidence", "dead");
  }

  @Override
  void theirPlaceIsFree() {
    assertThat(redis().state("resbytes")).isEqualTo("0");
  }

  @Test
  void aNewerFormatIsRefusedBeforeAnythingIsChanged() {
    queue.fill(Bench.items("a"));
    redis().raw(Command.HSET, "state", "format", "99");
    assertThatThrownBy(bench::open)
        .isInstanceOf(QueueUnusableException.class)
        .hasMessageContaining("format 99");
  }

  @Test
  void anotherTypeUnderTheNameIsRefused() {
    redis().cli(Command.SET, redis().name, "a string");
    assertThatThrownBy(() -> queue.fill(Bench.items("a")))
        .isInstanceOf(QueueUnusableException.class)
        .hasMessageContaining("WRONGTYPE");
    assertThatThrownBy(queue.admin()::status).isInstanceOf(QueueUnusableException.class);
  }

  @Test
  void adoptPutsBackWhatRediswqWorkersLost() {
    queue.fill(Bench.items("a", "b"));
    if (place.kind() == Place.CLUSTER) {
      assertThatThrownBy(queue.admin()::adopt).isInstanceOf(QueueUnusableException.class);
      return;
    }
    redis().cli(Command.LPUSH, redis().name + ":processing", "lost", "held", "lost");
    redis()
        .cli(
            Command.SETEX,
            redis().name + ":leased_by_session:" + Rediswq.sha224("held"),
            "100",
            "session");
    assertThat(queue.admin().status().counts().external()).isEqualTo(3);
    assertThat(queue.admin().adopt()).isEqualTo(2);
    assertThat(queue.admin().status().counts()).isEqualTo(new QueueStatus.Counts(4, 1, 0, 0, 0, 1));
    assertThat(queue.isDrained()).isFalse();
  }

  @Test
  void allKeysButTheForeignOnesAreInOneSlot() {
    assertThat(redis().client().keys().of(Script.READ_STATE, redis().client().scope()))
        .allSatisfy(key ->
            assertThat(redis.clients.jedis.util.JedisClusterCRC16.getSlot(key))
                .satisfiesAnyOf(
                    slot ->
                        assertThat(slot)
                            .isEqualTo(
                                redis.clients.jedis.util.JedisClusterCRC16.getSlot(redis().name)),
                    slot -> assertThat(new String(key, UTF_8)).endsWith(":processing")));
  }
}
