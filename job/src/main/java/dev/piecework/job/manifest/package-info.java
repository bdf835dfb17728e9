/**
 * Reads a Job's manifest and what else is in its file, and says what is wrong with it, and where.
 */
@NullMarked
package dev.piecework.job.manifest;

import org.jspecify.annotations.NullMarked;
