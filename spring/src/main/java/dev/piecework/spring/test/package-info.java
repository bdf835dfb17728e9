/** For tests of applications: {@link dev.piecework.spring.test.PieceworkTest}. */
@NullMarked
package dev.piecework.spring.test;

import org.jspecify.annotations.NullMarked;
