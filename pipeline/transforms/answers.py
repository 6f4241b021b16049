"""What a group's answer says, and only that: done or not, a problem or none, a measure or none.

Each reading is True, False, or None where the text does not tell. What is certain stands in 状态;
what is read from a text may be asked about, never stated as a fact.
"""

from __future__ import annotations

import re
import unicodedata

from pipeline.tables.terms import Status

# What a report may leave open: what 状态 says for certain, and what is only read from its texts.
CERTAIN = ("unmeasured", "overdue")
TO_CHECK = ("seems_unmeasured", "seems_undated", "seems_overdue")

_ENDS = " \t\n。.,;!、:~—-_/\\|×*·…"
_CLAUSES = re.compile(r"[。;,!?\n]|但是?|不过|然而")


def _any_of(patterns: str) -> str:
    """One pattern for any of those in a text, which stand apart by blanks."""
    return f"(?:{'|'.join(patterns.split())})"


_SAME = re.compile(_any_of("同上 同前 同左 上同 〃 见前 见上 见附 详见 另附 另行"))

# Of the words that follow 已 or 已完成, those that leave a part of the work open.
_PARTLY = _any_of(r"率 \d 了?\d 近 约 过半 大?部分 一半 初 第 前 半 多 度 计划的")
_WHOLLY = _any_of("全部 全面 按时 按期 按要求 如期 顺利 圆满 提前 超额 均 都")
_ENDED = _any_of(
    rf"完成(?!{_PARTLY}) 办结 完结 办理完 上报 报送 提交 达标 验收 结项 归档 解决 整改完 "
    "整改到位 落实到位 落实完 通过验收 实现目标"
)
_DONE = re.compile(
    _any_of(
        r"全部(?:完成|办结|落实|整改到位|到位|办理完毕) [均都]已?(?:按[时期])?(?:完成|办结|落实) "
        r"(?:如期|按时|按期|按要求|圆满|顺利|提前|超额|全面)完成 完成到位 100% 百分之百 "
        r"(?:办理|整改|整治|收集|上报|核查|处理|报送)完毕 "
        r"(?:任务|工作|目标|指标|整改|事项)(?:全部|均|都|已)?(?:圆满|顺利|按时)?完成(?=$|[,;。!]) "
        r"^\W*(?:已?完成|办结|完毕|达标|√)了?\W*$ "
    )
    + rf"|已经?(?:[于在][^,;。]{{1,12}})?{_WHOLLY}*{_ENDED}"
)
_NOT_100 = r"(?!100(?:\.0+)?%)\d{1,2}(?:\.\d+)?%"
_UNDONE = re.compile(
    _any_of(
        "未(?!发现|出现|发生|收到|涉及|见|有|接到|来) 尚 还没 "
        "没有?(?:完成|开展|开始|启动|达到|落实) 不能完成 无法完成 正在 正(?=[按抓积有推开准]) "
        "(?:进行|推进|办理|整改|实施|编制|起草|进展|开展|过程)中 拟 计划(?!完成|数|目标|总) 打算 "
        "将[于在]?(?!近) 准备 预计 有待 等待 待(?!遇|办结) 争取 力争 确保 部分(?:完成|未) "
        "基本完成 初步完成 阶段性 过半 一半 完成近 完成约 接近完成 大部分 下一步 下步 继续 持续 "
        "仍 还需 需要?进一步 还有 尚有 逾期 延期 滞后"
    )
    + rf"|完成(?:率|度|进度)?(?:达到?|为|约|近)?{_NOT_100}"
)

# 截至目前 | 未发现 | 明显的 | 问题: the parts of a clause that says that there is none.
_WHEN = _any_of(
    "截至目前 截止目前 目前 当前 现阶段 本期 本季度 本阶段 现在? 暂时? 总体上? 经自查 经排查 自查 "
    "尚 均 该项(?:工作|指标)? 本项(?:工作|指标)? 工作中 工作 我[科组队室] 指标"
)
_NO = _any_of(
    "没有?(?:发现|出现) 无 没有? 未(?:发现|见|出现|发生|有|存在|遇到) 不存在 尚无 暂无 暂没有? "
    "并无 (?:暂|尚)未(?:发现|出现)?"
)
_SUCH = _any_of(
    "任何 明显的? 突出的? 重大的? 较大的? 大的? 其[他它]的? 特别的? 什么 相关 新增 新的? 严重的? "
    "具体 实质性 影响.{0,6}的 需要?.{0,8}的 其余 上述 类似 存在的? 此类 该类"
)
_THING = _any_of(
    "问题 困难 短板 异常(?:情况)? 不足(?:之处)? 情况 矛盾 风险 隐患 扣分(?:情形|项)? 现象 情形 "
    "差错 违规(?:情况)? 违纪(?:情况)? 障碍 薄弱环节 漏洞"
)
_NO_TROUBLE = re.compile(
    rf"{_WHEN}*{_NO}{_SUCH}*(?:{_THING}(?:以及|[和及与或、])?)*(?:存在|需要?(?:反映|说明|解决|报告))?"
)
_SUBJECT = _any_of("一切 运行 进展 工作 开展 总体 各项(?:工作|指标)? 情况")
_WELL = _any_of("正常 良好 顺利 平稳 不涉及 不适用 没问题 na n/a 无需填报 略")
_ALL_WELL = re.compile(rf"{_WHEN}*{_SUBJECT}*{_WELL}(?:推进|开展|进行|运行|完成)?")

_TROUBLE = re.compile(
    _any_of(
        "困难 难度 难以 较难 很难 难点 瓶颈 制约 短板 弱项 薄弱 压力 隐患 差错 误差 差距 单一 "
        "频繁 流失 反复 "
        "不[足够高强大多全齐准实细深畅清严佳牢] 不(?:到位|及时|完善|规范|均衡|平衡|稳定|理想|紧密) "
        "不(?:健全|熟悉|了解|统一|一致|明确|主动|配合|能) 无法 难以 达不到 没有完成 "
        "未(?:达到?|完成|能|到位|落实) 老化 陈旧 变动[较频] 尚未 "
        "还没 (?<![不无])缺 短缺 紧缺 欠缺 欠佳 紧张 有待 亟待 "
        "偏[低少慢弱差大高紧] 较[低少慢弱差大](?!幅度增) 下降 下滑 回落 负增长 减少 [漏错迟瞒]报 "
        "滞后 落后 拖后 逾期 延迟 扣分 通报 退回 仍需 需要?加强 需进一步"
    )
)
_SOLVED = re.compile(
    "已(?:全部|基本|经)?"
    + _any_of("解决 整改 消除 化解 纠正 改正 办结 整治 补齐")
    + "|(?:解决|整改)(?:到位|完毕|完成)"
)
_NO_MEASURE = re.compile(r"(?:目前|暂|尚)?(?:无|没有?|未有|未制定)(?:整改)?(?:措施)?")
_UNNEEDED = re.compile(r"无[需须]|不需要?|不涉及|不适用|无问题|^n/?a$|^略$")


def is_done(progress: str, status: str = "") -> bool | None:
    """Whether the work is done: as 状态 says, else as the text of 进展情况 does."""
    if status:
        return status == Status.DONE
    text = _plain(progress)
    done, undone = _DONE.search(text), _UNDONE.search(text)
    if _SAME.search(text) or bool(done) == bool(undone):
        return None
    return bool(done)


def has_problem(problems: str) -> bool | None:
    """Whether the text of 存在的问题 names a problem; None for a blank one, which says nothing."""
    text = _plain(problems)
    if not problems.strip() or _SAME.search(text):
        return None
    readings = {_problem_in(clause.strip(_ENDS)) for clause in _CLAUSES.split(text)} - {"blank"}
    if "trouble" in readings:
        return None if "solved" in readings else True
    return None if "unclear" in readings else False


def _problem_in(clause: str) -> str:
    """What a clause says of problems: blank, none, solved, trouble or unclear."""
    if re.fullmatch(rf"{_WHEN}*", clause):
        return "blank"
    if _NO_TROUBLE.fullmatch(clause) or _ALL_WELL.fullmatch(clause):
        return "none"
    if _SOLVED.search(clause):
        return "solved"
    return "trouble" if _TROUBLE.search(clause) else "unclear"


def has_measure(measures: str) -> bool | None:
    """Whether the text of 整改措施 names a measure; False for a blank one."""
    text = _plain(measures).strip(_ENDS)
    if _SAME.search(text):
        return None
    if not text or _NO_MEASURE.fullmatch(text):
        return False
    return None if _UNNEEDED.search(text) else True


def _plain(text: str) -> str:
    """The text in half width and in lower case, with line breaks for its only blanks."""
    lines = unicodedata.normalize("NFKC", text).lower().splitlines()
    return "\n".join("".join(line.split()) for line in lines)
