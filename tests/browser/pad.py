"""What a hand does on the digit pad: ten digits, drawn as people draw them."""

import math
import re

from playwright.sync_api import expect
from reader import scroll_to

EMPTY = "The pad is empty: draw a digit."


def arc(x, y, width, height, start, end, points=24):
    """Points on an ellipse around (x, y), from one angle to another, in degrees, clockwise from the right."""
    angles = [math.radians(start + (end - start) * k / points) for k in range(points + 1)]
    return [(x + width * math.cos(angle), y + height * math.sin(angle)) for angle in angles]


# For each digit its strokes, as points in a square from (0, 0), top left, to (1, 1).
STROKES = {
    0: [arc(0.5, 0.5, 0.22, 0.34, -80, 285)],
    1: [[(0.53, 0.14), (0.52, 0.4), (0.5, 0.65), (0.48, 0.88)]],
    2: [[*arc(0.48, 0.32, 0.2, 0.18, 190, 390), (0.55, 0.6), (0.32, 0.84), (0.3, 0.85), (0.5, 0.84), (0.74, 0.84)]],
    3: [[*arc(0.46, 0.32, 0.19, 0.17, 205, 440), *arc(0.47, 0.67, 0.22, 0.19, 275, 510)]],
    4: [
        [(0.36, 0.16), (0.32, 0.35), (0.29, 0.55), (0.5, 0.56), (0.74, 0.53)],
        [(0.66, 0.18), (0.63, 0.5), (0.6, 0.88)],
    ],
    5: [
        [(0.37, 0.16), (0.35, 0.3), (0.34, 0.46), *arc(0.46, 0.63, 0.22, 0.21, 230, 515)],
        [(0.37, 0.16), (0.55, 0.15), (0.72, 0.14)],
    ],
    6: [[(0.6, 0.13), (0.47, 0.24), (0.37, 0.42), (0.32, 0.62), *arc(0.49, 0.67, 0.17, 0.18, 180, -185)]],
    7: [[(0.27, 0.18), (0.48, 0.17), (0.72, 0.16), (0.64, 0.35), (0.54, 0.58), (0.46, 0.88)]],
    8: [
        [
            *arc(0.5, 0.31, 0.16, 0.16, -40, -270),
            *arc(0.5, 0.67, 0.19, 0.19, -90, 270),
            *arc(0.5, 0.31, 0.16, 0.16, 90, -40),
        ]
    ],
    9: [[*arc(0.48, 0.33, 0.17, 0.17, -10, -360), (0.65, 0.4), (0.62, 0.6), (0.57, 0.88)]],
}


def pad_in(page):
    """The pad, once it has its answers, scrolled to."""
    pad = page.locator(".digit-pad")
    expect(pad).to_have_attribute("data-frame", re.compile("[0-9]"))
    scroll_to(pad)
    return pad


def clear(pad):
    pad.get_by_role("button", name="Clear").click()
    expect(pad.locator(".pad-words")).to_have_text(EMPTY)


def draw(page, pad, digit):
    """Draw a digit, stroke by stroke, as a hand with a mouse does."""
    box = pad.locator(".pad-canvas").bounding_box()
    for stroke in STROKES[digit]:
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points:
            page.mouse.move(*point, steps=2)
        page.mouse.up()


def reads(pad, network="lesson 03"):
    """What a network says once it has seen the last stroke: then the words no longer change."""
    said = pad.locator(".pad-words")
    before = None
    while before != said.inner_text():
        before = said.inner_text()
        pad.page.wait_for_timeout(400)
    return int(re.search(rf"{network} reads an? (\d)", before)[1])
