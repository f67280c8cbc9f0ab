"""Chinese words of phone and app users that the encoders hardly know, and plain ones that they do.

The models learned from books, questions and subtitles, where 闪退 and 续航 are rare: "一打开就闪退" lay at .38 from "crashes as
soon as I open it", and with 崩溃 at .67. What is embedded says the plain word; what people see stays as they wrote it.
A word is listed when the plain one brings its sentences nearer to their English by .05 or more in the quick view (USE),
and means the same wherever it stands. Single letters such as 卡 mean too much else and are left alone.
"""

import re

_PLAIN = {
    # Longer words that only look like one of these stay.
    "记录屏": "记录屏",
    "死机器": "死机器",
    "消耗电": "消耗电",
    "闪退": "崩溃",
    "秒退": "立即关闭",
    "死机": "冻结",
    "卡死": "冻结",
    "卡顿": "延迟",
    "转圈": "加载",
    "断触": "触摸没有响应",
    "续航": "电池寿命",
    "掉电": "电池消耗",
    "耗电": "消耗电池",
    "发烫": "过热",
    "掉线": "断开连接",
    "登不上去": "无法登录",
    "登不上": "无法登录",
    "登录不上": "无法登录",
    "乱码": "文字显示错误",
    "没声音": "没有声音",
    "录屏": "屏幕录制",
    "浪费流量": "浪费移动数据",
    "消耗流量": "消耗移动数据",
    "费流量": "消耗移动数据",
    "耗流量": "消耗移动数据",
    # Said in Taiwan and Hong Kong.
    "当机立断": "当机立断",
    "当机": "冻结",
    "断线": "断开连接",
}
_KNOWN = re.compile("|".join(sorted(_PLAIN, key=len, reverse=True)))


def in_plain_words(text: str) -> str:
    """Return ``text``, in simplified letters, with each word that encoders hardly know said in a plain one; pure."""
    return _KNOWN.sub(lambda found: _PLAIN[found[0]], text)
