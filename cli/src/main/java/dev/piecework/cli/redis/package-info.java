/** Which Redis, how it is connected to, and the verb that runs the embedded one. */
@NullMarked
package dev.piecework.cli.redis;

import org.jspecify.annotations.NullMarked;
