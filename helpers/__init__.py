"""The small package behind the lessons: data, training, charts, labs and checks.

Import it before TensorFlow: the two settings below only work when they are made first.
"""

import os
import sys

# TensorFlow greets every import with log lines that a notebook shows as pink boxes. Both settings are needed to
# silence them: the level alone leaves the lines about oneDNN.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

# In a kernel whose learner has joined a class, or whose hub has a board. The two names are classroom.py's, which is not
# imported otherwise.
if "ipykernel" in sys.modules:
    from helpers import own_folder

    if "CLASSROOM_BOARD" in os.environ or (own_folder.folder() / "classroom.sqlite").exists():
        from helpers import classroom

        classroom.resume()
