# shellcheck shell=bash
# Sourced by the other scripts: `source scripts/setup.sh runtime` or `… dev`.
#
# Makes .venv, installs what requirements/*.txt lock (each file checked against its hash), installs Parvis itself from
# this checkout, and leaves the shell in the root of the checkout. Does nothing when the locks have not changed since
# the last time. An interrupted run leaves no stamp behind, so the next one starts again.
set -euo pipefail

unset PYTHONDONTWRITEBYTECODE # what one process compiles, all those that follow it only read: half of every start

cd "$(dirname "${BASH_SOURCE[0]}")/.."

setup_say() { printf 'Parvis set-up: %s\n' "$*" >&2; }

# The first interpreter that runs and is recent enough: the one the locks were made for, else the usual one.
setup_python() {
  local name version found=""
  for name in python3.11 python3; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
    version="$("$name" --version 2>/dev/null || true)"
    found+="${version:+${found:+ and }$version}"
  done
  setup_say "Python 3.11 or newer is needed; found here: ${found:-none}. On Debian or Ubuntu: apt install python3.11 python3.11-venv."
  return 1
}

setup_venv() {
  # One that was made here and works is kept; a checkout that was moved makes its own.
  grep -qsF "$PWD/.venv" .venv/pyvenv.cfg && .venv/bin/python -m pip --version >/dev/null 2>&1 && return
  local python
  python="$(setup_python)"
  setup_say "making .venv with $("$python" --version)"
  if ! "$python" -m venv --clear "$PWD/.venv" >/dev/null; then
    setup_say "$python cannot make a virtual environment. On Debian or Ubuntu: apt install python3-venv."
    return 1
  fi
}

# The text of everything that decides what is installed; the stamp is a copy of it.
setup_wanted() {
  pwd
  cat requirements/build.txt "requirements/$1.txt" requirements/runtime.in requirements/metadata.py pyproject.toml
}

setup_is_current() { [ -x .venv/bin/parvis ] && cmp -s <(setup_wanted "$1") ".venv/parvis-$1.stamp"; }

setup_install() {
  setup_venv
  rm -f .venv/parvis-*.stamp
  setup_say "installing the tools of the set-up"
  .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/build.txt
  setup_say "installing requirements/$1.txt"
  UV_SYSTEM_CERTS=true .venv/bin/uv pip sync --quiet --python .venv/bin/python --link-mode copy --require-hashes \
    requirements/build.txt "requirements/$1.txt"
  .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --offline -e .
  setup_wanted "$1" >.venv/parvis-stamp.new
  mv .venv/parvis-stamp.new ".venv/parvis-$1.stamp"
  setup_say "done"
}

setup() {
  setup_is_current "$1" && return
  { [ "$1" = runtime ] && setup_is_current dev; } && return # what checks need includes what Parvis needs
  if command -v flock >/dev/null; then
    (
      flock 9 # two at once: the second finds the work done
      setup_is_current "$1" || setup_install "$1"
    ) 9<scripts/setup.sh
  else
    setup_install "$1"
  fi
}

setup "${1:-runtime}"
