#!/bin/sh
# Fails when a file of lib/ includes a header of a floor above its own, or of a peer on its floor, or
# when a library is used outside the one place that may know it. Prints each violation.
cd "$(dirname "$0")/.." || exit 2
{
  grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' lib
  grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*<(git2|yaml-cpp/|re2/|CLI/)' lib hooks
} | awk -F: '
  BEGIN {
    split("base 0 config 1 git 1 push 2 evidence 3 rules 4 policy 5 report 6 events 6 hook 7", words, " ")
    for (i = 1; i in words; i += 2) floor[words[i]] = words[i + 1]
  }
  function complain(why) { print $1 ":" $2 ": " why; bad = 1 }
  {
    file = $1; split(file, path, "/"); header = $3
    sub(/^[^"<]*["<]/, "", header); sub(/[">].*/, "", header); split(header, target, "/")
    if ($3 ~ /</) {
      if (header ~ /^git2/ && file !~ /^lib\/git\//) complain("only lib/git may use libgit2")
      if (header ~ /^yaml-cpp/ && file !~ /^lib\/config\/(document|config_yaml)/) complain("only lib/config/document* and config_yaml may use yaml-cpp")
      if (header ~ /^re2/ && file !~ /^lib\/base\//) complain("only lib/base may use RE2")
      if (header ~ /^CLI/ && file != "hooks/trunkgate/main.cc") complain("only main.cc may use CLI11")
    } else if (!(target[1] in floor)) complain("includes " header ", which is in no folder of lib/")
    else if (target[1] != path[2] && floor[target[1]] >= floor[path[2]])
      complain(path[2] " is on floor " floor[path[2]] " and includes " header " of floor " floor[target[1]])
  }
  END { exit bad }'
