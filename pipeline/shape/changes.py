"""What may have changed in a report since the period before."""

from __future__ import annotations

# In the order of telling.
CHANGES = ("新完成", "新出现困难", "新增问题", "问题已解决", "自评分有变", "内容没有更新")
