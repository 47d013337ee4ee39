"""The backpropagation stepper in a real JupyterLab: from number to number, to the last, then with another input.

tests/labs/test_backprop_stepper.py goes through all its numbers.
"""

import re

import pytest
from playwright.sync_api import expect
from reader import LIVE, no_complaints, run_all, scroll_to, slider, unfold

STEPPER = "from helpers.labs import backprop_stepper\nbackprop_stepper.Stepper()"

pytestmark = pytest.mark.timeout(900)


def test_a_reader_steps_from_number_to_number_and_changes_an_input(open_cells):
    page = open_cells(STEPPER, name="stepper.ipynb")
    run_all(page)
    area = page.locator(".jp-CodeCell", has_text="stepper.Stepper").locator(".jp-Cell-outputArea")
    scroll_to(area)
    image = area.locator(LIVE)

    def says(words: str) -> None:
        expect(area.locator(".widget-html").get_by_text(re.compile(words))).to_be_visible()

    says("Nothing is computed yet")
    number, first = slider(area, "number"), image.get_attribute("src")
    number.focus()
    for step in range(1, 4):
        number.press("ArrowRight")
        says(f"Number {step} of 27: ")
    number.press("End")
    says("Number 27 of 27: ")
    area.get_by_role("button", name=re.compile("Back$")).click()
    says("Number 26 of 27: ")
    area.get_by_role("button", name=re.compile("Next$")).click()
    says(r"error after the step = .* ≈ 0\.0426")
    expect(image).not_to_have_attribute("src", first)

    before = image.get_attribute("src")
    unfold(area)
    x1, weight = slider(area, "x1"), slider(area, "x1 → h1")
    x1.focus()
    x1.press("ArrowRight")
    expect(area.locator(".widget-html").get_by_text(re.compile(r"≈ 0\.0426"))).to_have_count(0)
    expect(image).not_to_have_attribute("src", before)
    number.focus()
    number.press("Home")
    number.press("ArrowRight")
    says(r"sum 1 = 0\.9 · 0\.5 \+ 0\.4 · 0\.5 = 0\.65")
    weight.focus()
    weight.press("End")
    says(r"sum 1 = 0\.9 · 1 \+ 0\.4 · 0\.5 = 1\.1")
    no_complaints(page)
