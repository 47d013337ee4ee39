"""A picture that is drawn in Python and lives on the page: it can be replaced at any time, enlarged and read aloud."""

import traitlets

from helpers.widgets.live import LiveWidget, page_look, page_side


class LivePicture(LiveWidget):
    """The newest image that it was given, in an own place on the page.

    image: the file's bytes, of the type `mime`; empty, and the words in `alt` are shown in its place. width, height: on
    the page, in CSS pixels. The image is a trait, so that a page finds it again after it was reloaded.
    """

    _esm = page_side("live_picture")
    _css = page_look("live_picture")

    image = traitlets.Bytes(b"").tag(sync=True)
    mime = traitlets.Unicode("image/png").tag(sync=True)
    width = traitlets.Int(0).tag(sync=True)
    height = traitlets.Int(0).tag(sync=True)
