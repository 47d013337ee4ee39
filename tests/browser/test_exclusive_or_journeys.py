"""The line of exclusive or in a real JupyterLab: moved by key, typed, out of range, in the other theme."""

import re

import pytest
from playwright.sync_api import expect
from reader import LIVE, choose_theme, field, no_complaints, run_all, scroll_to, slider, type_value

pytestmark = [pytest.mark.timeout(900), pytest.mark.slow]  # the loss's explorer is the same, and runs with the others


def test_a_reader_moves_the_line_and_counts_the_corners(open_cells):
    page = open_cells("from helpers.labs import explorers\nexplorers.exclusive_or_explorer()", name="line.ipynb")
    run_all(page)
    area = page.locator(".jp-CodeCell", has_text="exclusive_or_explorer").locator(".jp-Cell-outputArea")
    scroll_to(area)
    image = area.locator(LIVE)

    def says(words: str) -> None:
        expect(image).to_have_attribute("alt", re.compile(re.escape(words)))

    says("3 of 4 corners right")
    type_value(area, "weight of b", "1")
    says("1 for 0 and 1 (right), 1 for 1 and 0 (right), 2 for 1 and 1 (wrong)")
    bias = slider(area, "bias")
    bias.focus()
    bias.press("End")
    says("2 of 4 corners right: 2 for 0 and 0 (wrong)")
    type_value(area, "bias", "7")  # beyond the slider: refused, and the picture stays
    expect(field(area, "bias")).to_have_attribute("aria-invalid", "true")
    says("2 of 4 corners right: 2 for 0 and 0 (wrong)")
    type_value(area, "bias", "0.25")
    says("3 of 4 corners right: 0.25 for 0 and 0 (right)")
    before = image.get_attribute("src")
    choose_theme(page, "Dark")
    expect(image).not_to_have_attribute("src", before)
    no_complaints(page)
