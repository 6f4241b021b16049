"""What WeasyPrint may read: files of the template folder, the two fonts, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.request import url2pathname

from weasyprint.urls import URLFetcher, URLFetcherResponse

from pipeline.web.fonts import SCHEME, font


class LocalFiles(URLFetcher):  # type: ignore[misc]  # weasyprint has no types
    """Serves files of the given folder, and fonts; anything else ends the rendering."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            allowed_protocols={"file", "data"}, allow_redirects=False, fail_on_errors=True
        )
        self._folder = folder.resolve()

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        """The file, or a ValueError that says what was asked for."""
        if url.startswith(SCHEME):
            return URLFetcherResponse(url, font(url))
        if url.startswith("file:"):
            path = Path(url2pathname(url.removeprefix("file:").split("?")[0])).resolve()
            if not path.is_relative_to(self._folder):
                raise ValueError(f"{path} 不在模板的文件夹里")
        return super().fetch(url, headers)
