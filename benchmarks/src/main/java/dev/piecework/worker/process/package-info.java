/** JMH benchmarks of what only this package sees. */
@NullMarked
package dev.piecework.worker.process;

import org.jspecify.annotations.NullMarked;
