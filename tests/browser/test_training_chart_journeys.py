"""What moves on the page, the training chart and a panel beside it: while a cell runs and in a lab.

The chart is read and enlarged; both follow the theme, go on after a reload, and say so when their kernel is gone.
"""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from reader import (
    LIVE,
    PATIENCE,
    a_new_frame_comes,
    bench,
    brightness,
    chart_in,
    choose_theme,
    has_words,
    it_moves,
    restart,
    save,
    scroll_to,
    slider,
    start_all,
    turns,
)

LAB = """from helpers import data, training
from helpers.labs.network_lab import NetworkLab
from helpers.plots import live
import tensorflow as tf

mnist = data.load_mnist()
bench = NetworkLab(mnist, preset="lesson 03")
bench"""
CELL = """W = tf.Variable(tf.zeros([784, 10]))
watch = live.chart(weights=W.numpy, zoom=True)
training.train(lambda x: x @ W, mnist, learning_rate=0.3, steps=1_000_000, watch=watch)"""

pytestmark = pytest.mark.timeout(900)


def nothing_serious(page: Page, name: str) -> None:
    """Fail if axe finds something critical or serious in the chart."""
    found = Axe().run(page, context=".training-chart", options={"resultTypes": ["violations"]}).response["violations"]
    serious = [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")]
    assert serious == [], name


def has_ink(chart, colour: str) -> None:
    """Wait until the canvas holds a pixel of this colour, as in #5fb0e6."""
    scroll_to(chart)
    chart.page.wait_for_function(
        """([canvas, ...colour]) => {
            const bytes = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
            for (let at = 0; at < bytes.length; at += 4)
                if (colour.every((part, channel) => bytes[at + channel] === part)) return true;
            return false;
        }""",
        arg=[chart.locator("canvas").element_handle(), *bytes.fromhex(colour.removeprefix("#"))],
        timeout=PATIENCE,
    )


def test_chart_and_panel_move_are_read_survive_a_reload_and_say_when_they_are_dead(open_cells):
    page = open_cells(LAB, CELL, name="chart.ipynb")
    start_all(page)
    last = page.locator(".jp-CodeCell").last
    watched = chart_in(last)
    it_moves(watched)
    expect(watched.locator(".chart-zoom")).to_have_attribute("aria-pressed", "true")
    expect(last.locator(".jp-InputArea-prompt").first).to_have_text("[*]:")
    page.get_by_role("button", name="Interrupt the kernel").click()
    expect(last.get_by_text(re.compile(r"^Stopped after step"))).to_be_visible()
    expect(watched.locator("canvas")).to_have_attribute("aria-label", re.compile("test accuracy goes from .* at step"))

    area = bench(page)
    steps = slider(area, "steps")
    steps.focus()
    steps.press("End")
    area.get_by_label("saturated and dead").check()
    area.get_by_role("button", name="Train").click()
    chart = chart_in(area)
    it_moves(chart)
    expect(chart.locator(".chart-zoom")).to_have_attribute("aria-pressed", "false")
    panel = area.locator(LIVE).first
    a_new_frame_comes(panel)
    assert brightness(panel) > 128
    stroke = chart.locator("svg line").first
    light = stroke.get_attribute("stroke")
    nothing_serious(page, "light")
    choose_theme(page, "Dark")
    expect(stroke).not_to_have_attribute("stroke", light)
    for each in (watched, chart):  # the one that has come to rest, too
        has_ink(each, each.locator("svg line").first.get_attribute("stroke"))
    nothing_serious(page, "dark")
    it_moves(chart)
    turns(panel, dark=True)
    a_new_frame_comes(panel)
    has_words(page)

    reader = chart.get_by_role("slider", name="Read the chart at a step")
    reader.focus()
    reader.press("ArrowRight")
    reader.press("ArrowRight")
    values = re.compile(r"^Step 200, accuracy and loss: test set: \d+\.\d%, \d\.\d{3} · training: ")
    expect(reader).to_have_attribute("aria-valuetext", values)
    expect(chart.locator(".chart-readout")).to_have_text(values)
    reader.press("Enter")
    expect(chart.get_by_role("dialog")).to_be_visible()
    it_moves(chart)
    page.keyboard.press("Escape")
    expect(chart.get_by_role("dialog")).to_be_hidden()
    expect(reader).to_be_focused()

    save(page, "chart")
    page.reload()
    area = bench(page)
    chart = chart_in(area)
    it_moves(chart)
    panel = area.locator(LIVE).first
    for _ in range(3):  # two frames may have been under way
        a_new_frame_comes(panel)
    area.get_by_role("button", name="Stop").click()
    expect(area.get_by_role("button", name="Train")).to_be_enabled()
    expect(chart.locator("canvas")).to_have_attribute("aria-label", re.compile("test accuracy goes from"))

    restart(page)
    expect(chart.get_by_text("Run this cell again")).to_be_visible()
