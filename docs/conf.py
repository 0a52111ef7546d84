"""How Sphinx builds these pages."""

from microdc import __version__

project = "microdc"
copyright = "The microdc developers"
version = release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.mathjax"]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
autodoc_typehints = "none"
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "microdc"
