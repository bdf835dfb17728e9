@NullMarked
package dev.piecework.embedded;

import org.jspecify.annotations.NullMarked;
