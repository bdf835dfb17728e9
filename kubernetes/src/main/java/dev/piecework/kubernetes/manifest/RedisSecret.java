package dev.piecework.kubernetes.manifest;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.LinkedHashMap;
import java.util.Map;

/** The Secret in which workers find Redis. */
final class RedisSecret {

  static final String URL = "url";
  static final String PASSWORD = "password";

  private RedisSecret() {}

  /** Of a Redis that is somewhere else: it may move. */
  static Manifest of(Names names, RedisPlan.Access.Made made) {
    return new Manifest(secret(names, made).build(), Map.of());
  }

  /** Of a Redis that is deployed with it. */
  static Manifest fixed(Names names, RedisPlan.Access.Made made) {
    return new Manifest(
        secret(names, made).withImmutable(true).build(),
        Map.of(
            "immutable",
            "Redis and the workers read this when they start: another password in it would lock out"
                + " those that start later. To change it, delete the Secret, apply again, and restart"
                + " the StatefulSet."));
  }

  private static SecretBuilder secret(Names names, RedisPlan.Access.Made made) {
    Map<String, String> data = new LinkedHashMap<>();
    if (made.password() != null) {
      data.put(PASSWORD, made.password());
    }
    data.put(URL, made.url());
    data.putAll(made.tls().files());
    return new SecretBuilder()
        .withMetadata(names.metadata(names.redis(), Names.Component.REDIS).build())
        .withType("Opaque")
        .withStringData(data);
  }

  static String name(Names names, RedisPlan.Access access) {
    return switch (access) {
      case RedisPlan.Access.Made _ -> names.redis();
      case RedisPlan.Access.Existing existing -> existing.secretName();
    };
  }

  /** A variable with the value of a key. */
  static EnvVar variable(String variable, String secret, String key) {
    return new EnvVarBuilder()
        .withName(variable)
        .withNewValueFrom()
        .withNewSecretKeyRef()
        .withName(secret)
        .withKey(key)
        .endSecretKeyRef()
        .endValueFrom()
        .build();
  }
}
