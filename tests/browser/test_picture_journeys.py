"""Pictures on the page: after a reload, in both themes, enlarged, read aloud, and when their kernel is gone."""

import json
import re

import nbformat
import pytest
from playwright.sync_api import expect
from reader import (
    LIVE,
    a_new_frame_comes,
    bench,
    brightness,
    choose_theme,
    has_words,
    no_complaints,
    restart,
    run_all,
    save,
    scroll_to,
    slider,
    turns,
)

LAB = """from helpers import data
from helpers.labs.network_lab import NetworkLab
bench = NetworkLab(data.load_mnist(), preset="lesson 03")
bench"""
NO_HOOK = """from helpers.widgets import live
live.answer_in_the_page_s_own_thread = lambda widget: None
"""
STILL = "from helpers.plots import activations\nactivations.value_and_slope('sigmoid')"
EXPLORER = "from helpers.labs import explorers\nexplorers.cross_entropy_explorer()"
TRAINS = re.compile(r"^Training: step [1-9]")
# What a screen reader announces, from now on: said once, it may have been in a view that has been made anew since.
HEAR = """() => {
  window.heard = [];
  new MutationObserver((changes) => changes.forEach(({ target }) => {
    if (target.classList?.contains("live-said")) heard.push(target.textContent);
  })).observe(document.body, { subtree: true, childList: true });
}"""
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.mark.parametrize("source", [LAB, NO_HOOK + LAB], ids=["with the kernel's hook", "without it"])
def test_panels_go_on_after_a_reload_and_follow_the_theme_until_the_kernel_is_gone(open_cells, source):
    page = open_cells(source, name="panels_live.ipynb")
    run_all(page)
    area = bench(page)
    steps = slider(area, "steps")
    steps.focus()
    steps.press("End")
    area.get_by_label("saturated and dead").check()
    area.get_by_role("button", name="Train").click()
    expect(area.get_by_text(TRAINS)).to_be_visible()
    panel = area.locator(LIVE).first
    a_new_frame_comes(panel)

    save(page, "panels_live")
    page.reload()
    area = bench(page)
    panel = area.locator(LIVE).first
    for _ in range(3):  # two frames may have been under way
        a_new_frame_comes(panel)
    assert brightness(panel) > 128
    has_words(page)
    choose_theme(page, "Dark")
    turns(panel, dark=True)
    a_new_frame_comes(panel)
    has_words(page)
    expect(area.get_by_text(TRAINS)).to_be_visible()

    restart(page)
    expect(area.get_by_text("The kernel behind this has ended. Run this cell again.").first).to_be_visible()
    expect(page.locator("#jp-main-statusbar")).to_contain_text("(ipykernel) | Idle")  # a new one is there
    no_complaints(page)


def test_a_picture_is_enlarged_by_keyboard_and_follows_its_slider_in_both_themes(open_cells, jupyter):
    page = open_cells(STILL, EXPLORER, name="enlarged.ipynb")
    run_all(page)
    still = page.locator(".jp-CodeCell").first.locator(".jp-RenderedHTML img")
    expect(still).to_have_attribute("alt", re.compile("sigmoid", re.IGNORECASE))
    area = page.locator(".jp-CodeCell").last.locator(".jp-Cell-outputArea")
    scroll_to(area)
    picture, handle = area.locator(LIVE), slider(area, "probability")
    expect(picture).to_have_attribute("alt", re.compile("probability 0.1:"))
    has_words(page)
    button = area.locator(".live-open")
    button.evaluate("button => button.dataset.old = true")
    page.evaluate(HEAR)
    handle.focus()
    for _ in range(30):
        handle.press("ArrowRight")
    button.focus()
    expect(picture).to_have_attribute("alt", re.compile(r"probability 0\.4:"))
    expect(area.locator("[data-old]")).to_have_count(0)  # once it rests the notebook keeps it, in a view made anew
    expect(button).to_be_focused()
    page.wait_for_function("() => heard.some((words) => words.includes('probability 0.4:'))")

    width = picture.evaluate("image => image.naturalWidth")
    page.keyboard.press("Enter")
    large = area.get_by_role("dialog").locator("img")
    expect(large).to_be_visible()
    page.wait_for_function("image => image.naturalWidth > 1000", arg=large.element_handle())
    assert width < 700
    page.keyboard.press("Escape")
    expect(large).not_to_be_visible()
    expect(button).to_be_focused()

    choose_theme(page, "Dark")
    turns(area.locator(LIVE), dark=True)
    assert brightness(still) > 128  # a still picture keeps its paper
    has_words(page)
    no_complaints(page)

    save(page, "enlarged")
    kept = nbformat.read(jupyter[1] / "lessons" / "enlarged.ipynb", as_version=4)
    states = kept.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    assert len(json.dumps(states)) < 300_000  # bytes that a learner's own file grows by
    restart(page)
    page.reload()  # with a kernel that knows nothing of it, as when the file is opened on another day
    picture = page.locator(".jp-CodeCell").last.locator(LIVE)
    expect(picture).to_have_attribute("alt", re.compile(r"probability 0\.4:"))
    expect(page.get_by_text("The kernel behind this has ended. Run this cell again.").first).to_be_visible()
    page.console_errors.clear()  # ipywidgets looks for the models in the new kernel first, and says so there
    no_complaints(page)
