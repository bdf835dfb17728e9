package dev.piecework.dashboard;

import dev.piecework.ItemView;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The items of several readings, each begun when those before it have ended: a {@code flatMap}
 * would read a whole part before its first item is seen.
 */
final class Chain<P> implements Iterator<ItemView> {

  /** Begins the reading of a part. */
  interface Opener<P> {
    Iterator<ItemView> open(P part);
  }

  private final Iterator<P> parts;
  private final Opener<P> opener;
  private Iterator<ItemView> current = Collections.emptyIterator();

  Chain(Iterator<P> parts, Opener<P> opener) {
    this.parts = parts;
    this.opener = opener;
  }

  @Override
  public boolean hasNext() {
    while (!current.hasNext() && parts.hasNext()) {
      current = opener.open(parts.next());
    }
    return current.hasNext();
  }

  @Override
  public ItemView next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return current.next();
  }
}
