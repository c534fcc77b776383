#!/bin/sh
# batch.sh NAME=FILE...: prints C++ files as one. What a file has in its nameless namespace gets a
# namespace NAME around it, so that files may use the same words; #line keeps places true.
set -eu
for part; do
  file=${part#*=}
  printf '#line 1 "%s"\n' "$file"
  sed "s|^namespace {\$|namespace { namespace ${part%%=*} {|; s|^}  // namespace\$|} }|" "$file"
done
