/**
 * Sessions of processes: the calls of the C library, which processes a session has, and what ends
 * them when this process is killed.
 */
@NullMarked
package dev.piecework.worker.internal.session;

import org.jspecify.annotations.NullMarked;
