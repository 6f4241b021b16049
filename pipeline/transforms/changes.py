"""What may have changed in a report since the period before."""

from __future__ import annotations

UNCHANGED = "内容没有更新"

# In the order of telling.
CHANGES = ("新完成", "新出现困难", "新增问题", "问题已解决", "自评分有变", UNCHANGED)
