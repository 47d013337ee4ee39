"""The agendas of TEACHING.md: their clocks go right, and every part of a lesson that they name is there."""

import re
from pathlib import Path

import pytest

from tools import lessons

TEXT = (Path(__file__).resolve().parent.parent.parent / "TEACHING.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d):(\d\d) \| (\d+) \| (.+) \|$", re.MULTILINE)
PART = re.compile(r"^### (\d):(\d\d) .+ \((\d+) minutes\)$", re.MULTILINE)


@pytest.fixture(scope="module")
def headings():
    """Every heading of every lesson."""
    cells = [cell for path in lessons.paths() for cell in lessons.read(path).cells if cell.cell_type == "markdown"]
    return {heading for cell in cells for heading in lessons.HEADING.findall(lessons.FOLDED.sub("", cell.source))}


def agenda(name):
    """The rows of the agenda whose heading begins with this name."""
    section = TEXT.partition(f"\n## {name}")[2].partition("\n## ")[0]
    return ROW.findall(section), section


@pytest.mark.parametrize(("name", "minutes"), [("Ninety minutes", 90), ("Half a day", 240)])
def test_its_clock_goes_right_and_its_parts_are_in_the_lessons(name, minutes, headings):
    rows, _ = agenda(name)
    clock = 0
    for hour, minute, takes, rest in rows:
        assert 60 * int(hour) + int(minute) == clock, rest
        clock += int(takes)
        of_its_own = [int(each) for each in re.findall(r"\((\d+)\)", rest)]
        assert not of_its_own or sum(of_its_own) == int(takes), rest
        for quoted in re.findall(r'"([^"]+)"', rest):
            assert quoted in headings, quoted
    assert clock == minutes


def test_each_part_of_the_ninety_minutes_has_its_notes_with_the_same_minutes():
    rows, section = agenda("Ninety minutes")
    assert PART.findall(section) == [(hour, minute, takes) for hour, minute, takes, _ in rows]
