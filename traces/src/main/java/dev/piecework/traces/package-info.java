/**
 * What OpenTelemetry gets to see: a span for each attempt of a worker, {@link
 * dev.piecework.traces.WorkerTraces}, and {@link dev.piecework.traces.TraceExport}, which sends
 * them where the standard variables say.
 */
@NullMarked
package dev.piecework.traces;

import org.jspecify.annotations.NullMarked;
