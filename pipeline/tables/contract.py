"""What each table of an edition must look like, declared once.

The same declaration reads the CSV, checks it and documents it. A new column is one line here.
Headers are the clerk's (Chinese); fields are the code's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import KW_ONLY, dataclass
from enum import Enum

from pipeline.tables.terms import Algorithm, Status


class CellKind(Enum):
    """What a cell holds, and the type it is read as. A list stays one str: see `cells.parts`."""

    TEXT = "文字"  # str as typed, line breaks kept
    WORD = "名称"  # str, the name of a unit, a group or a label
    WORDS = "名称，可多个"  # str
    NAME = "人名"  # str without padding
    NAMES = "人名，可多个"  # str without padding
    CODE = "编号"  # str without blanks, ASCII digits and letters
    CODES = "编号，可多个"  # str
    NUMBER = "数"  # decimal.Decimal, not negative; None when blank
    COUNT = "整数"  # int, not negative; None when blank
    DATE = "日期"  # datetime.date; None when blank


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how it is headed, read, checked and explained."""

    header: str
    field: str
    meaning: str
    _: KW_ONLY
    example: str = ""
    kind: CellKind = CellKind.TEXT
    filled: bool = False  # every row must have a value
    expected: bool = False  # a row without a value is worth a warning
    unique: bool = False  # no value may stand twice
    present: bool = True  # the column must be there
    spanning: bool = False  # a label: a blank may be the rest of a merged cell
    declared: bool = False  # by the edition, under extra
    positive: bool = False  # a number must be more than 0
    at_most: int | None = None  # a number may not be more than this
    choices: tuple[str, ...] = ()  # of each part, where the kind is a list
    refers: str = ""  # the column, such as rules.id, in which the value must stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One CSV file of an edition."""

    name: str
    row: str  # what one row is
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()  # fields that together name a row
    filled: bool = False  # at least one row
    ordered: bool = False  # the order of rows is that of the printed document
    extensible: bool = False  # edition.toml may declare further columns

    @property
    def file(self) -> str:
        """The file's name, such as roster.csv."""
        return f"{self.name}.csv"

    def column(self, field: str) -> Column:
        """The column that holds `field`; raises KeyError."""
        return {column.field: column for column in self.columns}[field]

    @property
    def headers(self) -> list[str]:
        """The headers of its columns, in order."""
        return [column.header for column in self.columns]


ROLES = ("组长", "副组长", "成员")

ROSTER = Table(
    name="roster",
    row="一个人",
    filled=True,
    ordered=True,
    columns=(
        Column(
            "姓名",
            "name",
            "不加空格；打印时两个字的名字自动在中间空一格",
            kind=CellKind.NAME,
            filled=True,
            example="林晨",
        ),
        Column(
            "领导小组职务",
            "role",
            "组长、副组长或成员；不在领导小组的人留空，就不进附件1",
            choices=ROLES,
            example="组长",
        ),
        Column("职务", "post", "附件1上姓名后面的职务", kind=CellKind.WORD, example="四级调研员"),
        Column(
            "编号",
            "id",
            "只在两个人同名时填，用来区分",
            kind=CellKind.CODE,
            present=False,
            example="A01",
        ),
    ),
    key=("name", "id"),
)

SECTIONS = Table(
    name="sections",
    row="附件2里“责任科室”的一种写法",
    filled=True,
    ordered=True,
    columns=(
        Column(
            "责任科室",
            "section",
            "与 indicators.csv 里的写法一字不差",
            kind=CellKind.WORD,
            filled=True,
            unique=True,
            example="综合组牵头各组、队落实",
        ),
        Column(
            "牵头组队",
            "lead",
            "由哪个组队牵头填报；不分牵头的留空",
            kind=CellKind.WORD,
            example="综合组",
        ),
        Column(
            "参与组队",
            "participants",
            "还有哪些组队要填报，用顿号隔开",
            kind=CellKind.WORDS,
            example="业务组、调查队",
        ),
    ),
)

# Who found a fault (发现层级), and whom a clause speaks of (层级).
LEVELS = ("省", "市", "区", "自查")

CLAUSES = Table(
    name="rules",
    row="附件3的一条",
    filled=True,
    ordered=True,
    columns=(
        Column(
            "条款号",
            "id",
            "章的序号、一个点、条的序号",
            kind=CellKind.CODE,
            filled=True,
            unique=True,
            example="一.1",
        ),
        Column("章", "chapter", "章的标题，不带序号", filled=True, example="扣分情形"),
        Column("标题", "title", "条的小标题，打印时后面加冒号；没有就留空", example="工作落实不力"),
        Column(
            "正文",
            "text",
            "条的全文；写 {分值}、{上限} 的地方打印成本行这两列的数",
            filled=True,
            example="……每项扣{分值}分。",
        ),
        Column(
            "算法",
            "methods",
            "这一条怎样计分，可多个，用顿号隔开；只作说明的填“说明”",
            kind=CellKind.WORDS,
            filled=True,
            choices=tuple(Algorithm),
            example="每项扣分",
        ),
        Column(
            "分值",
            "amount",
            "每项（次、人次）多少分；没有就留空",
            kind=CellKind.NUMBER,
            positive=True,
            at_most=1000,
            example="5",
        ),
        Column(
            "上限",
            "cap",
            "合计最多多少分；不设上限的留空",
            kind=CellKind.NUMBER,
            positive=True,
            at_most=1000,
            example="10",
        ),
        Column(
            "层级",
            "levels",
            "这一条说的是哪一级发现的，可多个，用顿号隔开；没有说的留空。附件3不印这一列",
            kind=CellKind.WORDS,
            choices=LEVELS,
            present=False,
            example="省、市",
        ),
    ),
)

FINDINGS = Table(
    name="findings",
    row="一个督查发现的问题",
    columns=(
        Column(
            "编号",
            "id",
            "这一行的编号",
            kind=CellKind.CODE,
            filled=True,
            unique=True,
            example="D01",
        ),
        Column("日期", "day", "发现的日期", kind=CellKind.DATE, filled=True, example="2023-05-16"),
        Column(
            "问题编号",
            "issue",
            "同一个问题写同一个编号，就不重复扣分",
            kind=CellKind.CODE,
            filled=True,
            example="W01",
        ),
        Column(
            "适用条款",
            "clause",
            "rules.csv 里的条款号",
            kind=CellKind.CODE,
            filled=True,
            example="一.1",
            refers="rules.id",
        ),
        Column(
            "发现层级",
            "level",
            "省、市、区或自查",
            example="市",
            choices=LEVELS,
        ),
        Column(
            "加重条款",
            "aggravating",
            "加重扣分的条款号，可多个，用顿号隔开",
            kind=CellKind.CODES,
            example="二.1",
            refers="rules.id",
        ),
        Column(
            "减免条款",
            "mitigating",
            "减轻或免予扣分的条款号，可多个，用顿号隔开",
            kind=CellKind.CODES,
            example="三.7",
            refers="rules.id",
        ),
        Column(
            "问责人次",
            "accountable",
            "对责任人员效能问责的人次",
            kind=CellKind.COUNT,
            at_most=1000,
            example="1",
        ),
        Column("责任科室", "section", "问题由哪个科室负责", kind=CellKind.WORD, example="业务组"),
        Column("责任人", "person", "问题由谁负责", kind=CellKind.NAMES, example="黄文献"),
        Column("说明", "note", "问题是什么", example="报表迟报两天"),
        Column(
            "核定扣分",
            "decided",
            "规则没有写明分数、由督查办核定的：其他需要加重的写扣几分；减免要酌定的写减轻以后还扣几分",
            kind=CellKind.NUMBER,
            present=False,
            at_most=1000,
            example="8",
        ),
        Column(
            "上级扣分",
            "superior",
            '上级因为这个问题扣了几分；edition.toml 写了 base = "superior" 时，双倍按它算',
            kind=CellKind.NUMBER,
            present=False,
            positive=True,
            at_most=1000,
            example="3",
        ),
    ),
)

_PERIOD = Column(
    "期次",
    "period",
    "edition.toml 里 [[periods]] 的名称",
    kind=CellKind.WORD,
    filled=True,
    example="前三季度",
)

PROGRESS = Table(
    name="progress",
    row="一个组队在一期里对一个指标的填报",
    columns=(
        _PERIOD,
        Column("组队", "group", "填报的组队", kind=CellKind.WORD, filled=True, example="业务组"),
        Column(
            "编号",
            "indicator",
            "indicators.csv 里的编号",
            kind=CellKind.CODE,
            filled=True,
            example="CY06",
            refers="indicators.id",
        ),
        Column("进展情况", "progress", "指标工作进展情况", example="已完成"),
        Column("存在的问题", "problems", "存在的问题", example="无"),
        Column(
            "整改措施及完成时限", "measures", "下一步整改措施及完成时限", example="11月底前完成"
        ),
        Column(
            "状态",
            "status",
            "未开始、进行中、已完成或有困难",
            present=False,
            example="进行中",
            choices=tuple(Status),
        ),
        Column(
            "自评分",
            "self_score",
            "自己评的得分，不超过指标的分值",
            present=False,
            kind=CellKind.NUMBER,
            example="18",
        ),
    ),
    key=("period", "group", "indicator"),
)

SUBMISSIONS = Table(
    name="submissions",
    row="一份交回的附件4",
    columns=(
        _PERIOD,
        Column("组队", "group", "交表的组队", kind=CellKind.WORD, filled=True, example="业务组"),
        Column("填报人", "reporter", "表头的填报人", kind=CellKind.NAMES, example="黄文献"),
        Column("填报时间", "day", "表头的填报时间", kind=CellKind.DATE, example="2023-09-28"),
    ),
    key=("period", "group"),
)


# The columns of indicators.csv that every edition has, beside number, labels, name and scores.
_RESPONSIBILITIES = (
    Column(
        "数据采集责任单位",
        "unit",
        "哪个单位提供数据；两个单位的，在单元格里换行；没有的写“——”",
        kind=CellKind.WORD,
        expected=True,
        example="区商务局",
    ),
    Column(
        "责任领导",
        "leader",
        "roster.csv 里的姓名，不加空格",
        kind=CellKind.NAMES,
        filled=True,
        example="林晨",
    ),
    Column(
        "责任科室",
        "section",
        "sections.csv 里的写法",
        kind=CellKind.WORD,
        filled=True,
        example="业务组",
        refers="sections.section",
    ),
    Column(
        "责任人",
        "person",
        "姓名，多人用顿号隔开；也可以是 edition.toml 里 phrases 列出的说法",
        kind=CellKind.NAMES,
        filled=True,
        example="曾诸军、李苹苹",
    ),
    Column(
        "简称",
        "short_name",
        "在附件4和摘要里的名称；不写就用全名",
        present=False,
        unique=True,
        example="招商引资",
    ),
)


def indicators(
    labels: Sequence[str], name: str, scores: Sequence[str], extra: Sequence[str] = ()
) -> Table:
    """The table of indicators; its label, score and extra columns are the edition's choice.

    The fields of the label columns are label1, label2, … from the outermost in, those of the
    score columns score1, score2, …, those of the extra columns extra1, extra2, …
    """
    return Table(
        name="indicators",
        row="一个指标",
        filled=True,
        ordered=True,
        extensible=True,
        columns=(
            Column(
                "编号",
                "id",
                "指标的编号，历年不变；不要写成 1-2 这样会被 Excel 当成日期的样子",
                kind=CellKind.CODE,
                filled=True,
                unique=True,
                example="CY01",
            ),
            *_labels(labels),
            Column(name, "name", "指标名称", filled=True, unique=True, example="招商引资工作"),
            *_scores(scores),
            *_RESPONSIBILITIES,
            *_extra(extra),
        ),
    )


def _labels(headers: Sequence[str]) -> Iterator[Column]:
    """The label columns, from the outermost in."""
    for level, header in enumerate(headers, 1):
        yield Column(
            header,
            f"label{level}",
            _meaning_of_label(level),
            kind=CellKind.WORD,
            filled=level == 1,
            spanning=True,
            example=("差异化指标", "科学")[min(level, 2) - 1],
        )


def _meaning_of_label(level: int) -> str:
    """What a label column holds; only the outermost one must not be blank."""
    meaning = "合并单元格的标签，不写合计分；每行都写，相邻同名的自动合并"
    return meaning if level == 1 else f"{meaning}，可以留空"


def _scores(headers: Sequence[str]) -> Iterator[Column]:
    """The score columns; the first one is the indicator's worth."""
    for rank, header in enumerate(headers, 1):
        yield Column(
            header,
            f"score{rank}",
            "指标的分值，只写数；合计由程序算",
            kind=CellKind.NUMBER,
            filled=rank == 1,
            positive=rank == 1,
            at_most=10000,
            example="30",
        )


def _extra(headers: Sequence[str]) -> Iterator[Column]:
    """The columns that edition.toml declares beside the known ones: free text."""
    for number, header in enumerate(headers, 1):
        meaning = "edition.toml 的 extra 里写明的列，照原文印"
        yield Column(header, f"extra{number}", meaning, declared=True)
