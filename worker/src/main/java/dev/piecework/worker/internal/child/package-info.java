/** Long-lived children: the lines that they read and write, and the items that they have. */
@NullMarked
package dev.piecework.worker.internal.child;

import org.jspecify.annotations.NullMarked;
