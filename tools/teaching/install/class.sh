#!/bin/sh
# Serves a class from this machine: sh class.sh --host 0.0.0.0; --dry only says what would be, --help lists the rest.
cd "$(dirname "$0")" && exec .venv/bin/python -m classroom "$@"
