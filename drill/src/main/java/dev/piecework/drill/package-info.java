/** Workers that work, faults that strike them, and a verdict from what they recorded. */
@NullMarked
package dev.piecework.drill;

import org.jspecify.annotations.NullMarked;
