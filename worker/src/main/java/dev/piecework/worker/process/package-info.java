/**
 * Items done by commands: a process per item, a batch of items per process, or a long-lived child
 * that reads items and answers. Linux first: elsewhere what a command leaves behind is not found.
 *
 * <p>{@code CommandLoop}, {@code BatchLoop} and {@code ChildLoop} are the loops, {@code
 * CommandConfig} says how commands are run. {@code Guard}, {@code Sessions}, {@code Shell}, {@code
 * ExactEnvironment} and {@code OwnProcesses} are for whoever starts groups of processes without a
 * queue: a Job on one machine does.
 */
@NullMarked
package dev.piecework.worker.process;

import org.jspecify.annotations.NullMarked;
