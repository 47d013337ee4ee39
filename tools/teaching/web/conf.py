"""Sphinx' settings for the site and the slides. Nothing that they write asks the network for anything."""

project = "Dense networks by touch"
author = copyright = "the project's contributors"
extensions = ["myst_nb", "sphinx_revealjs", "tools.teaching.mathml"]
if not tags.has("slides"):  # type: ignore[name-defined]  # noqa: F821 - Sphinx brings it
    extensions.append("sphinx_copybutton")
html_math_renderer = revealjs_math_renderer = "mathml"
nb_execution_mode = "off"  # the committed outputs are the ones that are shown
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
myst_heading_slug_func = "tools.lessons.anchor"  # links to a heading are written for JupyterLab
suppress_warnings = ["myst.header", "mystnb.unknown_mime_type"]

html_theme = "furo"
html_title = project
html_static_path = revealjs_static_path = ["static"]
html_css_files, html_js_files = ["lessons.css"], ["lessons.js"]
html_copy_source = html_show_sourcelink = False
html_theme_options = {"navigation_with_keys": True, "top_of_page_buttons": []}
pygments_style, pygments_dark_style = "a11y-high-contrast-light", "a11y-high-contrast-dark"

revealjs_style_theme = "white"
revealjs_css_files = ["slides.css"]
revealjs_script_files = ["slides.js"]
revealjs_script_conf = {
    "width": 1600,
    "height": 900,
    "margin": 0.04,
    "hash": True,
    "transition": "none",
    "slideNumber": "c/t",
    "center": False,
}
revealjs_script_plugins = [{"name": "RevealNotes", "src": "revealjs/plugin/notes/notes.js"}]
revealjs_google_fonts: list[str] = []
