@NullMarked
package dev.piecework;

import org.jspecify.annotations.NullMarked;
