/** Whether Piecework works on this machine, and what somebody who helps from afar needs to know. */
@NullMarked
package dev.piecework.cli.selftest;

import org.jspecify.annotations.NullMarked;
