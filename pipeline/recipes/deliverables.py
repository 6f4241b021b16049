"""What is made of an edition: its annexes, its digest, its forms, and the forms over all groups.

What renders is imported only when something has to be made: an edition that is up to date costs a
few hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pipeline.errors import Problem
    from pipeline.tables.edition import Edition
    from pipeline.word.annexes import Templates

Step = Callable[[str], None]


class Deliverable:
    """Something that is made of an edition, from what is in the folder of all templates.

    It is entered before the first document is made, and left after the last. Documents that
    people `fill` in are not overwritten once somebody did.
    """

    name: str  # under which the manifest lists its documents
    templates: Sequence[Path]  # files: another one, other documents
    fill = False
    nothing = "没有要生成的"  # where it has no documents
    lacking = ""  # what this machine cannot make of it, and what to do

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warnings: list[Problem] = []  # of the edition made last

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Close what was opened: nothing."""

    @cached_property
    def word(self) -> Templates:
        """The Word templates, each compiled once for all editions."""
        from pipeline.word.annexes import Templates

        return Templates(self.folder / "docx")

    def options(self, source: Path) -> Mapping[str, str]:
        """What else shows in the documents of the edition in `source`, beside its files."""
        return {}

    def make(self, edition: Edition, source: Path, step: Step) -> Mapping[str, bytes]:
        """File name → document of the edition that was read from `source`; calls `step` by part."""
        raise NotImplementedError


class Annexes(Deliverable):
    """附件1–4 as Word documents, singly and in one file."""

    name = "annexes"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.templates = sorted((folder / "docx").glob("附件*.docx"))

    def make(self, edition: Edition, source: Path, step: Step) -> Mapping[str, bytes]:
        """The annexes."""
        return self.word.annexes(edition)


class Digest(Deliverable):
    """The digest as a page and as a PDF, and 附件1–4 as PDF where LibreOffice is.

    `on` is the day that it shows; `revision` gives the revision in git of an edition's folder;
    `environment` is what LibreOffice runs in.
    """

    name = "digest"

    def __init__(
        self,
        folder: Path,
        *,
        on: date,
        revision: Callable[[Path], str],
        environment: Mapping[str, str],
    ) -> None:
        from pipeline.word.printing import LACKING, Office

        super().__init__(folder)
        pages = filter(Path.is_file, (folder / "html").rglob("*"))
        annexes = [*(folder / "docx").glob("附件*.docx"), folder / "docx" / "fonts.conf"]
        self.templates = sorted([*pages, *annexes])
        self.on, self.revision = on, revision
        self.office = Office(fonts=folder / "docx" / "fonts.conf", environment=environment)
        self.lacking = "" if self.office.is_there else LACKING

    def __enter__(self) -> Self:
        """Start the process that prints: it loads while the tables are read."""
        from pipeline.web.printing import Printer

        self._opened = ExitStack()
        self.printer = self._opened.enter_context(Printer())
        return self

    def __exit__(self, *error: object) -> None:
        """End the process."""
        self._opened.close()

    def options(self, source: Path) -> Mapping[str, str]:
        """The day, the revision of the tables, and whether there is LibreOffice."""
        office = "no" if self.lacking else "yes"
        return {"on": str(self.on), "revision": self.revision(source), "office": office}

    def make(self, edition: Edition, source: Path, step: Step) -> Mapping[str, bytes]:
        """The page and the PDFs."""
        from pipeline.delivery import annexes_pdf
        from pipeline.delivery.attachments import attachments
        from pipeline.web.digest import Provenance, documents
        from pipeline.word.printing import FILE

        pending = None if self.lacking else annexes_pdf.begin(edition, self.word, self.office)
        made = documents(
            edition,
            Provenance(files=attachments(edition), revision=self.revision(source)),
            templates=self.folder / "html",
            printer=self.printer,
            on=self.on,
            step=step,
        )
        if pending is not None:
            made[FILE], self.warnings = pending.result()
        return made


class Forms(Deliverable):
    """附件4 for each group in the chosen periods, none: in all.

    With `earlier` each form also shows what the group reported in the period before.
    """

    fill = True

    def __init__(self, folder: Path, *, periods: Sequence[str], earlier: bool = False) -> None:
        super().__init__(folder)
        self.name = "-".join(["forms", *periods])
        self.templates = [folder / "docx" / "附件4.docx"]
        self.periods, self.earlier = periods, earlier

    def options(self, source: Path) -> Mapping[str, str]:
        """Whether the period before is shown."""
        return {"earlier": str(self.earlier)}

    def make(self, edition: Edition, source: Path, step: Step) -> Mapping[str, bytes]:
        """The forms."""
        from pipeline.forms.issue import issued

        return issued(edition, self.word, self.periods, earlier=self.earlier)


class Consolidated(Deliverable):
    """附件4 over all groups in the chosen periods, none: in those that began."""

    nothing = "还没有组队填报，没有可以汇总的"

    def __init__(self, folder: Path, *, periods: Sequence[str]) -> None:
        super().__init__(folder)
        self.name = "-".join(["consolidated", *periods])
        self.templates = [folder / "docx" / "附件4.docx"]
        self.periods = periods

    def make(self, edition: Edition, source: Path, step: Step) -> Mapping[str, bytes]:
        """One document for each period."""
        from pipeline.forms.issue import consolidated

        return consolidated(edition, self.word, self.periods)
