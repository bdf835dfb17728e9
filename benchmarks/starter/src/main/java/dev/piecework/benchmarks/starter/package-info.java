/** What the starter for Spring Boot costs. */
@NullMarked
package dev.piecework.benchmarks.starter;

import org.jspecify.annotations.NullMarked;
