/**
 * Workers that run elsewhere: submitting, following and ending them, in any place that is a {@link
 * dev.piecework.cli.backend.Backend}.
 */
@NullMarked
package dev.piecework.cli.backend;

import org.jspecify.annotations.NullMarked;
