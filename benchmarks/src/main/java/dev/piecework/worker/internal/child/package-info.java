/** JMH benchmarks of what only this package sees. */
@NullMarked
package dev.piecework.worker.internal.child;

import org.jspecify.annotations.NullMarked;
