"""What every learner's server has in common: what `make lab` has, and what many on one machine need."""

from pathlib import Path

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - Jupyter provides it
load_subconfig(  # type: ignore[name-defined]  # noqa: F821 - Jupyter provides it
    "jupyter_server_config.py", path=str(Path(__file__).resolve().parent.parent.parent / "tools")
)
c.ServerApp.allow_root = False
c.ServerApp.terminals_enabled = False

# Sockets in a folder of the learner's own: over TCP, everybody on this machine could read what a kernel shows.
c.KernelManager.transport = "ipc"
c.MappingKernelManager.transport_encryption = "disabled"  # nobody else can open them, and thirty share two processors

# A kernel that has rested for an hour and that no page looks at gives its memory back; an open page keeps its own.
c.MappingKernelManager.cull_idle_timeout = 3600
c.MappingKernelManager.cull_interval = 300
c.MappingKernelManager.cull_connected = False
