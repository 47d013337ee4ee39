"""Who asks, on a JupyterHub: the hub says so. Learners' kernels bring the token of their own server.

The hub sets what is needed in the environment of its service; CLASSROOM_INSTRUCTORS names who may uncover and clear.
"""

import os

from jupyterhub.services.auth import HubOAuthCallbackHandler, HubOAuthenticated
from tornado import web

from classroom.board.handlers import Answer

INSTRUCTORS = frozenset(filter(None, os.environ.get("CLASSROOM_INSTRUCTORS", "").replace(",", " ").split()))


class Handler(HubOAuthenticated, Answer):
    """A request to a board that a hub runs.

    Tornado's own check of the page's token stays off: the hub's code makes that check wherever a cookie says who asks,
    and asking it from within Tornado's would wait for itself.
    """

    async def learner(self) -> str:
        """The name of the learner whose kernel asks. Raises HTTPError for anybody else."""
        user = self.get_current_user()
        if user is None or user.get("kind") != "user" or not getattr(self, "_token_authenticated", False):
            raise web.HTTPError(403, reason="The hub does not know who asks. Restart your server, and join again.")
        self.check_pace(user["name"])
        return user["name"]

    async def looks(self, *, as_instructor: bool = False) -> str:
        """Who looks at the page: "instructor", "room", or "" for nobody, who is sent away with as_instructor."""
        user = self.get_current_user()
        role = "" if user is None else "instructor" if user["name"] in INSTRUCTORS else "room"
        if as_instructor and role != "instructor":
            raise web.HTTPError(403, reason="That is the instructor's. Log in to the hub as one.")
        return role

    def check_sender(self) -> None:
        """The hub's code has looked whether the page's own token came along, before it said who asks."""

    async def show_entrance(self, code: str) -> None:
        """Send a browser to the hub, which sends it back."""
        self.redirect(self.get_login_url())

    @property
    def code(self) -> str:
        """By which a notebook joins: none, since the hub knows its learners."""
        return ""

    @property
    def token(self) -> str:
        """What the page has to bring along in its addresses, since an EventSource sends no header."""
        token = self.xsrf_token
        return token.decode() if isinstance(token, bytes) else token


def more_routes(prefix: str) -> list:
    """Where the hub sends a browser back to."""
    return [(f"{prefix}oauth_callback", HubOAuthCallbackHandler)]
