/** Workers that work, faults injected into them, and a verdict from what they recorded. */
@NullMarked
package dev.piecework.drill;

import org.jspecify.annotations.NullMarked;
