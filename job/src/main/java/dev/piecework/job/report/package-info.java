/** A Job for people and programs: as {@code kubectl describe} lays it out, as YAML, as JSON. */
@NullMarked
package dev.piecework.job.report;

import org.jspecify.annotations.NullMarked;
