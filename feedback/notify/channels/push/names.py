"""What a browser is called in the list of devices, from what it says of itself."""

import re

#: The first that is found, as many say that they are others too.
_BROWSERS = [
    (re.compile(pattern), name)
    for pattern, name in (
        (r"Edg(e|A|iOS)?/", "Edge"),
        (r"OPR/|Opera", "Opera"),
        (r"SamsungBrowser/", "Samsung Internet"),
        (r"HuaweiBrowser/", "Huawei Browser"),
        (r"MiuiBrowser/", "Mi Browser"),
        (r"MQQBrowser/|QQBrowser/", "QQ Browser"),
        (r"UCBrowser/", "UC Browser"),
        (r"YaBrowser/", "Yandex Browser"),
        (r"Vivaldi/", "Vivaldi"),
        (r"Firefox/|FxiOS/", "Firefox"),
        (r"HeadlessChrome/|Chrome/|CriOS/", "Chrome"),
        (r"Safari/|AppleWebKit/", "Safari"),
    )
]
_SYSTEMS = [
    (re.compile(pattern), name)
    for pattern, name in (
        (r"HarmonyOS|OpenHarmony", "HarmonyOS"),
        (r"Android", "Android"),
        (r"iPhone", "iPhone"),
        (r"iPad", "iPad"),
        (r"Windows", "Windows"),
        (r"CrOS", "ChromeOS"),
        (r"Macintosh|Mac OS X", "macOS"),
        (r"Linux|X11", "Linux"),
    )
]


def name_of(user_agent: str) -> str:
    """Return what its person knows a browser by, the same in every language: "Firefox · Android"."""
    found = [
        next((name for pattern, name in known if pattern.search(user_agent)), "")
        for known in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(filter(None, found)) or "Web"
