/**
 * What Prometheus gets to see: {@link dev.piecework.metrics.WorkerMetrics} of one worker, {@link
 * dev.piecework.metrics.QueueMetrics} of queues. Labels are queue, outcome and state; never an
 * item, a key or a worker, of which there may be any number.
 */
@NullMarked
package dev.piecework.metrics;

import org.jspecify.annotations.NullMarked;
