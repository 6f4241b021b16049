"""What WeasyPrint may read: files of the template and font folders, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.request import url2pathname

from weasyprint.urls import URLFetcher, URLFetcherResponse

from pipeline.web.fonts import with_glyphs_as_cids


class LocalFiles(URLFetcher):  # type: ignore[misc]  # weasyprint has no types
    """Serves files of the given folders only; anything else ends the rendering."""

    def __init__(self, folders: Sequence[Path]) -> None:
        super().__init__(
            allowed_protocols={"file", "data"}, allow_redirects=False, fail_on_errors=True
        )
        self._folders = [folder.resolve() for folder in folders]

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        """The file, or a ValueError that says what was asked for."""
        if url.startswith("file:"):
            path = Path(url2pathname(url.removeprefix("file:").split("?")[0])).resolve()
            if not any(path.is_relative_to(folder) for folder in self._folders):
                raise ValueError(f"{path} 不在模板和字体的文件夹里")
            if path.suffix == ".otf":
                return URLFetcherResponse(url, with_glyphs_as_cids(path))
        return super().fetch(url, headers)
