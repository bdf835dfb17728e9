/**
 * How the tests of this source tree are run: which tools of the machine a test needs, and what
 * becomes of it where one is missing; what each test came to, as a line of a file that {@code
 * ./check} reads; and how long a test waits for something. Users of the library have no use for it.
 */
@NullMarked
package dev.piecework.testrun;

import org.jspecify.annotations.NullMarked;
