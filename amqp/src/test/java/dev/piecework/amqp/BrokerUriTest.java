package dev.piecework.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokerUriTest {

  @ParameterizedTest
  @CsvSource({
    "amqp://bob@h/v/q, amqp://h:5672/v/q, bob",
    "amqps://bob@h:7/v/q, amqps://h:7/v/q, bob",
    "amqp://h/q, amqp://h:5672/%2F/q, guest",
    "amqp://h//q, amqp://h:5672/%2F/q, guest",
    "amqp://h/%2F/a%2Fb%20c+d, amqp://h:5672/%2F/a%2Fb%20c+d, guest",
    "amqp://b%40x@[::1]/q, amqp://[::1]:5672/%2F/q, b@x",
  })
  void namesAQueueOfAVirtualHost(String text, String source, String user) {
    BrokerUri uri = BrokerUri.parse(text);
    assertThat(uri.source()).isEqualTo(source);
    assertThat(uri.login().user()).isEqualTo(user);
  }

  @ParameterizedTest
  @CsvSource({
    "amqp://h, names no queue",
    "amqp://h/, names no queue",
    "amqp://h/a/b/c, names no queue",
    "amqp:///q, has no host",
    "amqp://h/q?heartbeat=5, takes nothing behind ?",
    "amqp://u:se cret@h/q, is no URL",
  })
  void saysWhatIsWrong(String text, String why) {
    assertThatThrownBy(() -> BrokerUri.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("cret");
  }

  @Test
  void printsNoPassword() {
    BrokerUri uri = BrokerUri.parse("amqp://bob:secret@h/q");
    assertThat(uri.password()).isEqualTo("secret");
    assertThat(uri.toString() + uri.login() + uri.source()).doesNotContain("secret");
    assertThat(BrokerUri.parse("amqp://bob@h/q").withPassword("x").password()).isEqualTo("x");
    assertThat(uri.withPassword("x").password()).isEqualTo("secret");
    assertThat(uri.login().isShown()).isTrue();
    assertThat(BrokerUri.parse("amqp://guest:guest@h/q").login().isShown()).isFalse();
  }

  @Test
  void authoritiesAreForTlsAndAreLookedAtBefore(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("ca.pem"), "none");
    assertThatThrownBy(() -> BrokerUri.parse("amqp://h/q").withAuthorities(file))
        .hasMessageContaining("with TLS it is amqps://");
    BrokerUri uri = BrokerUri.parse("amqps://h/q");
    assertThatThrownBy(() -> uri.withAuthorities(folder.resolve("nowhere")))
        .hasMessage("cannot read " + folder.resolve("nowhere"));
    assertThatThrownBy(() -> uri.withAuthorities(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(file.toString());
  }
}
