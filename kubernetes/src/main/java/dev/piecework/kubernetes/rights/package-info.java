/** What the verbs for a cluster are permitted to do there, and the Role that permits it. */
@NullMarked
package dev.piecework.kubernetes.rights;

import org.jspecify.annotations.NullMarked;
