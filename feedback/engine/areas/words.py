"""Words that do not name an area, in English and Chinese, and what stands before those that do."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: What stands before a noun in English.
BEFORE_NOUNS = _words(
    """
a an the my your our their his her its this that these those some any no each every of for with
without in on from by about per via and or another other which what whose new old same
    """
)
#: What says how one asks rather than what about; nouns in form only, or verbs of every request.
ASKING = _words(
    """
able add added adding allow allows annoying anyone anything anymore app apps ask asked asking
available back bad best better big bit bring broken bug bugs button can't cannot cant change
changed check click come comes coming constantly couldn't day days didn't different doesn't doing
don't done dont easy else enable error errors etc even ever every everytime everything example
fact feature features feel find first fix fixed force found full get gets getting give gives go
goes going gone gonna half hard haven't having hear hell help hope hours idea instead issue issues
kind know last least less let lets life literally little long look looking lot made make makes
making manage many matter maybe mean middle min minute minutes money month months much multiple
need needed needs never next none number ok old only open option options order ours part people
person piece place plz point possible problem problems properly put question questions random
reason reasons recent recently report request right said say says second seconds see seem seems
several shows side since someone something sometimes soon sort start started starts stop stopped
stuff sure take takes talk tell thing things think thought time times today told tried tries
trouble try trying turn type unable version wait wanna want wanted wants wasn't watch way ways
week weeks went what whatever whenever while whole won't wondering word words work worked working
works wouldn't wrong year years yesterday might may must shall other others another certain
through over into onto across few more happen happened happening happens waste asap tf vids near
average current currently stupid annoy annoyed finally completely totally always sudden suddenly
instead until till yet ago soon later next previous main single double various actual actually
entire everybody nobody anybody thanks guy guys idk lol omg etc first second third final bother
    """
)
#: Nouns that ask for nothing by themselves and yet name a part of a product.
NAMING = _words(
    """
download downloads game games patch platform product products program quality rating ratings restore review
reviews service services site star stars store support switch update updates version versions
    """
)
ASKING_HAN = _words(
    """
时候 时间 东西 问题 情况 地方 方法 办法 功能 东东 意思 原因 人 朋友 亲 老板 客服 家 家里 店 店里 你家 今天 明天 昨天
现在 最近 以后 之前 以前 刚 刚刚 刚才 已经 马上 多久 几天 一下 一直 一次 一点 两个 三个 这款 这种 那种 这样 那样 这么
那么 怎么办 怎样 为啥 干嘛 东 啥 多 少 大 小 啥时候 什么时候 哪里 不要 里面 一样 大概 一条 一件 同款 不用 不行 不了
可能 应该 必须 直接 是否 或者 还是 首先 其他 别人 自己 有人 好像 感觉 觉得 知道 告诉 看 看看 看到 找 想 需要 帮 帮忙
麻烦 谢谢 起来 出来 进去 进来 出现 显示 开始 增加 添加 希望 建议 请求
    """
)
