# Sourced by ./demo and ./check. `environment NAME WHAT` installs WHAT (as pip understands it) into .venv, which it makes
# if there is none. Nothing is done where NAME was installed before from the same pyproject.toml.
# Needs Python 3.11 or newer, with `venv`; where Debian keeps ensurepip apart, pip, virtualenv or uv will do instead.

say() {
    printf '%s\n' "$*" >&2
}

find_python() {
    for candidate in ${PYTHON:-} python3 python python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    say "Détente needs Python 3.11 or newer; none was found. Install one, or name it: PYTHON=/path/to/python3 sh $0"
    return 1
}

has_pip() {
    .venv/bin/python -m pip --version >/dev/null 2>&1
}

# Every way in turn: a whole venv, one that takes pip from the system's pip, virtualenv, uv.
make_venv() {
    python=$1
    rm -rf .venv
    "$python" -m venv .venv >/dev/null 2>&1 && has_pip && return 0
    rm -rf .venv
    "$python" -m venv --without-pip .venv >/dev/null 2>&1 &&
        "$python" -m pip --python .venv/bin/python install --quiet pip >/dev/null 2>&1 && has_pip && return 0
    rm -rf .venv
    "$python" -m virtualenv --quiet .venv >/dev/null 2>&1 && has_pip && return 0
    rm -rf .venv
    uv venv --quiet --seed --python "$python" .venv >/dev/null 2>&1 && has_pip && return 0
    rm -rf .venv
    say "Could not make a virtual environment: this Python has no ensurepip, and there is no pip, virtualenv or uv to stand in."
    say "On Debian and Ubuntu this helps: sudo apt install python3-venv"
    return 1
}

environment() {
    mark=".venv/installed-$1"
    state="$(cksum <pyproject.toml) $(pwd)"
    if [ -x .venv/bin/python ] && [ -f "$mark" ] && [ "$(cat "$mark")" = "$state" ]; then
        return 0
    fi
    if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || ! has_pip; then
        chosen=$(find_python) || return 1
        say "Making .venv with $("$chosen" --version)"
        make_venv "$chosen" || return 1
    fi
    say "Installing $2 into .venv"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --editable "$2" || return 1
    printf '%s\n' "$state" >"$mark"
}
