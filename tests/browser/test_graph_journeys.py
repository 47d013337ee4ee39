"""TensorBoard on a notebook's page: it opens at the graph, and a double click opens a layer."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from reader import SECOND, choose_theme, no_complaints, run_all, scroll_to

SCREENSHOTS = Path(__file__).resolve().parent.parent / "screenshots"
NETWORK = """from helpers import tensorboard, training
from helpers.plots import graph
import tensorflow as tf

W1, W2 = tf.Variable(tf.ones([784, 30])), tf.Variable(tf.ones([30, 10]))

def cost(images, labels):
    with tf.name_scope("layer1"):
        y1 = tf.nn.relu(images @ tf.identity(W1, name="weights"))
    with tf.name_scope("output"):
        logits = y1 @ tf.identity(W2, name="weights")
    with tf.name_scope("loss"):
        return training.mean_cross_entropy(labels, logits)

traced = tensorboard.trace(cost, images=784, labels=10)
graph.drawing(traced, expand="layer1")"""

pytestmark = pytest.mark.timeout(900)


@pytest.mark.slow
def test_tensorboard_shows_the_graph_in_the_page_and_a_layer_opens(open_cells):
    page = open_cells(NETWORK, "tensorboard.TensorBoard(traced)", name="graph.ipynb")
    foreign = []
    page.on("request", lambda request: foreign.append(request.url) if "127.0.0.1" not in request.url else None)
    run_all(page)
    output = page.locator(".jp-CodeCell").last.locator(".jp-Cell-outputArea")
    frame = output.locator("iframe")
    expect(frame).to_be_visible()
    scroll_to(frame)
    expect(output.get_by_role("link")).to_have_attribute("href", re.compile(r"^http://127\.0\.0\.1:\d+/#graphs"))
    inside = frame.content_frame
    layer = inside.locator('g.node[data-name="layer1"]').first
    expect(layer).to_be_visible()
    for name in ("images", "output", "loss", "labels"):
        expect(inside.locator(f'g.node[data-name="{name}"]').first).to_be_visible()
    operation = inside.locator('g.node[data-name="layer1/matmul"]')
    expect(operation).to_have_count(0)
    layer.locator("rect").first.dblclick()
    expect(operation.first).to_be_visible()
    expect(inside.locator('g.node[data-name="layer1/Relu"]').first).to_be_visible()
    SCREENSHOTS.mkdir(exist_ok=True)
    for theme in ("Light", "Dark"):
        choose_theme(page, theme)
        scroll_to(frame)
        page.wait_for_timeout(1 * SECOND)  # the layer grows to its place
        page.screenshot(path=SCREENSHOTS / f"tensorboard-{theme.lower()}.png")
    assert [url for url in foreign if url.startswith("http")] == []  # a workshop has no network
    no_complaints(page)
