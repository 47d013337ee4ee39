"""Three learners in three browsers, one of them a phone: lesson 00 in a class, and a hub that dies meanwhile."""

import re

import pytest
from playwright.sync_api import expect, sync_playwright
from reader import save, start_all

from classroom.load.rehearsal import Rehearsal
from tools.browser import ARGUMENTS, chromium

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
LESSON = "00_start_here.ipynb"
SCREENS = {"ann": (1366, 768), "bob": (1366, 768), "cleo": (390, 844)}
MINUTES = 60_000


@pytest.fixture
def room(open_python):
    with Rehearsal(python=open_python) as made:
        yield made


@pytest.fixture
def pages(room):
    """A page for each learner, in a browser of their own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        made = {}
        for name, (width, height) in SCREENS.items():
            made[name] = browser.new_context(viewport={"width": width, "height": height}).new_page()
            made[name].set_default_timeout(2 * MINUTES)
        yield made
        browser.close()


def come_in(page, room, name, word="apple pie"):
    page.goto(room.address)
    page.get_by_label("Your name here").fill(name)
    page.get_by_label("Class code").fill(room.code)
    page.get_by_label("A word of your own").fill(word)
    page.get_by_role("button", name="Open my lessons").click()


def test_three_learners_go_through_lesson_00_and_lose_nothing_when_the_hub_is_killed(room, pages):
    for name, page in pages.items():
        come_in(page, room, name)
    for page in pages.values():
        expect(page.locator(".jp-NotebookPanel")).to_be_visible(timeout=2 * MINUTES)
    assert "workspaces/phone" in pages["cleo"].url and "workspaces/phone" not in pages["ann"].url
    lesson = pages["cleo"].locator(".jp-Notebook").bounding_box()
    assert lesson["width"] > 300  # of 390: the file browser is folded up

    for page in pages.values():
        page.locator(".jp-MarkdownCell").first.click(position={"x": 150, "y": 20})
        start_all(page)
    for name, page in pages.items():
        last = page.locator(".jp-CodeCell .jp-InputArea-prompt").last
        expect(last, name).to_have_text(re.compile(r"\[\d+\]"), timeout=5 * MINUTES)
        errors = page.locator('[data-mime-type$="jupyter.stderr"], [data-mime-type$="jupyter.error"], .lab-error')
        assert errors.all_inner_texts() == []
        save(page, LESSON)

    room.kill_hub()
    for name, page in pages.items():
        page.reload()
        first = page.locator(".jp-CodeCell .jp-InputArea-prompt").first
        expect(first, name).to_have_text(re.compile(r"\[\d+\]"), timeout=2 * MINUTES)  # what was run is there

    stranger = pages["bob"].context.browser.new_context().new_page()
    come_in(stranger, room, "ann", word="a guess")
    expect(stranger.get_by_role("alert")).to_contain_text("chose another word")
