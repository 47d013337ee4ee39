"""The hub: JupyterHub as a class needs it, its proxy, and what a machine of this size can serve."""
