#!/bin/sh
# Every source file inside a JDK's src.zip through sha256sum, with the results in a file.
# usage: run.sh SRC_ZIP WORK_FOLDER
set -eu
piecework=${PIECEWORK:-"$(cd "$(dirname "$0")/../.." && pwd)/piecework"}
sources=$1
folder=$2

mkdir -p "$folder/src"
(cd "$folder/src" && unzip -q -o "$sources")
(cd "$folder" && find src -type f | sort >files.txt)

cd "$folder"
# --batch: one sha256sum for up to 100 files; it prints a line for each, which becomes its result.
"$piecework" run -p 2 --from files.txt --results out.jsonl --batch 100 -- sha256sum {}
