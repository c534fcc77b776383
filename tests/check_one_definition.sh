#!/bin/sh
# Fails when two files define a type of one name in one named namespace: the linker keeps one of the
# inline members they both have, and the other type's users run it on memory that is laid out
# differently. What one file alone needs belongs into an anonymous namespace. Relies on clang-format's
# layout. Folders to look at may be named, else all of ours.
cd "$(dirname "$0")/.." || exit 2
[ $# -gt 0 ] || set -- lib hooks tests
# shellcheck disable=SC2046  # our files have no spaces in their names
awk '
  FNR == 1 { space = "" }
  /^namespace .*[{]$/ { space = space "/" ($2 == "{" ? "" : $2) }
  /^}  \/\/ namespace/ { sub(/\/[^\/]*$/, "", space) }
  /^(struct|class|enum|union) / && space !~ /\/(\/|$)/ {
    name = $2 ~ /^(class|struct)$/ ? $3 : $2
    # Neither a declaration nor a specialisation.
    if ($0 !~ "^[a-z ]+ " name "( final)?( :.*| [{].*)$") next
    name = substr(space, 2) "::" name
    if (name in seen && seen[name] != FILENAME) {
      print FILENAME ":" FNR ": " name " is defined in " seen[name] ", too"
      bad = 1
    }
    seen[name] = FILENAME
  }
  END { exit bad }' $(find "$@" -name '*.h' -o -name '*.cc' | sort)
