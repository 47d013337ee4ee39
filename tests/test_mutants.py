"""The list of changes that change nothing: each is still one that `make mutants` can make."""

import sys
from pathlib import Path

import pytest

from tools import mutants

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LISTED = tomllib.loads(Path(__file__).with_name("mutants.toml").read_text("utf-8"))["change"]


@pytest.mark.parametrize("module", sorted({change["module"] for change in LISTED}))
def test_every_listed_change_can_still_be_made(module):
    possible = {(change.line, change.becomes) for change in mutants.changes(module)}
    listed = {(change["line"], change["becomes"]) for change in LISTED if change["module"] == module}
    assert module in mutants.CORE and listed <= possible
