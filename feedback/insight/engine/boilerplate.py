"""Posts that ask for nothing: thanks, "good app", one emoji, nothing at all, pages of log.

Such posts are close to everything and swallow groups. They are set aside before grouping: identical ones stay
together, and none forms or joins an ask.
"""

import re

from feedback.kernel import text as words

#: Words that carry no request when a short post holds nothing else.
_EMPTY_EN = frozenset(
    ["a", "about", "again", "all", "also", "always", "am", "an", "and", "app", "application", "apps", "are", "as", "at", "awesome", "bad", "best", "better", "bless", "boring", "brilliant", "but", "by", "can", "cheers", "cool", "dear", "dont", "do", "everyone", "ever", "excellent", "exactly", "excited", "fan", "fantastic", "fine", "first", "for", "fun", "game", "games", "glad", "god", "good", "great", "guys", "happy", "has", "hate", "have", "hello", "helpful", "here", "hey", "hi", "hope", "how", "i", "im", "in", "is", "it", "its", "job", "just", "keep", "kind", "liked", "like", "likes", "lol", "lot", "lots", "love", "loved", "lovely", "loves", "luck", "many", "me", "more", "most", "much", "my", "nice", "no", "not", "of", "oh", "ok", "okay", "on", "one", "our", "perfect", "platform", "please", "pls", "plz", "post", "product", "program", "really", "regards", "rock", "rocks", "satisfied", "service", "site", "so", "software", "still", "stuff", "such", "sucks", "super", "superb", "sure", "team", "thank", "thanks", "thankful", "thanx", "that", "the", "their", "them", "there", "these", "they", "thing", "this", "thnx", "thx", "tks", "to", "too", "top", "totally", "true", "try", "ty", "u", "up", "update", "updates", "use", "used", "useful", "useless", "user", "using", "ve", "very", "was", "we", "well", "wish", "with", "wonderful", "work", "works", "worst", "would", "wow", "yeah", "yes", "yet", "you", "your", "amazing", "awful", "terrible", "horrible", "garbage", "trash", "rubbish", "crap", "outstanding", "appreciated", "appreciate", "favorite", "favourite", "five", "star", "stars", "out", "rate", "rating", "ever", "been", "simply", "absolutely", "enjoy", "enjoying", "enjoyed", "think", "thought", "day", "nothing", "say", "bump", "up", "test", "testing", "bye", "goodbye", "day", "nite", "morning", "evening", "following", "same", "+1"]
)
_EMPTY_ZH = frozenset(
    ["不错", "很", "好", "非常", "好用", "很好", "挺", "挺好", "的", "了", "啊", "哦", "呢", "吧", "吗", "呀", "嗯", "哈", "哈哈", "哈哈哈", "谢谢", "感谢", "多谢", "谢", "支持", "顶", "赞", "点赞", "加油", "棒", "真", "真棒", "太", "太棒了", "喜欢", "喜爱", "爱", "爱了", "软件", "应用", "产品", "东西", "手机", "我", "你", "您", "们", "我们", "你们", "大家", "他们", "它", "是", "这", "这个", "那个", "就是", "还", "还是", "还行", "可以", "还可以", "一般", "一般般", "垃圾", "差", "太差", "太差了", "差评", "好评", "五星", "五星好评", "满意", "不满意", "很满意", "挺不错", "还不错", "真不错", "真的", "真心", "确实", "特别", "超级", "超", "最", "最好", "一直", "一直在", "用", "使用", "在", "希望", "越来越", "越", "来", "更", "更好", "继续", "努力", "辛苦", "辛苦了", "小米", "官方", "团队", "开发者", "沙发", "路过", "签到", "打卡", "水", "水贴", "看看", "来看看", "好的", "好吧", "行", "嗯嗯", "是的", "对", "对的", "不是", "同意", "同上", "同求", "楼主", "早上好", "晚上好", "你好", "您好", "大家好", "再见", "拜拜", "呵呵", "默认", "评价", "系统", "一个", "给", "个", "赞赞", "牛", "牛逼", "厉害", "给力", "完美", "优秀", "推荐", "值得", "值得推荐", "很棒", "非常好", "非常棒", "都", "也", "和", "有", "没有", "没", "什么", "啥", "说", "说的", "没啥", "没什么", "好好", "无", "暂无", "测试"]
)
#: A short post that holds one of these asks for something, whatever else it says.
_ASKS = re.compile(
    r"\?|？|吗|怎么|怎样|如何|为什么|为何|能不能|可不可以|请问|何时|多少|哪|\b(?:how|what|why|when|where|who|which|can|could|"
    r"does|add|fix|need|want|should|isn't|doesn't|don't|won't|can't|cannot|not|no|crash|bug|error|dark)\b",
    re.IGNORECASE,
)
_GREETINGS = re.compile(
    r"^\W*(?:thank\s*(?:you|u)|thanks|thx|ty|hello|hi|hey|ok|okay|yes|no|good|nice|great|cool|bye|test|asdf+|"
    r"谢谢|感谢|多谢|你好|您好|好的|好|不错|支持|顶|赞|测试)\W*$",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W_]")
_LOG_LINE = re.compile(
    r"^\s*(?:at\s+[\w$.<>]+\(|\[?\d{2,4}[-/:.]\d{2}[-/:.]\d{2}|[A-Z]/[\w.]+[ (:]|(?:DEBUG|INFO|WARN|ERROR|TRACE|FATAL)\b|"
    r"0x[0-9a-f]+|#\d+\s+pc|Caused by:|\.\.\. \d+ more|\{.*\},?$|<[^>]+>$)",
    re.MULTILINE,
)
_REPEATED = re.compile(r"(.)\1{2,}")
_LONG_LOG_FROM = 1_500


def boilerplate(text: str, tokens: list[str] | None = None) -> str:
    """Return why ``text`` asks for nothing: "empty", "symbols", "courtesy", "log", or "" when it may ask.

    ``text`` is the whole post, title included. A word count alone never decides: "dark mode" asks.
    """
    stripped = text.strip()
    if not stripped:
        return "empty"
    letters = len(_LETTERS.findall(stripped[:500]))
    if letters < 2:
        return "symbols"
    if len(stripped) >= _LONG_LOG_FROM and _is_log(stripped):
        return "log"
    if len(stripped) > 120:
        return ""
    if _GREETINGS.match(stripped):
        return "courtesy"
    if _ASKS.search(stripped):
        return ""
    cut = words.tokens(_REPEATED.sub(r"\1\1", stripped)) if tokens is None else tokens
    meaning = [
        word
        for word in cut
        if word.replace("'", "").replace("’", "") not in _EMPTY_EN
        and word not in _EMPTY_ZH
        and not word.isdigit()
    ]
    return "" if meaning else "courtesy"


def _is_log(text: str) -> bool:
    """Tell pasted log from prose: most lines look like log, or hardly anything is a plain word."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) >= 10 and sum(bool(_LOG_LINE.match(line)) for line in lines) >= 0.6 * len(lines):
        return True
    sample = text[:5000]
    plain = sum(ch.isalpha() or ch.isspace() for ch in sample)
    return plain < 0.6 * len(sample)
