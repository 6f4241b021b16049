"""Editions of any shape, made from a number: what the planned pages of 附件2 are tried on."""

from __future__ import annotations

import csv
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import EDITIONS

_FAMILY, _GIVEN = "林黄罗曾李陈翁左欧阳尉迟诸葛", "晨薇成诸军苹锦端莉萍安红文献建国恭谨"
_TEXT = "根据年度工作要点任务分解进行评估跟踪落实情况，（含重大项目）、统计数据质量；抽查“双随机”"
_PIECES = ("2023", "277.5", "GDP", "100%", "12,345.67", "Word")
_UNIT = "区委办政府商务局重大统计调查发改效能督查组织宣传生态环境应急退役军人事务"


def random_edition(seed: int, folder: Path) -> Path:
    """An edition's folder: 5 to 300 indicators, with texts of every length that tables allow."""
    made = _Made(random.Random(seed))
    shutil.copytree(EDITIONS["2023"], folder)
    for name in ("progress", "findings", "submissions"):
        head = (folder / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()[0]
        (folder / f"{name}.csv").write_text(f"{head}\n", encoding="utf-8-sig")
    _write(folder / "roster.csv", made.roster())
    _write(folder / "sections.csv", made.sections())
    _write(folder / "indicators.csv", made.indicators())
    _settle(folder / "edition.toml", made)
    return folder


class _Made:
    """What an edition is made of."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.labels = ["项目", "一级指标", "层次"][: chance.randint(1, 3)]
        self.scores = ["分值", "市级分值", "省级分值"][: chance.randint(1, 3)]
        self._count = chance.choice([5, 9, chance.randint(10, 60), chance.randint(60, 300)])
        # With ten columns three hundred characters would be higher than a page.
        narrow = len(self.labels) + len(self.scores) > 3
        self._longest = chance.choice([20, 60, 120 if narrow else 300])
        self._people = list(dict.fromkeys(self._name() for _ in range(12)))
        self._sections = ["综合组", "业务组", "专业股牵头，综合股配合"]

    def _name(self) -> str:
        """A name of two to six characters."""
        return self._of(_FAMILY, 1) + self._of(_GIVEN, self._chance.choice([1, 2, 2, 2, 3, 5]))

    def _of(self, characters: str, count: int) -> str:
        return "".join(self._chance.choice(characters) for _ in range(count))

    def _text(self, longest: int) -> str:
        """A text with figures and Latin words in it, no sign first or last."""
        pieces = ["评"]
        for _ in range(self._chance.randint(1, longest) // 6):
            pieces += [self._of(_TEXT.replace("“", "").replace("”", ""), 5).strip("，（）、；")]
            if self._chance.random() < 0.2:
                pieces += [self._chance.choice(_PIECES)]
        return "".join(pieces)

    def roster(self) -> Iterator[list[str]]:
        yield ["姓名", "领导小组职务", "职务"]
        roles = ["组长", "副组长", *["成员"] * 20]
        for name, role in zip(self._people, roles, strict=False):
            yield [name, role, "局长"]

    def sections(self) -> Iterator[list[str]]:
        yield ["责任科室", "牵头组队", "参与组队"]
        for section in self._sections:
            yield [section, section.split("，")[0], ""]

    def indicators(self) -> Iterator[list[str]]:
        yield [
            "编号",
            *self.labels,
            "二级指标",
            *self.scores,
            "数据采集责任单位",
            "责任领导",
            "责任科室",
            "责任人",
        ]
        labels = [""] * len(self.labels)
        left = [0] * len(self.labels)
        for number in range(1, self._count + 1):
            for level in range(len(labels)):
                if left[level] == 0:
                    left[level:] = [0] * (len(labels) - level)
                    left[level] = self._chance.randint(1, (30, 8, 3)[level])
                    labels[level] = f"标签{number}" + self._of(_UNIT, self._chance.randint(0, 8))
            left = [each - 1 for each in left]
            people = self._chance.sample(self._people, self._chance.choice([1, 1, 1, 2, 3]))
            yield [
                f"R{number:03}",
                *labels,
                f"第{number}项{self._text(self._longest)}",
                *(str(self._chance.choice([5, 10, 277.5])) for _ in self.scores),
                "\n".join(
                    self._of(_UNIT, self._chance.randint(3, 20))
                    for _ in range(self._chance.choice([1, 1, 1, 2]))
                ),
                self._chance.choice(self._people[:2]),
                self._chance.choice(self._sections),
                "、".join(people),
            ]


def _settle(path: Path, made: _Made) -> None:
    """Let the settings say what the tables are."""
    lines = path.read_text(encoding="utf-8").splitlines()
    said = {
        "labels": f"labels = {_listed(made.labels)}",
        "scores": f"scores = {_listed(made.scores)}",
        "total": "",
        "totals": "",
    }
    lines = [said.get(line.partition(" = ")[0], line) for line in lines]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _listed(words: list[str]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def _write(path: Path, rows: Iterator[list[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
