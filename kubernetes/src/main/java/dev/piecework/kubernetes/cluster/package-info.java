/** Applies, watches, describes, scales and deletes in a real cluster. */
@NullMarked
package dev.piecework.kubernetes.cluster;

import org.jspecify.annotations.NullMarked;
