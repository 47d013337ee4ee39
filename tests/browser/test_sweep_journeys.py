"""A sweep on a notebook's page: its map moves, the kernel's stop button keeps what is done, and it goes on."""

import pytest
from playwright.sync_api import expect
from reader import LIVE, no_complaints, start_all

# The first cell diverges at once, whatever the machine; the second would take longer than any journey.
SWEEP = """from helpers import data
from helpers.labs import sweep
mnist = data.load_mnist(validation=5000)
alchemy = sweep.Sweep(mnist, widths=[10], learning_rates=[1e38, 0.1], steps=200_000)"""

# Alone, since beside a busy process the kernel died of a press once in many runs.
pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(900)]


def test_a_sweep_that_is_stopped_keeps_its_cells_and_goes_on(open_cells):
    page = open_cells(SWEEP, "alchemy.run()", name="sweep.ipynb")
    start_all(page)
    cell = page.locator(".jp-CodeCell").nth(1)
    picture = cell.locator(LIVE)
    for said in ("Stopped: 1 of 2 cells are done and kept.", "Going on: 1 of 2 cells are done already."):
        expect(picture).to_be_visible()
        seen = picture.get_attribute("src")
        expect(picture).not_to_have_attribute("src", seen)  # the bar of the second cell grows
        page.get_by_role("button", name="Interrupt the kernel").click()
        expect(cell.get_by_text(said)).to_be_visible()
        expect(cell.get_by_text("1 of 2 cells done")).to_be_visible()
        if said.startswith("Stopped"):
            cell.locator(".cm-content").click()
            page.keyboard.press("Control+Enter")
            expect(cell.get_by_text("Going on: 1 of 2 cells")).to_be_visible()
    no_complaints(page)
