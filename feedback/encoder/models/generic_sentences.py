"""Ordinary things people write about a product, in both languages, written for this project.

Their mean vector is a model's "anything at all": what every post has in common before it says
anything of its own. Subtracting it makes cosines of different models comparable.
"""

from __future__ import annotations

from feedback.encoder.models.base import Language

_SUBJECTS: dict[Language, tuple[str, ...]] = {
    "en": (
        "the app", "dark mode", "the search", "my account", "the last update", "notifications",
        "the video player", "sync", "the camera", "my order", "the delivery", "the battery",
        "sign in", "the download", "bluetooth", "the subscription", "the keyboard", "the map",
        "my card", "the refund", "customer service", "the home screen", "backup", "the widget",
        "sound", "the printer", "the flight", "the recipe", "my password", "the price",
    ),
    "zh": (
        "这个应用", "深色模式", "搜索功能", "我的账号", "最新版本", "消息通知", "视频播放", "数据同步",
        "相机", "我的订单", "快递", "电池", "登录", "下载", "蓝牙", "会员", "输入法", "地图", "银行卡",
        "退款", "客服", "桌面", "备份", "小组件", "声音", "打印机", "机票", "菜谱", "密码", "价格",
    ),
}  # fmt: skip

_SAYINGS: dict[Language, tuple[str, ...]] = {
    "en": (
        "{} stopped working after I restarted my phone",
        "please add an option to change {}",
        "how do I turn off {}?",
        "{} is much slower than it used to be",
        "I love {}, thank you",
        "why does {} keep asking me the same thing",
        "{} shows an error and nothing happens when I tap it, I have tried twice already",
        "can you tell me more about {}",
        "it would be great if {} worked offline as well",
        "I was charged twice because of {}",
    ),
    "zh": (
        "重启手机以后{}就不能用了",
        "希望可以增加{}的设置选项",
        "怎么关闭{}？",
        "{}比以前慢多了",
        "{}很好用，谢谢你们",
        "为什么{}总是提示同样的内容",
        "{}一直报错，点了没有反应，我已经试了两次",
        "请问能介绍一下{}吗",
        "要是没有网络的时候{}也能用就好了",
        "因为{}的问题多扣了我一次钱",
    ),
}


def generic_sentences(language: Language) -> list[str]:
    """300 sentences, every subject with every saying."""
    return [saying.format(what) for what in _SUBJECTS[language] for saying in _SAYINGS[language]]
