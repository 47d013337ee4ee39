"""The digit pad in a real JupyterLab: mouse, finger and keyboard draw on it; a reload; digits that are kept."""

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from pad import EMPTY, STROKES, clear, draw, pad_in, reads
from playwright.sync_api import expect
from reader import choose_theme, no_complaints, run_all, save, scroll_to

pytestmark = [pytest.mark.timeout(900), pytest.mark.slow]

TRAINED = """import os
os.environ["LESSONS_WORK"] = {folder!r}
from helpers import data, networks, training
from helpers.labs import digit_pad

mnist = data.load_mnist()
network = networks.Network(networks.Design(activation="ReLU", std=0.1))
training.train(network, mnist, learning_rate=0.003, loss=training.sum_cross_entropy, steps={steps})
digit_pad.keep(network, "lesson 03")"""
PAD = "digit_pad.DigitPad()"


def has_no_violations(page):
    found = Axe().run(page, context=".digit-pad").response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


def test_ten_digits_drawn_by_hand_are_read(open_cells, tmp_path):
    page = open_cells(TRAINED.format(folder=str(tmp_path), steps=10_000), PAD, name="ten_digits.ipynb")
    run_all(page)
    pad = pad_in(page)
    read = {}
    for digit in STROKES:
        clear(pad)
        draw(page, pad, digit)
        read[digit] = reads(pad)
    assert sum(digit == said for digit, said in read.items()) >= 8, read
    no_complaints(page)


def test_a_digit_that_was_misread_is_kept_and_explained(open_cells, tmp_path):
    page = open_cells(TRAINED.format(folder=str(tmp_path), steps=500), PAD, name="misread.ipynb")
    run_all(page)
    pad = pad_in(page)
    example = pad.locator(".pad-words").inner_text()
    draw(page, pad, 1)  # our own digit gives way
    expect(pad.locator(".pad-words")).not_to_have_text(example)
    assert reads(pad) == 1
    pad.get_by_role("button", name="It got mine wrong").click()
    pad.get_by_role("group", name="Which digit did you mean?").get_by_role("button", name="8").click()
    kept = pad.locator(".pad-own li")
    expect(kept).to_have_text(["×8, taken for a 1 by lesson 03"])
    pad.get_by_role("button", name="What would have to change?").click()
    picture = page.locator(".live-open img:visible")
    expect(picture).to_have_attribute("alt", re.compile(r"lesson 03 reads an 8 in place of a 1"))
    scroll_to(picture)

    # After a reload all is there, and goes on.
    clear(pad)
    draw(page, pad, 3)
    said = reads(pad)
    save(page, "misread")
    page.reload()
    pad = pad_in(page)
    assert reads(pad) == said
    expect(pad.locator(".pad-own li")).to_have_count(1)
    pad.get_by_role("button", name="Put on the pad again").click()
    expect(pad.locator(".pad-words")).to_have_text(re.compile("lesson 03 reads a 1 "))
    pad.get_by_role("button", name="Forget").click()
    expect(pad.locator(".pad-own")).to_be_hidden()
    no_complaints(page)


def test_the_pad_by_keyboard_alone_in_both_themes_and_with_a_finger(open_cells, tmp_path):
    page = open_cells(TRAINED.format(folder=str(tmp_path), steps=500), PAD, name="keys.ipynb")
    run_all(page)
    pad = pad_in(page)
    canvas, words = pad.locator(".pad-canvas"), pad.locator(".pad-words")
    for theme in ("Light", "Dark"):
        choose_theme(page, theme)
        has_no_violations(page)

    example = words.inner_text()
    pad.get_by_role("button", name="A test digit").press("Enter")
    expect(words).not_to_have_text(example)
    before = words.inner_text()
    expect(canvas).to_have_attribute("aria-label", re.compile(re.escape(before)))
    inked = """canvas => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]
        .filter((value, place) => place % 4 === 3 && value > 127).length"""
    # Moved, it is the same digit as long as it is centred; where it lies, the network knows it less and less.
    pad.get_by_role("radio", name="Move").focus()
    page.keyboard.press("Space")
    canvas.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    expect(words).to_have_text(before)
    pad.get_by_role("checkbox", name="centred and scaled").focus()
    page.keyboard.press("Space")
    expect(words).not_to_have_text(before)
    page.keyboard.press("Space")
    expect(words).to_have_text(before)
    # Rubbed out.
    pad.get_by_role("radio", name="Move").focus()
    page.keyboard.press("ArrowLeft")
    expect(pad.get_by_role("radio", name="Rubber")).to_be_checked()
    canvas.focus()
    much = canvas.evaluate(inked)
    page.keyboard.press("Space")
    for key in ("ArrowUp", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowRight"):
        for _ in range(4):
            page.keyboard.press(key)
    expect(words).not_to_have_text(before)
    assert canvas.evaluate(inked) < much
    page.keyboard.press("Delete")
    expect(words).to_have_text(EMPTY)
    # Drawn with the arrow keys: a line straight down is a one.
    pad.get_by_role("radio", name="Rubber").focus()
    page.keyboard.press("ArrowLeft")
    canvas.focus()
    for _ in range(10):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    for _ in range(20):
        page.keyboard.press("ArrowDown")
    assert reads(pad) == 1
    page.keyboard.press("Delete")
    expect(words).to_have_text(EMPTY)

    # With a finger, which must not scroll the page. Answers come while it draws.
    box, touch = canvas.bounding_box(), page.context.new_cdp_session(page)
    for stroke in STROKES[7]:
        points = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in stroke]
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[:1]})
        for point in points[1:]:
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert reads(pad) == 7
    assert canvas.bounding_box() == box
    no_complaints(page)


@pytest.mark.alone
def test_the_bars_move_while_a_hand_draws(open_cells, tmp_path):
    page = open_cells(TRAINED.format(folder=str(tmp_path), steps=500), PAD, name="rate.ipynb")
    run_all(page)
    pad = pad_in(page)
    clear(pad)
    box = pad.locator(".pad-canvas").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    first, began = int(pad.get_attribute("data-frame")), time.monotonic()
    for step in range(120):
        page.mouse.move(box["x"] + 40 + step * 1.6, box["y"] + 40 + (step * 7) % 180)
    took = time.monotonic() - began
    page.mouse.up()
    # On a quiet machine with two cores some thirty; here the browser paints and the kernel reckons on the same cores.
    rate = (int(pad.get_attribute("data-frame")) - first) / took
    assert rate >= 5
    no_complaints(page)
