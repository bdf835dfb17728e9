@NullMarked
package dev.piecework.testkit;

import org.jspecify.annotations.NullMarked;
