/**
 * What people look at: a page on the queues of one Redis, served by this process ({@link
 * dev.piecework.dashboard.Dashboard}), and a file about one run ({@link
 * dev.piecework.dashboard.Report}). Both show the same block of JSON ({@link
 * dev.piecework.dashboard.Block}) by the same scripts, which are beside these classes, in {@code
 * page}. It reads and changes queues through {@link dev.piecework.QueueAdmin}, as the verbs of the
 * command line do.
 */
@NullMarked
package dev.piecework.dashboard;

import org.jspecify.annotations.NullMarked;
