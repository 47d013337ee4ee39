#!/bin/sh
# Opens the lessons in JupyterLab.
cd "$(dirname "$0")" && exec .venv/bin/python -m tools.lab "$@"
