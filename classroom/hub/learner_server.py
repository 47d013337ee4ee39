"""What the hub starts for a learner, as the learner: brings the lessons, then becomes their JupyterLab.

The lessons are copied here and not by the hub, which may be root: a learner can put links where root would write.
"""

import json
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent.parent)  # the project, in the place of this script's folder

from jupyterhub.singleuser import app  # noqa: E402
from jupyterlab.commands import get_workspaces_dir  # noqa: E402
from jupyterlab_server.workspaces_handler import WorkspacesManager  # noqa: E402

from helpers import own_folder  # noqa: E402
from tools import lessons, own_copy  # noqa: E402

PHONE = "phone"  # the arrangement of JupyterLab's page that the form at the door asks for on a narrow screen


def arrange_for_phones() -> None:
    """On a phone JupyterLab's file browser would leave the lesson a column of one word: there it begins folded up."""
    aside = {"collapsed": True, "visible": True, "widgets": []}
    layout = {"left": aside, "right": aside | {"visible": False}, "relativeSizes": [0, 1, 0]}
    manager = WorkspacesManager(get_workspaces_dir())
    if not any(each["metadata"]["id"].strip("/") == PHONE for each in manager.list_workspaces()):
        kept = {"data": {"layout-restorer:data": layout}, "metadata": {"id": PHONE}}
        manager.save(PHONE, json.dumps(kept))


def main() -> None:
    """Put what the learner lacks of the lessons into their folder, without solutions, and serve it."""
    own_copy.bring(own_folder.folder(), lessons.for_students)
    arrange_for_phones()
    app.main()


if __name__ == "__main__":
    main()
