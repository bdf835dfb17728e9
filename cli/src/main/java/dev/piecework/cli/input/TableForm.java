package dev.piecework.cli.input;

/**
 * What a table's records become.
 *
 * @param raw whether a record is filled as it is written, and has no fields
 * @param header whether the first record has the names of the columns
 * @param delimiter between fields, one ASCII character
 * @param wanted the fields that have to be there
 */
record TableForm(boolean raw, boolean header, byte delimiter, WantedFields wanted) {

  /** With commas and a header, as it is written. */
  static final TableForm RAW = new TableForm(true, true, (byte) ',', WantedFields.NONE);

  /** What makes other records of the same table; empty for what is the rule. */
  String word() {
    return (header ? "" : " no header") + (delimiter == ',' ? "" : " delimiter " + delimiter);
  }
}
