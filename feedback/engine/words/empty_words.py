"""Words that say how a person feels, or that something is wrong, and not what: in English and Chinese."""

from feedback.engine.data.word_lists import EMPTY_CHINESE, EMPTY_ENGLISH, STOP_WORDS, VERDICTS


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MOOD = _words(
    """
absolute absolutely actually after again already angry annoy annoyed annoying annoys another any anymore anything
anyway asap back became become becomes before being believe bit break breaks broke broken buggy bug bugs came change
changed completely constantly count crappy current currently cuz damn deleted deleting developer developers
devs die died disappoint disappointed disappointing disappointment disaster disgusting done dont downloaded
dreadful dumb each either else error errors erro even every everyone everything fail failed fails fam far feel few finally find finds
fix fixed fixes fixing flaw found frustrate frustrated frustrating fuck fucking get gets getting give gives glitch
glitched glitches glitching glitchy go goes going gone gonna guy half happen happened happening happens
hated hates hating having hell help hey honestly hopefully idiots idk improve improved improvement improvements
insane issue issues joke keep keeps kidding kill know last lately latest less let life literally lmao longer look low
lower mad made make makes making man maybe mean mess messed money move need needed needs never new newest
next now off old omfg omg once other over patch pathetic people piss pissed pointless poor poorly
ppl pretty previous probably problem problems problème proper properly quality quick quickly quit rate rated recent recently
recommend reason redo released return ridiculous right rip ruin ruined ruining
sad screwed seem seems serious seriously shame shit shitty show sick since situation slowly smh solve something
sometimes soon sorry sort stay step stop stopped stopping stupid sudden suddenly suck sucked suddenly
supposed tell than thing things though tho thought time times today together took tried truly turn
two understand unacceptable unhappy uninstall uninstalled uninstalling unless unusable upset ur
useful user users useless version versions waste wasted way week weeks went whatever whole why wish wonder
wonderful worse wow wrong wtf year years yesterday zero fav fine impressed satisfied ago lost
    """
)
_MOOD_HAN = _words(
    """
更新 升级 缺陷 小问题 新版 新版本 旧版 修复 解决 改进 优化 问题 毛病 故障 错误 不能 无法 不了 用不了 不行 不好 难用 卸载 失望 生气 恶心 坑 坑人 烂
太烂 破 破烂 什么玩意 玩意 浪费 时间 浪费时间 钱 后悔 无语 求 赶紧 赶快 快点 尽快 快 一下 现在 以前 以后 之后 之前 从前 今天 最近 每次 总是 老是 经常
又 再 已经 怎么 怎么回事 回事 情况 什么情况 体验 体验感 越来越差 越来越 不如 还不如 不要 别 满意 客服 一个 一颗 一星 零分 分 星 真 真心 真是 简直
实在 感觉 觉得 知道 东西 人 朋友 朋友们 用户 请 麻烦 啊啊啊 呵呵 吐槽 严重 各种 完全 根本 直接 居然 竟然 结果 后 前 次 天 年 坏 坏了 不爽 差劲 太坑 气 死 气死
    """
)
#: Words that leave open what is good or bad.
SAYING_NOTHING = EMPTY_ENGLISH | EMPTY_CHINESE | STOP_WORDS | VERDICTS | _MOOD | _MOOD_HAN
