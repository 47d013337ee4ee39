"""What JupyterHub is told: `python -m jupyterhub -f` takes this file. It is read by the hub alone, in its own process.

Each setting that is not JupyterHub's own was tried with thirty learners, or is here because something broke without it.
"""

import os
import sys
from pathlib import Path

from classroom.hub import settings as class_settings
from classroom.hub.doorkeeper import NAME, Doorkeeper
from classroom.hub.spawner import LearnerSpawner

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - JupyterHub provides it
settings = class_settings.read(Path(os.environ[class_settings.VARIABLE]))
os.umask(0o077)  # the database and the cookies' secret are for this account alone

# Who may come in: whoever knows the class code, under a name that nobody else has.
c.JupyterHub.authenticator_class = Doorkeeper
c.Doorkeeper.user_password = settings.code
c.Doorkeeper.admin_password = settings.instructor_code
c.Doorkeeper.words_file = str(settings.state / "words.json")
c.Authenticator.admin_users = {class_settings.INSTRUCTOR}
c.Authenticator.allow_all = True
c.Authenticator.username_pattern = NAME
c.JupyterHub.template_paths = [str(Path(__file__).with_name("pages"))]
c.JupyterHub.template_vars = {"secure": bool(settings.certificate)}

# The learners' servers.
c.JupyterHub.spawner_class = LearnerSpawner
c.LearnerSpawner.settings = settings
c.Spawner.start_timeout = c.Spawner.http_timeout = 180  # thirty at once on two cores are slow, not broken
c.JupyterHub.concurrent_spawn_limit = 2 * class_settings.MOST_LEARNERS  # a lower one sends learners away with a 429
c.JupyterHub.active_server_limit = class_settings.MOST_LEARNERS
c.JupyterHub.shutdown_on_logout = False

# Where the parts listen. The proxy is a program of its own, which goes on when the hub is started again.
scheme = "https" if settings.certificate else "http"
c.JupyterHub.bind_url = f"{scheme}://{settings.host}:{settings.port}"
c.JupyterHub.hub_bind_url = settings.hub
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = settings.proxy_api
c.JupyterHub.proxy_check_interval = 10
c.JupyterHub.db_url = f"sqlite:///{settings.state / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(settings.state / "cookie_secret")

# A server whose learner has been away for two hours goes, with its memory; a short limit would end one within a cell,
# since the hub hears of activity every five minutes only.
culler = [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=7200", "--cull-every=300"]
# The board: learners reach it from their pages and their kernels, and nobody else does.
board = [sys.executable, "-m", "classroom.board", "--folder", str(settings.state / "board")]
reach = "access:services!service=board"
# By this the services of a hub that has died are found, and ended.
known = {class_settings.VARIABLE: str(settings.file)}
c.JupyterHub.services = [
    {"name": "culler", "command": culler, "environment": known},
    {
        "name": "board",
        "command": board,
        "url": settings.board,
        "oauth_no_confirm": True,
        "environment": known | {"CLASSROOM_INSTRUCTORS": class_settings.INSTRUCTOR},
    },
]
c.JupyterHub.load_roles = [
    {
        "name": "culler",
        "services": ["culler"],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    },
    {"name": "user", "scopes": ["self", reach]},
    {"name": "server", "scopes": ["users:activity!user", "access:servers!server", reach]},
]
