/** A Job on this machine: pods as groups of processes, its folder, its logs, its control. */
@NullMarked
package dev.piecework.job.process;

import org.jspecify.annotations.NullMarked;
