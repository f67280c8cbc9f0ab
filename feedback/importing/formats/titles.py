"""A title for a post that brings none, or only a greeting: the sentence that asks.

Words alone decide here, an import needs no encoder: greetings and what many posts of the file keep saying fall away, and of
the rest the first sentence that asks for something or reports a fault is the title.
"""

import re
from itertools import islice

from feedback.engine.words.aside import telling_words
from feedback.engine.words.clauses import sentences
from feedback.engine.words.lead import Refrains
from feedback.engine.words.stance import directed

#: A made title has at most so many characters.
LENGTH = 80
_READ = 12
_TRAILING = " ,.;:，。；：、"
_WHO = (
    r"(?:there|all|everyone|everybody|guys|folks|sir|madam|sirs|team|support|devs?|developers?|dear|friends?|customer|service|the|and|or|"
    r"to|whom|it|may|concern|product|app|google|apple|zusammen|liebes?|entwickler|équipe|l'équipe|à|tous|a|todos|equipo|equipe|tutti|"
    r"of|your|our|my|admins?|moderators?|people|community|again|\w+ (?:team|support))"
)
_GREETING = (
    rf"(?:hi+|hey+|hello+|hallo|dear|greetings|good (?:day|morning|afternoon|evening)|guten (?:tag|morgen|abend)|moin|servus|grüß gott|"
    rf"sehr geehrte\w*(?: damen und herren)?|liebe[sr]?|bonjour|bonsoir|salut|coucou|hola|buen[oa]s (?:días|dias|tardes|noches)|buenas|"
    rf"estimad[oa]s?|ol[áa]|oi|bom dia|boa (?:tarde|noite)|prezad[oa]s|ciao|salve|buongiorno|buonasera|gentil[ei]|hej|hei|hoi|goedendag|"
    rf"beste|cześć|dzień dobry|witam|ahoj|dobrý den|merhaba|selam|szia|bună ziua|здравствуйте|добрый (?:день|вечер)|доброе утро|привет|"
    rf"вітаю|добрий день|to whom it may concern)(?:[ ,]+{_WHO})*"
)
_GREETING_EAST = (
    r"(?:尊敬的|亲爱的|親愛的)?(?:各位)?(?:官方|客服|开发者?|開發者?|开发人员|团队|團隊|产品经理|小编|管理员|版主|大佬|老师|同学|工程师|用户|们|們|的|小姐姐|小哥哥|朋友|先生|女士){0,4}"
    r"[,，:：、 ]{0,2}(?:大家好|您好|你好|你们好|妳好|嗨|哈喽|哈囉|早上好|上午好|下午好|晚上好|早安|晚安|hi|hello|您好呀|你好啊|打扰了)(?:呀|啊|哦|，?(?:官方|客服|开发者?|团队|开发人员|团队成员|小米|各位)){0,3}"
    r"|(?:尊敬的|亲爱的|親愛的)[^\s,，:：!！。]{1,10}|こんにちは|こんばんは|おはようございます|はじめまして|お世話になっております|いつも(?:お世話になって|使わせていただいて|利用させていただいて)(?:おり|い)ます|"
    r"ご担当者様|안녕하세요|안녕하십니까|수고하십니다|수고 많으십니다"
)
_END = r"(?:[\s,，.。!！:：;；~～、\-–—)（(👋🙂😊]+|$)"
_OPENING = re.compile(rf"^(?:(?:{_GREETING}){_END}|(?:{_GREETING_EAST}){_END})+", re.IGNORECASE)
#: "Hi John," and "Dear Acme people:": a line of a greeting word, a name of any kind and a comma.
_ADDRESS = re.compile(
    r"^(?:hi|hey|hello|dear|hallo|liebe[rs]?|bonjour|cher|chère|hola|querid[oa]|estimad[oa]|ol[áa]|caro|cara|ciao|hej|beste|привет|уважаем\w+)"
    r"(?: [\w'’.-]+){1,4} ?[,:!，：！]$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^(?:(?:many |best |kind |warm )?(?:thanks?|thank you|thx|regards|wishes|cheers|sincerely|yours \w+|best)(?: (?:in advance|a lot|so much|you|for .{1,40}))*"
    r"|sent from my .{1,30}|mit freundlichen grüßen|viele grüße|vielen dank|danke|merci(?: d'avance)?|cordialement|gracias|saludos|obrigad[oa]|grazie|"
    r"спасибо|с уважением|(?:非常|十分)?(?:谢谢|感谢|多谢|谢了)(?:您|你|你们|大家|啦|了)?|辛苦了|此致|敬礼|祝好|拜托了?|以上|よろしくお願い(?:いた)?します|ありがとうございます|감사합니다)"
    r"[\s,，.。!！~～]*$",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:please|pls|plz|could|can you|can we|can i|would|wish|want|need|should|must|let (?:me|us)|add|make|allow|support|bring|fix|remove|change|"
    r"feature|request|suggest\w*|option|ability|crash\w*|bug|broken|breaks?|does ?n.?t|do ?n.?t|ca ?n.?t|cannot|can not|could not|won.?t|is ?n.?t|not work\w*|"
    r"stopp?ed|stops|fail\w*|errors?|slow|freez\w*|froze|stuck|hangs?|missing|lost|lose|wrong|how (?:do|can|to)|why|where|unable|"
    r"bitte|wäre|könnt\w*|möchte|wünsch\w*|fehlt|stürzt|funktioniert nicht|geht nicht|s'il vous|serait|pourr\w+|voudrais|ajout\w+|plante|"
    r"marche pas|fonctionne pas|por favor|podría\w*|gustaría|quisiera|agreg\w+|añad\w+|falta|no funciona|poderia\w*|gostaria|adicion\w+|não funciona|"
    r"per favore|vorrei|potreste|aggiung\w+|non funziona|добавьте|хотелось|можно|пожалуйста|не работает|вылета\w+)\b"
    r"|希望|请|請|建议|建議|能不能|能否|可不可以|可否|是否|增加|添加|加个|加一|支持|支援|无法|無法|不能|不了|闪退|閃退|崩溃|卡|慢|错误|出错|报错|失败|为什么|为何|怎么|如何|求|想要|需要|优化|改进|恢复|"
    r"取消|关闭|丢失|消失|没有|不见|打不开|希望|ほしい|欲しい|してください|できません|できない|落ち|해 ?주세요|안 ?돼|안 ?됩니다|꺼져|推荐|應該|应该",
    re.IGNORECASE,
)


def title_of(title: str, body: str, refrains: Refrains | None = None) -> str:
    """Return what a post is called: its own ``title`` unless it only greets, otherwise the sentence of ``body`` that asks."""
    own = " ".join(title.split())
    if own and not only_greets(own):
        return own
    return _asking(body, refrains or Refrains()) or (
        own if own else _cut(" ".join(body[: 4 * LENGTH].split()))
    )


def only_greets(sentence: str) -> bool:
    """Tell whether ``sentence`` only greets, thanks or says goodbye: "Hi support team,", "您好：", "Regards"."""
    said = sentence.strip()
    return not _without_greeting(said) or bool(_CLOSING.match(said) or _ADDRESS.match(said))


def _without_greeting(sentence: str) -> str:
    return _OPENING.sub("", sentence.strip()).strip(" ,，.。!！:：;；~～、-–—")


def _asking(body: str, refrains: Refrains) -> str:
    """Return the first sentence that asks, otherwise the first that tells something, otherwise the first that is no greeting."""
    telling = other = ""
    for sentence in islice(sentences(body), _READ):
        if only_greets(sentence) or refrains.is_form(sentence):
            continue
        said = _OPENING.sub("", sentence).strip() or sentence
        tells = bool(telling_words(said[:300]))
        if tells and (_ASKS.search(said) or directed(said)):
            return _cut(said)
        telling = telling or (said if tells else "")
        other = other or said
    return _cut(telling or other)


def _cut(line: str) -> str:
    """Return ``line`` cut at a word's end, with an ellipsis."""
    if len(line) <= LENGTH:
        return line.rstrip(_TRAILING) if line.endswith((",", "，", ":", "：", ";", "；")) else line
    head = line[: LENGTH - 1]
    at_word = head.rsplit(" ", 1)[0] if " " in head[LENGTH // 2 :] else head
    return at_word.rstrip(_TRAILING) + "…"
