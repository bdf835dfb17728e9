/**
 * The state machine of a queue as a specification: one table of transitions, explored in full for
 * small bags, written out as docs/state-machine.md, and held against the scripts by replaying it.
 */
@NullMarked
package dev.piecework.model;

import org.jspecify.annotations.NullMarked;
