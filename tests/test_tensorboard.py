"""The graph of a network with named layers, its drawing, and TensorBoard, which has to serve the same graph."""

import builtins
import gc
import json
import socket
import tempfile
from types import SimpleNamespace
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
import tensorflow as tf
from google.protobuf import text_format
from IPython.core.events import EventManager

from helpers import one_per_cell, tensorboard, training
from helpers.plots import graph

W1, W2 = tf.Variable(tf.ones([784, 30])), tf.Variable(tf.ones([30, 10]))


def two_layers(images, labels):
    with tf.name_scope("layer1"):
        y1 = tf.nn.relu(images @ tf.identity(W1, name="weights"))
    with tf.name_scope("output"):
        logits = y1 @ tf.identity(W2, name="weights")
    with tf.name_scope("loss"):
        return training.mean_cross_entropy(labels, logits)


@pytest.fixture(scope="module")
def traced():
    return tensorboard.trace(two_layers, images=784, labels=10)


@pytest.fixture
def running(traced):
    started = tensorboard.TensorBoard(traced)
    yield started
    started.stop()


def fetch(started, path):
    """What TensorBoard answers at a path."""
    return urlopen(started.address.split("#")[0] + path, timeout=20).read()


# --- The drawing ----------------------------------------------------------------------------------------------------


def test_the_graph_holds_the_named_operations_and_nothing_else(traced):
    outermost = {operation.name.split("/")[0] for operation in traced.get_operations()}
    assert outermost == {"images", "labels", "layer1", "output", "loss"}
    assert traced.get_operation_by_name("layer1/matmul").type == "MatMul"


def test_the_drawing_says_what_flows_where(traced):
    words = str(graph.drawing(traced, expand="layer1"))
    for edge in ("images to matmul (?×784)", "weights to matmul (784×30)", "matmul to Relu (?×30)",
                 "Relu to output (?×30)", "output to loss (?×10)", "labels to loss (?×10)"):  # fmt: skip
        assert edge in words


@pytest.mark.parametrize("expand", ["layer1", "output", "loss"])
def test_every_scope_can_be_opened_and_no_box_covers_another(traced, expand):
    axes = graph.drawing(traced, expand).figure.axes[0]
    boxes = [patch.get_path().get_extents(patch.get_patch_transform()) for patch in axes.patches]
    frame = next(box for box in boxes if box.width > graph.BOX + 0.1)
    nodes = [box for box in boxes if box.width < graph.BOX + 0.1]
    assert not [1 for i, one in enumerate(nodes) for other in nodes[:i] if one.overlaps(other)]
    inside = [box for box in nodes if frame.contains(*box.min) and frame.contains(*box.max)]
    outside = [box for box in nodes if not frame.overlaps(box)]
    assert len(inside) + len(outside) == len(nodes)  # none lies across the frame
    assert len(outside) == {"layer1": 4, "output": 4, "loss": 4}[expand]


def test_mistakes_are_answered_with_what_there_is(traced):
    with pytest.raises(ValueError, match=r"no scope 'layer7'; it has layer1, loss, output\. Write: with tf\.name_sco"):
        graph.drawing(traced, expand="layer7")
    with pytest.raises(ValueError, match="it has none"):
        graph.drawing(tensorboard.trace(tf.nn.relu, images=784))
    with pytest.raises(TypeError, match="Leave out its brackets"):
        tensorboard.trace(tf.ones([2, 2]), images=784)


# --- TensorBoard ----------------------------------------------------------------------------------------------------


def test_tensorboard_serves_the_graph_that_was_traced(running, traced, capfd):
    listed = json.loads(fetch(running, "data/plugin/graphs/info"))
    assert listed[tensorboard.RUN]["run_graph"]
    served = text_format.Parse(
        fetch(running, f"data/plugin/graphs/graph?run={tensorboard.RUN}").decode(), tf.compat.v1.GraphDef()
    )
    operations = {node.name: node for node in served.node}
    assert operations["layer1/matmul"].op == "MatMul"
    assert list(operations["layer1/matmul"].input) == ["images", "layer1/weights"]
    assert operations["layer1/Relu"].op == "Relu"
    assert set(operations) == {operation.name for operation in traced.get_operations()}
    assert capfd.readouterr() == ("", "")  # TensorBoard talks a lot; a reader sees none of it


def test_it_is_opened_at_the_graph_and_listens_to_this_machine_only(running):
    address = urlsplit(running.address)
    assert (address.hostname, address.fragment) == ("127.0.0.1", "graphs&run=network")
    assert running.server.server_address == ("127.0.0.1", address.port)
    assert running.address in repr(running)


def test_two_find_a_port_each_and_nothing_is_left_behind(traced, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    one, other = tensorboard.TensorBoard(traced), tensorboard.TensorBoard(traced)
    assert urlsplit(one.address).port != urlsplit(other.address).port
    one.stop()
    with pytest.raises(OSError):
        fetch(one, "")
    assert fetch(other, "data/plugins_listing")
    other.stop()
    assert list(tmp_path.iterdir()) == []


def test_it_ends_with_its_process_even_when_that_is_killed(in_new_process):
    result = in_new_process(
        "from helpers import tensorboard\nimport os, tensorflow as tf\n"
        "started = tensorboard.TensorBoard(tensorboard.trace(tf.nn.relu, images=784))\n"
        "print(started.address, flush=True)\nos.kill(os.getpid(), 9)"
    )
    assert (result.returncode, result.stderr) == (-9, "")
    with socket.socket() as caller:
        assert caller.connect_ex(("127.0.0.1", urlsplit(result.stdout).port)) != 0


def test_what_is_stored_of_the_page_never_changes(running, monkeypatch):
    shown = []
    monkeypatch.setattr(tensorboard, "display", lambda bundle, raw: shown.append(bundle))
    running._ipython_display_()
    bundle = shown[0]
    assert running.address in running._page()
    for kind in ("text/html", "text/plain"):
        assert "127.0.0.1" not in bundle[kind]
        assert "opens here when you run this cell" in bundle[kind]


def test_a_cell_that_is_run_again_ends_the_server_even_if_nothing_holds_it(traced, monkeypatch):
    run = {"header": {"msg_id": "1"}, "metadata": {"cellId": "a"}}
    shell = SimpleNamespace(get_parent=lambda: run)
    shell.events = EventManager(shell, ["post_run_cell"])
    monkeypatch.setattr(one_per_cell, "get_ipython", lambda: shell)
    monkeypatch.setattr(one_per_cell, "_cells", {})
    monkeypatch.setattr(tensorboard, "display", lambda bundle, raw: None)
    first = tensorboard.TensorBoard(traced)
    address = first.address.split("#")[0]
    first._ipython_display_()
    del first
    gc.collect()
    assert urlopen(address, timeout=20).read()
    run = {"header": {"msg_id": "2"}, "metadata": {"cellId": "a"}}
    second = tensorboard.TensorBoard(traced)
    second._ipython_display_()
    shell.events.trigger("post_run_cell", None)
    with pytest.raises(OSError):
        urlopen(address, timeout=20)
    assert fetch(second, "data/plugins_listing")
    second.stop()


def test_without_tensorboard_the_cause_and_the_cure_are_said(traced, monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name.startswith("tensorboard"):
            raise ModuleNotFoundError(f"No module named {name!r}")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    missing = tensorboard.TensorBoard(traced)
    assert "No module named 'tensorboard'" in repr(missing)
    assert "pip install tensorboard" in missing._page() and "iframe" not in missing._page()
    missing.stop()


def test_without_a_port_the_cause_and_the_cure_are_said(traced, monkeypatch):
    monkeypatch.setattr(socket.socket, "bind", lambda *_: (_ for _ in ()).throw(PermissionError(13, "not allowed")))
    shut_out = tensorboard.TensorBoard(traced)
    assert "found no port to listen on" in repr(shut_out) and "Restart the kernel" in repr(shut_out)
    shut_out.stop()
