package dev.piecework.worker.internal.session;

import java.io.IOException;
import java.util.List;

/** The system's calls, of which a test replaces some. */
public class ForwardingSystemCalls implements SystemCalls {
  private final SystemCalls system;

  public ForwardingSystemCalls() {
    system = SystemCalls.find().orElseThrow();
  }

  @Override
  public Room room(List<byte[]> environment) {
    return system.room(environment);
  }

  @Override
  public List<byte[]> environment() {
    return system.environment();
  }

  @Override
  public int awaitEnd(int pid) {
    return system.awaitEnd(pid);
  }

  @Override
  public boolean hasEnded(int pid) {
    return system.hasEnded(pid);
  }

  @Override
  public void reap(int pid) {
    system.reap(pid);
  }

  @Override
  public void kill(int target, int signal) {
    system.kill(target, signal);
  }

  @Override
  public int session(int pid) {
    return system.session(pid);
  }

  @Override
  public int[] pipe() throws IOException {
    return system.pipe();
  }

  @Override
  public int handle(int pid) {
    return system.handle(pid);
  }

  @Override
  public int memory() throws IOException {
    return system.memory();
  }

  @Override
  public void write(int descriptor, byte[] bytes, long offset) throws IOException {
    system.write(descriptor, bytes, offset);
  }

  @Override
  public void close(int descriptor) {
    system.close(descriptor);
  }
}
