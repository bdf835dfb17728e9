package dev.piecework.internal.redis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/** Many commands in one round trip, to the server that has this key. */
record Pipeline(RedisLink link, byte[] key) {

  List<@Nullable Object> answers(List<CommandArguments> commands) {
    if (commands.isEmpty()) {
      return List.of();
    }
    List<@Nullable Object> answers =
        link.onOneConnection(
            key,
            connection -> {
              commands.forEach(connection::sendCommand);
              return connection.getMany(commands.size());
            });
    // Its slot is on its way to another server, or there: each command alone finds that.
    return answers.stream().anyMatch(JedisRedirectionException.class::isInstance)
        ? oneByOne(commands)
        : checked(answers);
  }

  private List<@Nullable Object> oneByOne(List<CommandArguments> commands) {
    List<@Nullable Object> answers = new ArrayList<>();
    for (CommandArguments command : commands) {
      answers.add(link.onOneConnection(key, connection -> connection.executeCommand(command)));
    }
    return answers;
  }

  private List<@Nullable Object> checked(List<@Nullable Object> answers) {
    for (Object answer : answers) {
      if (answer instanceof JedisDataException failed) {
        throw link.failure(failed);
      }
    }
    return answers;
  }
}
