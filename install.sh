#!/bin/sh
# Builds trunkgate and puts it on repositories, shows it, or runs its tests. See --help.
set -eu

usage() {
  cat <<'END'
usage: ./install.sh [--prefix DIR] [--init] REPOSITORY...
         build, install below DIR (/usr/local), put the gate on bare repositories;
         --init makes those that do not exist
       ./install.sh demo     build, then real pushes against a temporary repository
       ./install.sh test     build everything, run all tests
       ./install.sh build    build only
Packages that are missing are installed with apt-get, as root or through sudo.
END
}

root=$(cd "$(dirname "$0")" && pwd)
build=$root/build/release

build_packages="g++ cmake ninja-build pkg-config git libgit2-dev libyaml-cpp-dev libre2-dev
  nlohmann-json3-dev libfmt-dev libcli11-dev libmbedtls-dev libpcre2-dev libhttp-parser-dev
  zlib1g-dev libdeflate-dev libutf8proc-dev libvalijson-dev libtomlplusplus-dev libsqlite3-dev
  libcurl4-openssl-dev libnats-dev"
test_packages="libgtest-dev python3 python3-jsonschema openssh-server openssh-client gnupg gpgsm openssl git-lfs
  strace systemd nats-server python3-aiosmtpd faketime"
lint_packages="clang-format clang-tidy clang libclang-rt-dev llvm"  # llvm: for a sanitizer's stack traces

say() { printf '%s\n' "$*"; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 2
}

# ---- packages -----------------------------------------------------------------------------------

missing_of() {
  for package in "$@"; do
    # Two words where a package is there for two architectures; "not-installed" is one, too.
    case " $(dpkg-query -W -f '${db:Status-Status} ' "$package" 2>/dev/null || true)" in
      *" installed "*) ;;
      *) printf '%s ' "$package" ;;
    esac
  done
}

# Runs a command as root; fails when there is no way to.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    sudo "$@"
  else
    return 1
  fi
}

# Packages of servers start their daemon; a policy-rc.d that answers 101 forbids it meanwhile.
# shellcheck disable=SC2016  # that shell expands it, not this one
apt_script='
  set -e
  export DEBIAN_FRONTEND=noninteractive
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap "rm -f $policy" EXIT
    printf "#!/bin/sh\nexit 101\n" >"$policy"
    chmod 755 "$policy"
  fi
  apt-get update -q
  apt-get install -q -y --no-install-recommends "$@"
'

need_packages() {
  command -v dpkg-query >/dev/null 2>&1 || {
    say "note: this is no Debian; these must be there: $*"
    return 0
  }
  missing=$(missing_of "$@")
  [ -n "$missing" ] || return 0
  say "installing packages: $missing"
  # shellcheck disable=SC2086  # a list of words
  as_root sh -c "$apt_script" apt $missing && return 0
  say "error: packages are missing, and they could not be installed from here. As root, run:" >&2
  say "  apt-get update && apt-get install --no-install-recommends $missing" >&2
  exit 2
}

# ---- build --------------------------------------------------------------------------------------

# configure ON|OFF: with tests or without. A folder that has them already keeps them.
configure() {
  if [ -f "$build/build.ninja" ]; then
    if [ "$1" = OFF ] || grep -q '^TRUNKGATE_TESTS:BOOL=ON' "$build/CMakeCache.txt"; then return; fi
  fi
  cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DTRUNKGATE_TESTS="$1"
}

build_programs() {
  # shellcheck disable=SC2086
  need_packages $build_packages
  configure OFF
  say "building in $build"
  ninja -C "$build" --quiet programs
}

build_all() {
  # shellcheck disable=SC2086
  need_packages $build_packages $test_packages
  configure ON
  say "building in $build"
  ninja -C "$build" --quiet
}

# What tests need of npm: install_libraries FOLDER PACKAGE WHAT, with FOLDER below tests/ and PACKAGE
# one that it names. The tests are skipped without it.
install_libraries() {
  place=$build/$1
  mkdir -p "$place"
  cmp -s "$root/tests/$1/package-lock.json" "$place/installed.json" && return
  cp "$root/tests/$1/package.json" "$root/tests/$1/package-lock.json" "$place"
  if (cd "$place" && npm ci --ignore-scripts --no-audit --no-fund --silent); then
    cp "$place/package-lock.json" "$place/installed.json"
    rm -f "$place/registry-unreachable"
  else
    # Then the tests may be skipped; where a registry answers they must run.
    if npm view "$2" name >/dev/null 2>&1; then
      rm -f "$place/registry-unreachable"
    else
      : >"$place/registry-unreachable"
    fi
    say "npm could not install $2: the tests with $3 will be skipped" >&2
  fi
}

run_tests() {
  build_all
  command -v npm >/dev/null 2>&1 || need_packages nodejs npm
  install_libraries editor yaml-language-server "an editor"
  install_libraries receivers standardwebhooks "receivers of webhooks"
  ctest --test-dir "$build" --output-on-failure -j2
}

# ---- install ------------------------------------------------------------------------------------

# True when this account may write where DIR is or would be made.
may_write() {
  folder=$1
  while [ ! -e "$folder" ]; do folder=$(dirname "$folder"); done
  [ -w "$folder" ] && { [ ! -e "$1/bin" ] || [ -w "$1/bin" ]; }
}

install_on() {
  [ $# -gt 0 ] || {
    usage >&2
    exit 2
  }
  build_programs
  case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac
  if may_write "$prefix"; then
    cmake --install "$build" --prefix "$prefix" --strip
  else
    as_root cmake --install "$build" --prefix "$prefix" --strip ||
      fail "cannot write to $prefix; choose another folder with --prefix, or run this as root"
  fi
  # shellcheck disable=SC2086
  "$prefix/bin/trunkgate" install $init "$@"
}

# ---- demo ---------------------------------------------------------------------------------------

headline() { printf '\n== %s\n' "$*"; }

# show COMMAND...: prints a command, runs it in the clone, prints what it says.
show() {
  printf '$'
  for word in "$@"; do
    case $word in *[!A-Za-z0-9_./:=@%+,-]*) printf ' "%s"' "$word" ;; *) printf ' %s' "$word" ;; esac
  done
  printf '\n'
  status=0
  (cd "$demo/clone" && "$@") >"$demo/output" 2>&1 || status=$?
  sed 's/^/  /; s/ *$//' "$demo/output"
}

# expect accepted|refused WORDS: what the last command must have led to.
expect() {
  if { [ "$1" = accepted ] && [ "$status" != 0 ]; } || { [ "$1" = refused ] && [ "$status" = 0 ]; } ||
    ! grep -q -e "$2" "$demo/output"; then
    fail "the demo expected '$1' with the words '$2'"
  fi
  say "-> $1, as it should be"
}

commit() { # commit MESSAGE: one more line in a file
  printf '%s\n' "$1" >>"$demo/clone/notes.txt"
  git -C "$demo/clone" add notes.txt
  git -C "$demo/clone" commit --quiet -m "$1"
}

# One line for each event, then one of them in full.
show_events() {
  awk '
    function field(name,   at, rest) {
      at = index($0, "\"" name "\":\"")
      if (!at) return "-"
      rest = substr($0, at + length(name) + 4)
      return substr(rest, 1, index(rest, "\"") - 1)
    }
    {
      type = field("type"); sub(/^dev\.trunkgate\./, "", type); sub(/\.v1$/, "", type)
      subject = field("subject"); if (subject ~ /^push_/) subject = substr(subject, 1, 13)
      printf "  %-14s %-30s %-12s %s\n", type, subject, field("authid"), field("time")
    }
  ' "$1"
}

pretty() {
  awk '
    function newline(  i) { printf "\n  "; for (i = 0; i < depth; i++) printf "  " }
    {
      printf "  "
      n = length($0)
      for (i = 1; i <= n; i++) {
        c = substr($0, i, 1)
        if (quoted) {
          printf "%s", c
          if (c == "\\") { i++; printf "%s", substr($0, i, 1) }
          else if (c == "\"") quoted = 0
        } else if (c == "\"") { quoted = 1; printf "%s", c }
        else if (c == "{" || c == "[") {
          printf "%s", c
          if (index("}]", substr($0, i + 1, 1)) == 0) { depth++; newline() }
          else { i++; printf "%s", substr($0, i, 1) }
        }
        else if (c == "}" || c == "]") { depth--; newline(); printf "%s", c }
        else if (c == ",") { printf "%s", c; newline() }
        else if (c == ":") printf ": "
        else printf "%s", c
      }
      printf "\n"
    }
  '
}

prepare_demo() {
  demo=$(mktemp -d "${TMPDIR:-/tmp}/trunkgate-demo.XXXXXX")
  # Nobody's own configuration takes part, and nothing of the demo stays in it.
  unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_CONFIG_COUNT GIT_CONFIG_PARAMETERS || true
  export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0 GIT_EDITOR=:
  repository=$demo/models.git
  git init --quiet --bare -b main "$repository"
  git clone --quiet "$repository" "$demo/clone" 2>/dev/null
  git -C "$demo/clone" config user.name "Demo Pusher"
  git -C "$demo/clone" config user.email "pusher@demo.example"
  git -C "$demo/clone" config advice.detachedHead false
  git -C "$demo/clone" symbolic-ref HEAD refs/heads/main
  commit "feat: first version"
  git -C "$demo/clone" push --quiet origin main
}

run_pushes() {
  headline "1. A commit pushed straight to main"
  commit "feat: a change that nobody has seen"
  show git push origin main
  expect refused "REJECTED refs/heads/main"
  git -C "$demo/clone" reset --quiet --hard origin/main

  headline "2. A branch whose name fits no pattern"
  git -C "$demo/clone" checkout --quiet -b my-stuff
  commit "feat: add a tokenizer"
  show git push origin my-stuff
  expect refused "REJECTED refs/heads/my-stuff"

  headline "3. A commit message that is not conventional"
  git -C "$demo/clone" checkout --quiet -b feature/tokenizer origin/main
  commit "update"
  show git push origin feature/tokenizer
  expect refused "unconventional-commit"

  headline "4. The same branch with a proper message"
  show git commit --amend -m "feat: add a tokenizer"
  show git push origin feature/tokenizer
  expect accepted "feature/tokenizer -> feature/tokenizer"

  headline "5. That branch, merged, lands on main"
  git -C "$demo/clone" checkout --quiet main
  show git merge --no-ff -m "Merge branch 'feature/tokenizer'" feature/tokenizer
  show git push origin main
  expect accepted "main -> main"
}

# post-receive has started a deliverer already; both are done when no record is left.
deliver_events() {
  tries=0
  while :; do
    show "$trunkgate" deliver "$repository"
    [ "$status" = 0 ] || fail "the events were not delivered"
    if grep -q ' 0 records left' "$demo/output"; then return; fi
    tries=$((tries + 1))
    [ "$tries" -lt 20 ] || fail "the deliverer has left records"
    sleep 0.5
  done
}

run_demo() {
  build_programs
  trunkgate=$build/bin/trunkgate
  prepare_demo
  headline "A bare repository gets the gate"
  show "$trunkgate" install "$repository"
  expect accepted "1 installed"
  run_pushes
  headline "What happened, as events for other systems"
  deliver_events
  events=$repository/trunkgate/events.jsonl
  [ -s "$events" ] || fail "there are no events"
  while IFS= read -r event; do
    printf '%s\n' "$event" | pretty
  done < "$events"
  headline "The same events, a line each"
  show_events "$events"
  headline "Where everything is"
  say "  repository  $repository"
  say "  policy      $repository/trunkgate/policy.yaml"
  say "  events      $events"
  say "  hooks       $repository/hooks/{pre-receive,update,post-receive}"
  say "  a clone     $demo/clone  (try a push of your own)"
  say "  remove all  rm -rf $demo"
}

# ---- arguments ----------------------------------------------------------------------------------

prefix=/usr/local
init=
case ${1:-} in
  demo | test | build)
    [ $# = 1 ] || fail "'$1' takes no arguments; see --help"
    case $1 in
      demo) run_demo ;;
      test) run_tests ;;
      build) build_programs ;;
    esac
    exit
    ;;
  lint-packages) # for .ci/run
    # shellcheck disable=SC2086
    need_packages $lint_packages
    exit
    ;;
  '')
    usage >&2
    exit 2
    ;;
esac
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help)
      usage
      exit
      ;;
    --prefix)
      [ $# -gt 1 ] || fail "--prefix needs a folder"
      prefix=$2
      shift
      ;;
    --prefix=*) prefix=${1#--prefix=} ;;
    --init) init=--init ;;
    --)
      shift
      break
      ;;
    -*) fail "unknown option $1; see --help" ;;
    *) break ;;
  esac
  shift
done
install_on "$@"
