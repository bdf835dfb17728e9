/**
 * Payloads and results as JSON, by Jackson 3, which is to be on the class path where this is used.
 */
@NullMarked
package dev.piecework.bag.json;

import org.jspecify.annotations.NullMarked;
