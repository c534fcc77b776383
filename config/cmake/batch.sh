#!/bin/sh
# batch.sh NAME=FILE...: prints C++ files as one. What a file has in its nameless namespace gets a
# namespace NAME around it, so that files may use the same words; #line keeps places true. A file
# sees what the others declare, and must not be blamed for using one of their words: -Wshadow is for
# files that are compiled alone (TRUNKGATE_BATCH=1).
set -eu
printf '#pragma GCC diagnostic ignored "-Wshadow"\n'
for part; do
  file=${part#*=}
  printf '#line 1 "%s"\n' "$file"
  sed "s|^namespace {\$|namespace { namespace ${part%%=*} {|; s|^}  // namespace\$|} }|" "$file"
done
