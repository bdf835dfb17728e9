module stranger {
  requires dev.piecework.bag;
  requires dev.piecework.embedded;
}
