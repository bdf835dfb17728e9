/** Makes archives, a Debian package and man pages, for ./package. */
@NullMarked
package dev.piecework.packaging;

import org.jspecify.annotations.NullMarked;
