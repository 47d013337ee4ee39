"""Settings of a class that is not started."""

import pytest

from classroom.hub.settings import LOOPBACK, Settings

CODE, INSTRUCTOR_CODE = "tavo-kire", "i" * 32


@pytest.fixture
def plan(tmp_path):
    """A class that nobody has started."""
    return Settings(LOOPBACK, 8000, CODE, INSTRUCTOR_CODE, str(tmp_path / "class"))
