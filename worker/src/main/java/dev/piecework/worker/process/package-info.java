/**
 * Items done by commands: a process per item, a batch of items per process, or a long-lived child
 * that reads items and answers. Linux first: elsewhere what a command leaves behind is not found.
 */
@NullMarked
package dev.piecework.worker.process;

import org.jspecify.annotations.NullMarked;
