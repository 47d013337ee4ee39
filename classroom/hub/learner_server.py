"""What the hub starts for a learner, as the learner: brings the lessons, then becomes their JupyterLab.

The lessons are copied here and not by the hub, which may be root: a learner can put links where root would write.
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent.parent)  # the project, in the place of this script's folder

from jupyterhub.singleuser import app  # noqa: E402

from helpers import own_folder  # noqa: E402
from tools import own_copy  # noqa: E402
from tools.teaching import copies  # noqa: E402


def main() -> None:
    """Put what the learner lacks of the lessons into their folder, without solutions, and serve it."""
    own_copy.bring(own_folder.folder(), copies.student)
    app.main()


if __name__ == "__main__":
    main()
