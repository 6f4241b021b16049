"""Names of WordprocessingML (ECMA-376, part 1) as lxml wants them."""

from __future__ import annotations

from functools import cache

W_URI = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R_URI = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
M_URI = "http://schemas.openxmlformats.org/officeDocument/2006/math"
RELATIONSHIPS_URI = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES_URI = "http://schemas.openxmlformats.org/package/2006/content-types"


@cache  # asked for each element of a document
def w(name: str) -> str:
    """The qualified name of a WordprocessingML element or attribute."""
    return f"{{{W_URI}}}{name}"


@cache
def path(names: str) -> str:
    """The qualified path for names from the outermost on, such as rPr/sz."""
    return "/".join(map(w, names.split("/")))


def r(name: str) -> str:
    """The qualified name of a relationship attribute."""
    return f"{{{R_URI}}}{name}"
