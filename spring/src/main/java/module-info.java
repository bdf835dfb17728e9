/** The starter for Spring Boot, which makes and fills its beans by reflection. */
@SuppressWarnings({
  "requires-automatic",
  "requires-transitive-automatic"
}) // Spring names its modules, and they are none yet
open module dev.piecework.spring {
  exports dev.piecework.spring;
  exports dev.piecework.spring.test;

  requires transitive dev.piecework.bag;
  requires dev.piecework.micrometer;
  requires org.slf4j;
  requires spring.aop;
  requires spring.beans;
  requires spring.boot;
  requires spring.boot.autoconfigure;
  requires spring.context;
  requires spring.core;
  requires tools.jackson.databind;
  requires static dev.piecework
      .testkit; // for the package test, as all below but for health and metrics
  requires static org.jspecify;
  requires static spring.boot.health;
  requires static spring.boot.micrometer.metrics;
  requires static spring.boot.test;
  requires static spring.test;
}
