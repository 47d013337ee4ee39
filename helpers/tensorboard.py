"""The graph that TensorFlow writes down of a function, and TensorBoard with it in the page."""

from __future__ import annotations

import html
import logging
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import tensorflow as tf
from IPython.display import display

from helpers import one_per_cell
from helpers.errors import ReaderTypeError

RUN = "network"  # the name under which TensorBoard lists the graph
HEIGHT = 620  # pixels of the frame on the page


def trace(function: Callable, **widths: int) -> tf.Graph:
    """The graph that TensorFlow writes down while it runs `function` once, without any numbers.

    function: takes tensors [batch, width], in the order and with the names of `widths`. Operations under
    `tf.name_scope("layer1")` are named "layer1/…". Raises TypeError if the function and `widths` do not fit.
    Taught in notebooks/06_deeper_and_wider.ipynb, "Appendix: the graph".
    """
    if not callable(function):
        raise ReaderTypeError(
            f"trace needs the function itself, such as cost; got {function!r:.60}. Leave out its brackets."
        )
    inputs = [tf.TensorSpec([None, width], tf.float32, name=name) for name, width in widths.items()]

    def without_result(*tensors):
        function(*tensors)  # what a traced function returns would stand in the graph as one more node, "Identity"

    return tf.function(without_result, autograph=False).get_concrete_function(*inputs).graph


class TensorBoard:
    """TensorBoard with one graph, opened at it: shows as a frame on the page, and prints its address elsewhere.

    graph: what `trace` gave. It listens on this machine only, at a free port that it finds by itself, in a thread
    of this process: it ends with the kernel, however the kernel ends, or with `stop()`. If it cannot start, `problem`
    says in words why and what helps, and that is shown instead.
    Taught in notebooks/06_deeper_and_wider.ipynb, "Appendix: the graph".
    """

    def __init__(self, graph: tf.Graph):
        self.address, self.problem = "", ""
        self.server: Any = None  # TensorBoard's, which comes without types
        # TensorBoard reads the event file once, at its start: nothing of it stays on the disk.
        with tempfile.TemporaryDirectory(prefix="tensorboard-", ignore_cleanup_errors=True) as folder:
            write(graph, Path(folder) / RUN)
            try:
                self.address = self._start(folder)
            except ImportError as error:
                cause = f"TensorBoard is not installed here ({error})."
                cure = (
                    "`pip install tensorboard` in this environment, or `make lab`, brings it; then restart the kernel."
                )
            except OSError as error:
                cause = f"TensorBoard found no port to listen on ({error})."
                cure = (
                    "A firewall or a sandbox may forbid it, or too many programs run. Restart the kernel and try again."
                )
        if not self.address:
            self.problem = f"{cause} {cure} Until then, graph.drawing shows the same graph."

    def _start(self, folder: str) -> str:
        """Start to serve, and return the address once the graph can be fetched."""
        from tensorboard import program
        from tensorboard.plugins.core.core_plugin import CorePluginLoader
        from tensorboard.plugins.graph.graphs_plugin import GraphsPlugin
        from tensorboard.plugins.hparams.hparams_plugin import HParamsPlugin

        with socket.create_server(("127.0.0.1", 0)):
            pass  # raises OSError where no port can be had; Werkzeug would print that and end the kernel

        class Server(program.WerkzeugServer):
            def handle_error(self, request, client_address):
                # A browser that leaves in the middle of an answer is no news; TensorBoard would print a traceback.
                if not isinstance(sys.exc_info()[1], ConnectionError):
                    super().handle_error(request, client_address)

            def end(self):
                self.shutdown()
                self.server_close()

        def serve(app, flags):
            self.server = Server(app, flags)
            return self.server

        # TensorBoard's page asks for the hyperparameters plugin even where there are none, and complains without it.
        board = program.TensorBoard([CorePluginLoader(), GraphsPlugin, HParamsPlugin], server_class=serve)
        logging.getLogger("tensorboard").setLevel(logging.ERROR)  # or it logs a line for every missing icon
        board.configure(
            logdir=folder,
            host="127.0.0.1",
            port=0,  # the system picks a free one
            load_fast="false",  # that would be a process of its own, which outlives a kernel that is killed
            reload_interval=0.0,
            reload_task="blocking",  # so that the first page already finds the graph
        )
        return f"{board.launch()}#graphs&run={RUN}"

    def stop(self) -> None:
        """Stop serving; the frame on the page stays empty from then on."""
        if self.server:
            self.server.end()
            self.server = None

    def __repr__(self):
        return self.problem or f"TensorBoard runs at {self.address} until this process ends."

    def _ipython_display_(self) -> None:
        # The address changes with every start: it stands in a widget, which lives as long as the kernel does. What is
        # stored, and shown by whatever shows no widgets, stays the same.
        stored = "TensorBoard opens here when you run this cell. graph.drawing shows the same graph without it."
        words = self.problem or stored
        if self.server:  # the server, rather than this: it runs on when nothing holds this any more
            one_per_cell.show(self.server.end)
        display(
            {
                **widgets.HTML(self._page())._repr_mimebundle_(),
                "text/html": f"<p><em>{html.escape(words)}</em></p>",
                "text/plain": words,
            },
            raw=True,
        )

    def _page(self) -> str:
        if self.problem:
            return f'<div role="alert">{html.escape(self.problem)}</div>'
        # Lazy: TensorBoard's page lays its graph out wrongly when it is loaded while it is out of sight.
        return (
            '<p style="line-height: 1.5">TensorBoard runs at '
            f'<a href="{self.address}" target="_blank" style="text-decoration: underline">{self.address}</a> '
            "until the kernel stops. If the frame stays empty, your browser sits on another machine than the kernel: "
            "the drawing shows the same graph.</p>"
            f'<iframe loading="lazy" src="{self.address}" title="TensorBoard: the graph of the network" width="100%" '
            f'height="{HEIGHT}" style="border: 1px solid #888; background: white"></iframe>'
        )


def write(graph: tf.Graph, folder: Path) -> None:
    """Write a graph to an event file in `folder`, which is what TensorBoard reads.

    Taught in notebooks/06_deeper_and_wider.ipynb, "Appendix: the graph".
    """
    writer = tf.summary.create_file_writer(str(folder))
    with writer.as_default():
        tf.summary.graph(graph)
    writer.close()
