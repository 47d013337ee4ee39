#!/bin/sh
# Makes .venv ready, and is quick and silent when it is:
#     sh tools/set_up.sh         what the lessons need
#     sh tools/set_up.sh test    the tools for tests, style and benchmarks as well
#     sh tools/set_up.sh teach   the tools for an instructor's site, slides and kit as well
#     sh tools/set_up.sh class   what a class of thirty needs as well: the hub and the board
# It is plain sh because it has to speak clearly where there is no usable Python yet.

set -u
versions="3.10 3.11 3.12 3.13"
extra=${1-}
stamp=.venv/ready${extra:+-to-$extra}
export PIP_DISABLE_PIP_VERSION_CHECK=1  # its notice would look like something to do

stop() {
    echo "$*" >&2
    exit 1
}

version() {  # "3.12" for any Python 3.12, nothing for what does not run
    "$1" -I -S -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null
}

is_supported() {
    case " $versions " in *" ${1:-none} "*) ;; *) return 1 ;; esac
}

choose_python() {
    if [ -n "${PYTHON-}" ]; then
        python=$PYTHON
        is_supported "$(version "$python")" && return
        stop "PYTHON=$PYTHON is none of the Python versions that the lessons run on ($versions): name another" \
            "(make lab PYTHON=/path/to/python3), or use conda: conda env create -f environment.yml"
    fi
    for python in python3 python3.13 python3.12 python3.11 python3.10; do
        is_supported "$(version "$python")" && return
    done
    stop "Found none of the Python versions that the lessons run on ($versions): install one, name one" \
        "(make lab PYTHON=/path/to/python3), or use conda: conda env create -f environment.yml"
}

make_venv() {
    "$python" -m venv --clear .venv && version .venv/bin/python >.venv/made
}

venv_is_whole() {  # .venv/made is written last
    made=$(cat .venv/made 2>/dev/null)
    is_supported "$made" && [ "$made" = "$(version .venv/bin/python)" ] &&
        { [ -z "${PYTHON-}" ] || [ "$made" = "$(version "$PYTHON")" ]; }
}

forget_half_installed() {  # pip believes in a package whose installation was cut off, unless its record goes
    for record in .venv/lib/python3.*/site-packages/*.dist-info; do
        [ -e "$record/INSTALLER" ] || rm -rf "$record"  # the last file that pip writes
    done
    rm -rf .venv/lib/python3.*/site-packages/~*  # what pip had put aside
}

state() {  # everything that a finished set-up depends on; the editable install holds the folder's path
    pwd -P
    cat .venv/made
    cksum pyproject.toml constraints.txt
}

pip_install() {
    .venv/bin/python -m pip install --constraint constraints.txt "$@"
}

install() {  # setuptools on its own first, so that a folder that has moved needs no network to heal
    pip_install setuptools &&
        pip_install --no-build-isolation --editable ".${extra:+[$extra]}" &&
        state >"$stamp"
}

install_readably() {
    set -- .venv/lib/python3.*/site-packages/*.dist-info
    if [ $# -lt 10 ]; then
        install  # straight to the terminal, where pip draws its progress
    else
        install | grep -v 'already satisfied'  # pip would say so of every single package
    fi
}

say_how_to_go_on() {
    [ -f "$stamp" ] || echo "Set-up did not finish; with the network there, run the same command again:" \
        "it goes on from here." >&2
}

if [ -n "${PYTHON-}" ]; then choose_python; fi  # a wrong name is an error even when nothing is to do
if venv_is_whole; then
    if [ "$(state)" = "$(cat "$stamp" 2>/dev/null)" ]; then exit 0; fi
    if [ -n "$extra" ]; then
        case $extra in
            test) what="tests: about 70 MB" ;;
            class) what="a whole class: about 90 MB" ;;
            *) what="instructors: about 15 MB" ;;
        esac
        echo "Adding the tools for $what to download."
    else
        echo "Bringing .venv up to date; what it has already is not downloaded again."
    fi
    rm -f "$stamp"
else
    choose_python
    "$python" -I -c 'import ensurepip, venv' 2>/dev/null ||
        stop "$python cannot make virtual environments: on Debian and Ubuntu 'sudo apt install python3-venv' cures" \
            "that; then run the same command again."
    echo "Setting up .venv with Python $(version "$python"), this once:" \
        "about 400 MB to download, 2 GB on disk, a few minutes."
    rm -f .venv/made
fi

trap 'exit 130' HUP INT TERM
trap say_how_to_go_on EXIT
[ -f .venv/made ] || make_venv || exit 1
forget_half_installed
install_readably
[ -f "$stamp" ]
