#!/bin/sh
# Starts a lesson again, and keeps the old one: sh fresh.sh 03
cd "$(dirname "$0")" && LESSONS_WORK="${LESSONS_WORK-$PWD/work}" exec .venv/bin/python -m tools.own_copy --fresh "${1-}"
