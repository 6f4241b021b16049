"""What each table of an edition must look like, declared once.

The same declaration reads the CSV, checks it and documents it. A new column is one line here.
Headers are the clerk's (Chinese); fields are the code's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a cell holds, and the type it is read as."""

    TEXT = "文字"  # str, line breaks kept
    NUMBER = "数"  # decimal.Decimal, not negative; None when blank
    COUNT = "整数"  # int, not negative; None when blank
    DATE = "日期"  # datetime.date; None when blank


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: how it is headed, read, checked and explained."""

    header: str
    field: str
    meaning: str
    example: str = ""
    kind: Kind = Kind.TEXT
    filled: bool = False  # every row must have a value
    unique: bool = False  # no value may stand twice
    present: bool = True  # the column must be there
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One CSV file of an edition."""

    name: str
    row: str  # what one row is
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()  # fields that together name a row
    filled: bool = False  # at least one row

    @property
    def file(self) -> str:
        """The file's name, such as roster.csv."""
        return f"{self.name}.csv"


ROLES = ("组长", "副组长", "成员")

ALGORITHMS = (
    "每项扣分",
    "双倍",
    "每次扣分",
    "减半",
    "免予",
    "每人次加分",
    "就高不就低",
    "同一问题不重复",
    "说明",
)

ROSTER = Table(
    name="roster",
    row="一个人",
    filled=True,
    columns=(
        Column(
            header="姓名",
            field="name",
            filled=True,
            example="林晨",
            meaning="不加空格；打印时两个字的名字自动在中间空一格",
        ),
        Column(
            header="领导小组职务",
            field="role",
            choices=ROLES,
            example="组长",
            meaning="组长、副组长或成员；不在领导小组的人留空，就不进附件1",
        ),
        Column(header="职务", field="post", example="四级调研员", meaning="附件1上姓名后面的职务"),
        Column(
            header="编号",
            field="id",
            present=False,
            example="A01",
            meaning="只在两个人同名时填，用来区分",
        ),
    ),
    key=("name", "id"),
)

SECTIONS = Table(
    name="sections",
    row="附件2里“责任科室”的一种写法",
    filled=True,
    columns=(
        Column(
            header="责任科室",
            field="section",
            filled=True,
            unique=True,
            example="综合组牵头各组、队落实",
            meaning="与 indicators.csv 里的写法一字不差",
        ),
        Column(
            header="牵头组队",
            field="lead",
            example="综合组",
            meaning="由哪个组队牵头填报；不分牵头的留空",
        ),
        Column(
            header="参与组队",
            field="participants",
            example="业务组、调查队",
            meaning="还有哪些组队要填报，用顿号隔开",
        ),
    ),
)

RULES = Table(
    name="rules",
    row="附件3的一条",
    filled=True,
    columns=(
        Column(
            header="条款号",
            field="id",
            filled=True,
            unique=True,
            example="一.1",
            meaning="章的序号、一个点、条的序号",
        ),
        Column(
            header="章",
            field="chapter",
            filled=True,
            example="扣分情形",
            meaning="章的标题，不带序号",
        ),
        Column(
            header="标题",
            field="title",
            example="工作落实不力",
            meaning="条的小标题，打印时后面加冒号；没有就留空",
        ),
        Column(
            header="正文",
            field="text",
            filled=True,
            example="……每项扣{分值}分。",
            meaning="条的全文；写 {分值}、{上限} 的地方打印成本行这两列的数",
        ),
        Column(
            header="算法",
            field="method",
            filled=True,
            choices=ALGORITHMS,
            example="每项扣分",
            meaning="这一条怎样计分；只作说明的填“说明”",
        ),
        Column(
            header="分值",
            field="amount",
            kind=Kind.NUMBER,
            example="5",
            meaning="每项（次、人次）多少分；没有就留空",
        ),
        Column(
            header="上限",
            field="cap",
            kind=Kind.NUMBER,
            example="10",
            meaning="合计最多多少分；不设上限的留空",
        ),
    ),
)

FINDINGS = Table(
    name="findings",
    row="一个督查发现的问题",
    columns=(
        Column(
            header="编号",
            field="id",
            filled=True,
            unique=True,
            example="D01",
            meaning="这一行的编号",
        ),
        Column(
            header="日期",
            field="day",
            kind=Kind.DATE,
            filled=True,
            example="2023-05-16",
            meaning="发现的日期",
        ),
        Column(
            header="问题编号",
            field="issue",
            filled=True,
            example="W01",
            meaning="同一个问题写同一个编号，就不重复扣分",
        ),
        Column(
            header="适用条款",
            field="clause",
            filled=True,
            example="一.1",
            meaning="rules.csv 里的条款号",
        ),
        Column(
            header="发现层级",
            field="level",
            example="市",
            choices=("省", "市", "区", "自查"),
            meaning="省、市、区或自查",
        ),
        Column(
            header="加重条款",
            field="aggravating",
            example="二.1",
            meaning="加重扣分的条款号，可多个，用顿号隔开",
        ),
        Column(
            header="减免条款",
            field="mitigating",
            example="三.7",
            meaning="减轻或免予扣分的条款号，可多个，用顿号隔开",
        ),
        Column(
            header="问责人次",
            field="accountable",
            kind=Kind.COUNT,
            example="1",
            meaning="对责任人员效能问责的人次",
        ),
        Column(header="责任科室", field="section", example="业务组", meaning="问题由哪个科室负责"),
        Column(header="责任人", field="person", example="黄文献", meaning="问题由谁负责"),
        Column(header="说明", field="note", example="报表迟报两天", meaning="问题是什么"),
    ),
)

PROGRESS = Table(
    name="progress",
    row="一个组队在一期里对一个指标的填报",
    columns=(
        Column(
            header="期次",
            field="period",
            filled=True,
            example="前三季度",
            meaning="edition.toml 里 [[periods]] 的名称",
        ),
        Column(header="组队", field="group", filled=True, example="业务组", meaning="填报的组队"),
        Column(
            header="编号",
            field="indicator",
            filled=True,
            example="CY06",
            meaning="indicators.csv 里的编号",
        ),
        Column(header="进展情况", field="progress", example="已完成", meaning="指标工作进展情况"),
        Column(header="存在的问题", field="problems", example="无", meaning="存在的问题"),
        Column(
            header="整改措施及完成时限",
            field="measures",
            example="11月底前完成",
            meaning="下一步整改措施及完成时限",
        ),
        Column(
            header="状态",
            field="status",
            present=False,
            example="进行中",
            choices=("未开始", "进行中", "已完成", "有困难"),
            meaning="未开始、进行中、已完成或有困难",
        ),
        Column(
            header="自评分",
            field="self_score",
            present=False,
            kind=Kind.NUMBER,
            example="18",
            meaning="自己评的得分，不超过指标的分值",
        ),
    ),
    key=("period", "group", "indicator"),
)

SUBMISSIONS = Table(
    name="submissions",
    row="一份交回的附件4",
    columns=(
        Column(
            header="期次",
            field="period",
            filled=True,
            example="前三季度",
            meaning="edition.toml 里 [[periods]] 的名称",
        ),
        Column(header="组队", field="group", filled=True, example="业务组", meaning="交表的组队"),
        Column(header="填报人", field="reporter", example="黄文献", meaning="表头的填报人"),
        Column(
            header="填报时间",
            field="day",
            kind=Kind.DATE,
            example="2023-09-28",
            meaning="表头的填报时间",
        ),
    ),
    key=("period", "group"),
)


def indicators(labels: Sequence[str], name: str, scores: Sequence[str]) -> Table:
    """The table of indicators; its label and score columns are the edition's choice.

    The fields of the label columns are label1, label2, … from the outermost in, those of the
    score columns score1, score2, …
    """
    label_columns = (
        Column(
            header=header,
            field=f"label{level}",
            filled=level == 1,
            example=("差异化指标", "科学")[min(level, 2) - 1],
            meaning="合并单元格的标签，不写合计分；每行都写，相邻同名的自动合并"
            + ("" if level == 1 else "，可以留空"),
        )
        for level, header in enumerate(labels, 1)
    )
    score_columns = (
        Column(
            header=header,
            field=f"score{place}",
            kind=Kind.NUMBER,
            filled=place == 1,
            example="30",
            meaning="指标的分值，只写数；合计由程序算",
        )
        for place, header in enumerate(scores, 1)
    )
    return Table(
        name="indicators",
        row="一个指标",
        filled=True,
        columns=(
            Column(
                header="编号",
                field="id",
                filled=True,
                unique=True,
                example="CY01",
                meaning="指标的编号，历年不变；不要写成 1-2 这样会被 Excel 当成日期的样子",
            ),
            *label_columns,
            Column(
                header=name, field="name", filled=True, example="招商引资工作", meaning="指标名称"
            ),
            *score_columns,
            Column(
                header="数据采集责任单位",
                field="unit",
                example="区商务局",
                meaning="哪个单位提供数据；两个单位的，在单元格里换行",
            ),
            Column(
                header="责任领导",
                field="leader",
                filled=True,
                example="林晨",
                meaning="roster.csv 里的姓名，不加空格",
            ),
            Column(
                header="责任科室",
                field="section",
                filled=True,
                example="业务组",
                meaning="sections.csv 里的写法",
            ),
            Column(
                header="责任人",
                field="person",
                filled=True,
                example="曾诸军、李苹苹",
                meaning="姓名，多人用顿号隔开；也可以是 edition.toml 里 phrases 列出的说法",
            ),
            Column(
                header="简称",
                field="short_name",
                present=False,
                example="招商引资",
                meaning="在附件4和摘要里的名称；不写就用全名",
            ),
        ),
    )
