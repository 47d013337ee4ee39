"""The playground in a real JupyterLab: play, pause, step, reset, and change everything while it plays."""

import re

import pytest
from playwright.sync_api import expect
from reader import LIVE, a_new_frame_comes, count_frames, run_all, scroll_to, slider

PLAYGROUND = """from helpers.labs.playground import Playground
playground = Playground()
playground"""
PLAYS = re.compile(r"^Playing: step [1-9]")

pytestmark = pytest.mark.timeout(900)


def press(area, name: str) -> None:
    """Click the button of this name."""
    area.get_by_role("button", name=re.compile(f"{name}$")).click()  # its name begins with its icon's letter


def playground_on(page):
    """The output of the cell with the playground."""
    cell = page.locator(".jp-CodeCell", has=page.get_by_role("button", name="Play"))
    area = cell.locator(".jp-Cell-outputArea")
    scroll_to(area)
    return area


def test_everything_changes_while_it_plays(open_cells):
    page = open_cells(PLAYGROUND, "playground.runner.error", name="playground.ipynb")
    run_all(page)
    area = playground_on(page)
    press(area, "Play")
    expect(area.get_by_text(PLAYS)).to_be_visible()

    area.get_by_label("sin x1").check()
    expect(area.get_by_text(re.compile("^Playing: .* 3-8-1 ReLU on 3 features"))).to_be_visible()
    handle = slider(area, "hidden layers")
    handle.focus()
    handle.press("ArrowRight")
    handle.press("ArrowRight")
    expect(area.get_by_text(re.compile("^Playing: .* 3-8-8-8-1 "))).to_be_visible()
    area.locator("select").filter(has_text="sigmoid").select_option("tanh")
    expect(area.get_by_text(re.compile("^Playing: .* tanh on 3 features"))).to_be_visible()
    a_new_frame_comes(area.locator(LIVE).first)

    press(area, "Pause")
    expect(area.get_by_role("button", name="Play")).to_be_enabled()
    expect(area.get_by_text(re.compile("^3-8-8-8-1, .* After step"))).to_be_visible()
    assert count_frames(page, area, 1) == 0


def test_step_reset_presets_and_the_last_feature(open_cells):
    page = open_cells(PLAYGROUND, name="steps.ipynb")
    run_all(page)
    area = playground_on(page)

    def says(words: str) -> None:
        expect(area.get_by_text(re.compile(f"parameters. .*{words}"))).to_be_visible()

    for step in (1, 2):
        press(area, "Step")
        says(f"After step {step}:")
    press(area, "3 layers of 8")
    says("Press Play")
    expect(area.get_by_text(re.compile("^2-8-8-8-1,"))).to_be_visible()
    press(area, "Step")
    says("After step 1:")
    press(area, "Reset")
    says("Press Play")
    area.get_by_label("x1", exact=True).uncheck()
    says("ReLU on x2")
    expect(area.get_by_label("x2", exact=True)).to_be_disabled()
