#!/bin/sh
# Sets the lessons up in this folder, without a network. PYTHON=/path/to/python3 chooses the interpreter.
set -eu
cd "$(dirname "$0")"
version() { "$1" -I -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true; }
python=${PYTHON-}
if [ -z "$python" ]; then
    for each in python@PYTHON@ python3 python; do
        if [ "$(version "$each")" = "@PYTHON@" ]; then python=$each; break; fi
    done
fi
if [ "$(version "${python:-none}")" != "@PYTHON@" ]; then
    echo "This kit is for Python @PYTHON@ on @SYSTEM@, and none was found: install it, or name it," >&2
    echo "as in PYTHON=/path/to/python@PYTHON@ sh install.sh" >&2
    exit 1
fi
echo "Setting up with Python @PYTHON@: some minutes, in which nothing more is said. 2 GB on the disk."
"$python" -m venv --clear .venv
# --isolated: nobody's settings send pip elsewhere; --no-index: it looks in this folder only.
if ! .venv/bin/python -m pip --isolated --disable-pip-version-check install --quiet --no-index --find-links wheels \
    --require-hashes --requirement requirements.txt; then
    rm -rf .venv
    echo "Nothing was set up. If pip says above that a hash does not match, a file of this kit is damaged or was" >&2
    echo "changed: copy the kit anew." >&2
    exit 1
fi
echo "Ready. Open the lessons, now and later, with: sh start.sh"
