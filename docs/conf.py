"""How Sphinx builds these pages."""

import sys
from pathlib import Path

from microdc import __version__

sys.path.insert(0, str(Path(__file__).parent))

project = "microdc"
copyright = "The microdc developers"
version = release = __version__
extensions = ["declared", "myst_parser", "sphinx.ext.autodoc", "sphinx.ext.mathjax"]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
autodoc_typehints = "none"
nitpicky = True
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "microdc"
