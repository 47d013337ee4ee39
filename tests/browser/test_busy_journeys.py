"""A lab that is busy, in a real JupyterLab: pressed too often, its cell run again, the kernel interrupted and ended."""

import re

import pytest
from playwright.sync_api import expect
from reader import PATIENCE, SECOND, bench, run_all, scroll_to, slider

LAB = """from helpers import data
from helpers.labs.network_lab import NetworkLab
bench = NetworkLab(data.load_mnist(), preset="lesson 03")
bench"""
QUESTION = "print(old.runner.idle.is_set(), [run.ended for run in old.histories])"
TRAINS = re.compile(r"^Training: step [1-9]")
GONE = "The kernel behind this has ended. Run this cell again."

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def choose(page, menu: str, item: str) -> None:
    """Choose an item of a menu."""
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{item}$")).click()


def run_cell(page, number: int) -> None:
    """Run one cell with the keyboard and wait until it has its number."""
    cell = page.locator(".jp-CodeCell").nth(number)
    scroll_to(cell)
    prompt = cell.locator(".jp-InputArea-prompt")
    before = prompt.inner_text()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(prompt).not_to_have_text(before)
    expect(prompt).to_have_text(re.compile(r"\[\d+\]"))


def train_endlessly(area) -> None:
    """Press Train, with as many steps as can be chosen, and wait until it does."""
    handle = slider(area, "steps")
    handle.focus()
    handle.press("End")
    area.get_by_role("button", name=re.compile("Train$")).click()
    expect(area.get_by_text(TRAINS)).to_be_visible()


def test_pressed_too_often_replaced_interrupted_and_ended(open_cells):
    page = open_cells(LAB, "old = bench", QUESTION, name="busy.ipynb")
    run_all(page)
    area = bench(page)
    train = area.get_by_role("button", name=re.compile("Train$"))
    handle = slider(area, "steps")
    handle.focus()
    handle.press("End")
    train.evaluate("button => { for (let press = 0; press < 10; press++) button.click(); }")
    expect(area.get_by_text(TRAINS)).to_be_visible()
    assert area.get_by_role("status").filter(has_text=TRAINS).count() == 1

    # The cell is run again in mid-training: the lab that nobody sees any more comes to rest.
    run_cell(page, 0)
    answer = page.locator(".jp-CodeCell").nth(2).locator(".jp-OutputArea-output")
    for _ in range(PATIENCE // SECOND):
        run_cell(page, 2)
        if "True" in answer.inner_text():
            break
        page.wait_for_timeout(SECOND)
    expect(answer).to_have_text(re.compile(r"^True \['stopped'\]\s*$"))  # and ten presses had made one run

    # The kernel's own stop button.
    area = bench(page)
    train_endlessly(area)
    choose(page, "Kernel", "Interrupt Kernel")
    expect(area.get_by_role("button", name=re.compile("Train$"))).to_be_enabled()
    expect(area.locator("table").last.locator("tr").last).to_contain_text("stopped after step")

    # The kernel ends in mid-training.
    train_endlessly(area)
    choose(page, "Kernel", "Restart Kernel…")
    page.locator(".jp-Dialog .jp-mod-accept").click()
    expect(area.locator(".live-gone:visible", has_text=GONE).first).to_be_visible()
    expect(area.get_by_text(TRAINS)).to_be_hidden()
