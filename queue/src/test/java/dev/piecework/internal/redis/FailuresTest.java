package dev.piecework.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.internal.redis.RedisFailure.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Row by row: what passes is waited for, and only what no waiting mends is for a person at once.
 */
class FailuresTest {

  private static RedisFailure of(JedisException failed) {
    return Failures.of(failed, "Redis at h:1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NOAUTH Authentication required.|UNAUTHORISED|refuses the password or asks for one",
        "NOAUTH HELLO must be called with the client already authenticated|UNAUTHORISED|asks",
        "WRONGPASS invalid username-password pair or user is disabled.|UNAUTHORISED|refuses",
        "ERR invalid password|UNAUTHORISED|refuses",
        "ERR AUTH <password> called without any password configured for the default user. Are you"
            + " sure?|UNAUTHORISED|refuses",
        "ERR Client sent AUTH, but no password is set|UNAUTHORISED|refuses",
        "DENIED Redis is running in protected mode|UNAUTHORISED|takes no clients from here",
        "LOADING Redis is loading the dataset in memory|AWAY|cannot be reached",
        "CLUSTERDOWN The cluster is down|AWAY|cannot be reached",
        "CLUSTERDOWN Hash slot not served|AWAY|cannot be reached",
        "TRYAGAIN Multiple keys request during rehashing of slot|AWAY|cannot be reached",
        "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is 'no'.|AWAY|reached",
        "MOVED 1 h:2|AWAY|cannot be reached",
        "BUSY Redis is busy running a script.|AWAY|cannot be reached",
        "UNBLOCKED force unblock from blocking operation|AWAY|cannot be reached",
        "NOSCRIPT No matching script. Please use EVAL.|AWAY|cannot be reached",
        "ERR max number of clients reached|AWAY|cannot be reached: ERR max number of clients",
        "ERR max number of clients + cluster connections reached|AWAY|cannot be reached",
        "ERR Connection refused|AWAY|cannot be reached",
        "ERR Connection timed out|AWAY|cannot be reached",
        "no upstream host|AWAY|cannot be reached",
        "upstream failure|AWAY|cannot be reached",
        "OOM command not allowed when used memory > 'maxmemory'.|REFUSES_WRITES|refuses to write",
        "READONLY You can't write against a read only replica.|REFUSES_WRITES|refuses to write",
        "MISCONF Errors writing to the AOF file|REFUSES_WRITES|refuses to write",
        "NOREPLICAS Not enough good replicas to write.|REFUSES_WRITES|refuses to write",
        "ERR Error running script (call to f_1): @user_script:1: -OOM command not"
            + " allowed|REFUSES_WRITES|refuses to write",
        "ERR Error running script (call to f_1): @user_script:1: @user_script: 1: -LOADING Redis is"
            + " loading|AWAY|cannot be reached",
        "ERR Error running script (call to f_1): -READONLY You can't|REFUSES_WRITES|refuses",
        "WRONGTYPE Operation against a key holding the wrong kind of value|UNUSABLE|something else",
        "NOPERM this user has no permissions to run the 'eval' command|UNUSABLE|lacks a permission",
        "ERR The user executing the script can't run this command or subcommand|UNUSABLE|lacks",
        "ERR unknown command 'BLMOVE'|UNUSABLE|older than Redis 6.2",
        "ERR Unknown Redis command called from Lua script|UNUSABLE|older than Redis 6.2",
        "ERR DB index is out of range|UNUSABLE|has no such database",
        "ERR SELECT is not allowed in cluster mode|UNUSABLE|is a Cluster, which has database 0",
        "BUSYKEY Target key name already exists.|UNUSABLE|answered",
        "ASKEW what begins like a word is not that word|UNUSABLE|answered",
        "ERR something never heard of|UNUSABLE|Redis at h:1 answered: ERR something never heard of",
      })
  void whatRedisAnswers(String said, Kind kind, String sentence) {
    RedisFailure failure = of(new JedisDataException(said));
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.reason()).contains(sentence).doesNotContain("\n");
    // Wrapped, as the client library does when it looks for a Cluster's slots.
    JedisClusterOperationException cluster =
        new JedisClusterOperationException("Could not initialize cluster slots cache.");
    cluster.addSuppressed(new JedisDataException(said));
    if (kind != Kind.UNUSABLE) {
      assertThat(of(cluster).kind()).isEqualTo(kind);
    }
  }

  @Test
  void aRefusalThatIsTheConnectionsLastWordIsOne() {
    assertThat(of(new JedisConnectionException("NOAUTH Authentication required.")).kind())
        .isEqualTo(Kind.UNAUTHORISED);
    assertThat(of(new JedisAccessControlException("NOPERM no permissions")).kind())
        .isEqualTo(Kind.UNUSABLE);
  }

  private static Stream<Arguments> troubleOfConnections() {
    return Stream.of(
        row(new ConnectException("Connection refused"), "cannot be reached: Connection refused"),
        row(new UnknownHostException("h: Name or service not known"), "Name or service not known"),
        row(new SocketException("Connection reset"), "cannot be reached: Connection reset"),
        row(new SocketTimeoutException("Read timed out"), "Read timed out"),
        row(new IOException("no certificate in /ca.pem"), "cannot be reached: no certificate in"),
        row(
            new SSLHandshakeException("Remote host terminated the handshake"),
            "cannot be reached: Remote host terminated the handshake"),
        row(
            new SSLException("Unsupported or unrecognized SSL message"),
            "cannot be reached: Unsupported or unrecognized SSL message"),
        row(new IOException("disk.example OOM READONLY"), "cannot be reached"));
  }

  private static Arguments row(Throwable cause, String sentence) {
    return Arguments.of(cause, sentence);
  }

  @ParameterizedTest
  @MethodSource("troubleOfConnections")
  void troubleOfConnectionsPasses(Throwable cause, String sentence) {
    RedisFailure failure = of(new JedisConnectionException("Failed to create socket.", cause));
    assertThat(failure.kind()).isEqualTo(Kind.AWAY);
    assertThat(failure.reason()).contains(sentence).doesNotContain("Failed to create socket");
  }

  private static Stream<Arguments> troubleOfCertificates() {
    return Stream.of(
        row(
            new SSLHandshakeException(
                "PKIX path building failed: unable to find valid certification path to requested"
                    + " target"),
            "no trusted TLS connection to Redis at h:1: its certificate is from no authority"),
        row(
            new SSLHandshakeException("x")
                .initCause(
                    new CertificateException(
                        "No subject alternative names matching IP address 1.1.1.1")),
            "its certificate is for another host"),
        row(
            new SSLHandshakeException("Received fatal alert: bad_certificate"),
            "it does not take our certificate"));
  }

  @ParameterizedTest
  @MethodSource("troubleOfCertificates")
  void troubleOfCertificatesPassesAndIsForAPerson(Throwable cause, String sentence) {
    RedisFailure failure = of(new JedisConnectionException("Failed to create socket.", cause));
    assertThat(failure.kind()).isEqualTo(Kind.UNTRUSTED);
    assertThat(failure.reason()).contains(sentence);
  }

  @Test
  void theNameOfAHostIsNoReply() {
    for (String host : new String[] {"disk", "OOM", "unknown command", "WRONGTYPE"}) {
      RedisFailure failure =
          of(new JedisConnectionException("Failed to connect to " + host + ":6379."));
      assertThat(failure.kind()).isEqualTo(Kind.AWAY);
    }
  }
}
