#!/bin/sh
# One item: its payload is the argument, what is printed is its result.
echo "Working on $1 (item $PIECEWORK_ID, attempt $PIECEWORK_ATTEMPT)"
