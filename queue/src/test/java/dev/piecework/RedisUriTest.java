package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.RedisUri.Login;
import dev.piecework.RedisUri.Sentinels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of URLs, and that nothing of a password gets out of it. */
class RedisUriTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      nullValues = "-",
      value = {
        // URL, user, password, hosts, database, TLS
        "redis://h - - h:6379 0 false",
        "redis:// - - localhost:6379 0 false",
        "redis:///3 - - localhost:6379 3 false",
        "REDIS://h/ - - h:6379 0 false",
        "rediss://h:1/2 - - h:1 2 true",
        "redis://:pw@h - pw h:6379 0 false",
        "redis://alice:pw@h:7 alice pw h:7 0 false",
        "redis://word@h - word h:6379 0 false",
        "redis://:@h - - h:6379 0 false",
        "redis://@h - - h:6379 0 false",
        "redis://:a/b@h/4 - a/b h:6379 4 false",
        "redis://:a@b@h - a@b h:6379 0 false",
        "redis://:a:b@h - a:b h:6379 0 false",
        "redis://:a#b?c[d]e@h - a#b?c[d]e h:6379 0 false",
        "redis://:a%2Fb%40%25%3A%23%3F%5B@h - a/b@%:#?[ h:6379 0 false",
        "redis://:100%@h - 100% h:6379 0 false",
        "redis://:50%40x%@h - 50%40x% h:6379 0 false",
        "redis://:%zz@h - %zz h:6379 0 false",
        "redis://:%FF@h - %FF h:6379 0 false",
        "redis://:a+b@h - a+b h:6379 0 false",
        "redis://:a,b@h - a,b h:6379 0 false",
        "redis://:%C3%A4@h - ä h:6379 0 false",
        "redis://al%3Aice:pw@h al:ice pw h:6379 0 false",
        "redis://:pw@[fd00::7]:7/1 - pw [fd00::7]:7 1 false",
        "redis://[::1] - - [::1]:6379 0 false",
        "redis://:x[y@[::1]:9 - x[y [::1]:9 0 false",
        "redis://my_redis.example:65535 - - my_redis.example:65535 0 false",
        "redis://:pw@a,redis://b:2 - pw a:6379,b:2 0 false",
        "rediss://:pw@a,rediss://:pw@b - pw a:6379,b:6379 0 true",
        "redis://u:pw@a,b:2 u pw a:6379,b:2 0 false",
        "redis-sentinel://:pw@s1,s2:7/main - pw main|by|s1:26379,s2:7 0 false",
        "redis-sentinel://u:p/w@s1/main/3 u p/w main|by|s1:26379 3 false",
        "rediss-sentinel://s1/main/ - - main|by|s1:26379 0 true",
      })
  void whatAUrlMeans(
      String url, String user, String password, String shown, int database, boolean tls) {
    RedisUri uri = RedisUri.parse(url);
    assertThat(uri.login()).isEqualTo(new Login(user, password));
    assertThat(uri.shown()).isEqualTo(shown.replace('|', ' '));
    assertThat(uri.database()).isEqualTo(database);
    assertThat(uri.tls()).isEqualTo(tls);
    assertThat(RedisUri.parse(uri.text())).as("what is written is read").isEqualTo(uri);
    assertThat(uri.holdsPassword()).isEqualTo(password != null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "redis-sentinel://:d@s/m?sentinel-password=own||own",
        "redis-sentinel://:d@s/m?sentinel-user=watch&sentinel-password=o%26w@n|watch|o&w@n",
        "redis-sentinel://s/m/2?sentinel-password=a?b#c/d&e@f||a?b#c/d&e@f",
        "redis-sentinel://s/m?sentinel-user=watch|watch|",
      })
  void sentinelsMayHaveALoginOfTheirOwn(String url, String user, String password) {
    RedisUri uri = RedisUri.parse(url);
    assertThat(((Sentinels) uri.servers()).login()).isEqualTo(new Login(user, password));
    assertThat(RedisUri.parse(uri.text())).isEqualTo(uri);
    RedisUri changed = uri.withSentinelPassword("new & other");
    assertThat(((Sentinels) RedisUri.parse(changed.text()).servers()).login())
        .isEqualTo(new Login(user, "new & other"));
    assertThatThrownBy(() -> RedisUri.parse("redis://h").withSentinelPassword("geheim"))
        .hasMessageContaining("redis-sentinel://")
        .hasMessageNotContaining("geheim");
  }

  @Test
  void oneWordIsTheUserWhereThePasswordComesFromElsewhere() {
    RedisUri uri = RedisUri.parse("redis://alice@h").withPassword("from a file");
    assertThat(uri.login()).isEqualTo(new Login("alice", "from a file"));
    assertThat(uri.text()).isEqualTo("redis://alice:from%20a%20file@h:6379");
    assertThat(RedisUri.parse("redis://alice:old@h").withPassword("new").login())
        .isEqualTo(new Login("alice", "new"));
    assertThat(RedisUri.parse("redis://:old@h").withPassword("new").login())
        .isEqualTo(new Login(null, "new"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reds://:geheim/1@h|did you mean redis://?",
        "reids://:geheim@h|did you mean redis://?",
        "redisss://:geheim@h|did you mean rediss://?",
        "redis-sentinal://:geheim@h/m|did you mean redis-sentinel://?",
        "valkeys://:geheim@h|with valkeys://; did you mean rediss://?",
        "geheim://h|begins with none of redis://",
        ":geheim@h|begins with none of redis://",
        "''|begins with none of redis://",
        "redis://:geheim|lacks a host",
        "redis://:geheim@|lacks a host",
        "redis://u:geheim|a port that is no number from 1 to 65535",
        "redis://:geheim@h:|a port",
        "redis://:geheim@h:0|a port",
        "redis://:geheim@h:65536|a port",
        "redis://:geheim@h:99999999999|a port",
        "redis://:geheim@h/x|a database",
        "redis://:geheim@h/1/2|a database",
        "redis://:geheim@h/-1|a database",
        "redis://:geheim@h?timeout=1|after '?' or '#'",
        "redis://:geheim@h#x|after '?' or '#'",
        "redis://ge heim|a character in a host",
        "redis://fd00::7|an IPv6 address stands in [ ]",
        "redis://[geheim]:1|an IPv6 address in [ ]",
        "redis://[::1|a character in a host",
        "redis://:geheim@a,,b|lacks a host",
        "redis://:geheim@a/1,redis://b|a database of a Cluster",
        "redis://:geheim@a,b/1|a database of a Cluster",
        "redis://:geheim@a,rediss://b|not all begin alike",
        "redis://:geheim@a,redis-sentinel://b/m|not all begin alike",
        "redis://:geheim@a,redis://:geheim2@b|different users or passwords",
        "redis-sentinel://:geheim@h|does not end with /NAME",
        "redis-sentinel://:geheim@h/m/x|a database",
        "redis-sentinel://:geheim@h/m?password=x|after '?' or '#'",
      })
  void whatIsWrongIsSaidWithoutTheText(String url, String said) {
    assertThatThrownBy(() -> RedisUri.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said)
        .hasMessageNotContainingAny("geheim", "heim");
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis://:pw@h\n", " redis://:pw@h\r\n", "\uFEFFredis://:pw@h\t"})
  void blanksAroundAreNoPartOfIt(String url) {
    assertThat(RedisUri.parse(url).text()).isEqualTo("redis://:pw@h:6379");
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis://:p\nw@h", "redis://h\r\nredis://i", "redis://:p\u0000@h"})
  void aLineBreakWithinIsRefused(String url) {
    assertThatThrownBy(() -> RedisUri.parse(url)).hasMessageContaining("a line break");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pw", "pw\n", "pw\r\n", "pw \n", "\uFEFFpw\r", "  pw\nsecond line\n"})
  void thePasswordInAFileIsItsFirstLine(String text) throws Exception {
    assertThat(RedisUri.passwordIn(Files.writeString(folder.resolve("f"), text))).isEqualTo("pw");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "  \r\n", "\nsecond"})
  void aFileWithoutOneIsRefused(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("f"), text);
    assertThatThrownBy(() -> RedisUri.passwordIn(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(file + " has no password in its first line");
    assertThatThrownBy(() -> RedisUri.passwordIn(folder.resolve("nowhere")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void anyTextIsMasked() {
    assertThat(RedisUri.masked("'redis://u:p@ss/w rd@h:1' is one too many"))
        .isEqualTo("'redis://***@h:1' is one too many");
    assertThat(RedisUri.masked("x redis-sentinel://s/m?sentinel-password=a&b"))
        .isEqualTo("x redis-sentinel://s/m?sentinel-password=***");
    assertThat(RedisUri.masked("nothing: redis://h:1")).isEqualTo("nothing: redis://h:1");
  }

  private static final String LETTERS = "aZ9/@%:#?[]&=+,;! ~\\\"'{}$ä€😀.-_";

  /** 4,000 passwords of what is hard: each is read back, raw and escaped, and none is shown. */
  @Test
  void noPasswordIsShownAndEachIsReadBack() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int[] letters = LETTERS.codePoints().toArray();
    for (int i = 0; i < 4_000; i++) {
      String password =
          "#Q"
              + random
                  .ints(1 + random.nextInt(8), 0, letters.length)
                  .mapToObj(n -> Character.toString(letters[n]))
                  .collect(Collectors.joining())
              + "Q#";
      String why = "seed " + seed + ", password " + password;
      RedisUri escaped = RedisUri.parse("redis://h/1").withPassword(password);
      assertThat(RedisUri.parse(escaped.text()).login().password()).as(why).isEqualTo(password);
      RedisUri own =
          RedisUri.parse("redis-sentinel://a,b/m").withSentinelPassword(password).withPassword("x");
      assertThat(RedisUri.parse(own.text())).as(why).isEqualTo(own);
      if (!password.matches("(?s).*%[0-9A-Fa-f]{2}.*")) {
        String raw = "redis://:" + password + "@h:7/1";
        assertThat(RedisUri.parse(raw).login().password()).as(why).isEqualTo(password);
        assertThat(RedisUri.masked("'" + raw + "'")).as(why).isEqualTo("'redis://***@h:7/1'");
      }
      for (RedisUri uri : new RedisUri[] {escaped, own}) {
        assertThat(uri + uri.shown() + uri.login() + uri.servers())
            .as(why)
            .doesNotContain(password, "Q#", "%23Q", "Q%23");
      }
      // A character is missing somewhere: whatever is wrong then, it is said without the text.
      StringBuilder broken = new StringBuilder("redis://user:" + password + "@host:6379/0");
      int most = broken.length() - "@host:6379/0".length();
      broken.deleteCharAt(random.nextBoolean() ? most : random.nextInt(broken.length()));
      try {
        String text = RedisUri.parse(broken.toString()).toString();
        assertThat(text).as(why).doesNotContain(password, "Q#");
      } catch (IllegalArgumentException wrong) {
        assertThat(wrong.getMessage()).as(why).doesNotContain(password, "Q#", "#Q");
        assertThat(wrong.getCause()).as(why).isNull();
      }
    }
  }
}
