/** Runs a Job: the loop that carries out what the rules say, and pods as groups of processes. */
@NullMarked
package dev.piecework.job.run;

import org.jspecify.annotations.NullMarked;
