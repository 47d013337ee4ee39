"""What every JupyterLab of this project has in common: `python -m jupyterlab --config=` takes this file.

Both `make lab` and the browser tests start from it, so that the tests see what learners see.
"""

import logging
import os
from pathlib import Path

import zmq
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - Jupyter provides it

# Only this computer can connect, so root, the one user that containers have, may serve as well.
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.allow_root = True

# No lesson needs the network: no news, no check for updates, no list of extensions, no npm to look for code assistants.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
c.LanguageServerManager.autodetect = False
# Nor does each page that opens need Node to say whether JupyterLab should be built anew.
c.ServerApp.tornado_settings = {"page_config_data": {"buildAvailable": False, "buildCheck": False}}
# JupyterLab asks each new user about news even so; the defaults for its settings in this folder answer. They also save
# the widgets' state with a learner's notebook: reopened later, it shows its pictures rather than "model not found". And
# a link into the glossary leads to the page as it is meant to be read, rather than to its Markdown.
c.LabApp.app_settings_dir = str(Path(__file__).with_name("jupyterlab"))

# A learner looks for the address in the terminal; start-up notes would bury it.
c.Application.log_level = "WARN"
# Jupyter writes down in thousandths of a second how long it waits for a page's sign of life. Tornado takes them for
# seconds, and warns of what it makes of them; it is Jupyter that asks, and closes.
logging.getLogger("tornado.general").addFilter(lambda line: "websocket_ping_timeout" not in line.getMessage())

# Nobody else who works on this computer can read what a kernel and its page tell each other; without it, each kernel
# warns of that in the terminal.
c.MappingKernelManager.transport_encryption = "auto" if zmq.has("curve") else "disabled"

# Two heaps for all threads of a kernel. Linux would give each thread its own, and what is free in one serves no other:
# over 300 runs of three networks a lab's kernel grew by 72 MB so, and grows by 2 with two. One heap costs some time.
os.environ.setdefault("MALLOC_ARENA_MAX", "2")


class AtOnce(ZMQChannelsWebsocketConnection):
    """What a kernel says leaves for the page at once.

    Otherwise the system holds a small message back until the one before was confirmed, which browsers do 40 ms later:
    the frames of what moves arrived in pairs, half of them too late to be seen.
    """

    def connect(self):
        """Connect, and have the network wait for nothing."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()


c.ServerApp.kernel_websocket_connection_class = AtOnce
