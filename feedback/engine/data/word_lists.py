"""Words that say little, in English and Chinese."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Too common to say what a group is about; the board's own frequencies do the rest.
STOP_WORDS = _words(
    """
a about after all also am an and any app application are as at be because been being but by can
could did do does don't for from get got had has have he her here him his how i i'm i've if in into
is isn't it it's its just let like me more my no not now of off on one only or our out please she
should so some than that the their them then there these they this those to too up us use was we
were what what's when where which who why will with would you your
一个 上 下 不 不能 与 个 为什么 么 之 也 了 什么 从 他 以 们 会 但 但是 你 你们 几 到 又 及 可不可以 可以 吗 吧 呀 呢 和 哦 哪 哪个 啊 因为 在 地 多少 她 如何
如果 它 对 就 很 得 怎么 怎么样 怎样 想 我 我们 或 所以 把 是 是不是 有 有没有 没 没有 用 的 着 给 而 能 能不能 被 要 让 说 请 请问 谁 过 还 这 这个 那 那个 都
里
    """
)

#: A short post of nothing but these asks for nothing: thanks, praise, scolding, greetings.
EMPTY_ENGLISH = _words(
    """
+1 a about absolutely again all also always am amazing an and app application appreciate appreciated
apps are as at awesome awful bad been best better bless boring brilliant bump but by bye can cheers
cool crap day dear do dont enjoy enjoyed enjoying evening ever everyone exactly excellent excited
fan fantastic favorite favourite fine first five following for fun game games garbage glad god good
goodbye great guys happy has hate have hello helpful here hey hi hope horrible how i im in is it its
job just keep kind like liked likes lol lot lots love loved lovely loves luck many me more morning
most much my nice nite no not nothing of oh ok okay on one our out outstanding perfect platform
please pls plz post product program rate rating really regards rock rocks rubbish same satisfied say
service simply site so software star stars still stuff such sucks super superb sure team terrible
test testing thank thankful thanks thanx that the their them there these they thing think this thnx
thought thx tks to too top totally trash true try ty u up update updates use used useful useless
user using ve very was we well wish with wonderful work works worst would wow yeah yes yet you your
    """
)

EMPTY_CHINESE = _words(
    """
一个 一直 一直在 一般 一般般 不是 不满意 不错 东西 个 也 了 五星 五星好评 产品 什么 他们 们 优秀 你 你们 你好 使用 值得 值得推荐 再见 加油 努力 厉害 可以 同上 同意 同求
吗 吧 呀 呢 呵呵 和 哈 哈哈 哈哈哈 哦 啊 啥 喜欢 喜爱 嗯 嗯嗯 团队 在 垃圾 多谢 大家 大家好 太 太差 太差了 太棒了 好 好吧 好好 好用 好的 好评 它 完美 官方 对 对的
小米 就是 差 差评 希望 应用 开发者 很 很好 很棒 很满意 您 您好 感谢 我 我们 手机 打卡 拜拜 挺 挺不错 挺好 推荐 支持 无 早上好 是 是的 晚上好 暂无 更 更好 最 最好 有
来 来看看 棒 楼主 水 水贴 沙发 没 没什么 没啥 没有 测试 满意 点赞 爱 爱了 牛 牛逼 特别 用 的 看看 真 真不错 真心 真棒 真的 确实 签到 系统 给 给力 继续 行 评价 说
说的 谢 谢谢 赞 赞赞 超 超级 越 越来越 路过 软件 辛苦 辛苦了 还 还不错 还可以 还是 还行 这 这个 那个 都 非常 非常好 非常棒 顶 默认
    """
)

#: Words that judge, and say nothing of what is judged.
VERDICTS = _words(
    """
amazing appreciate awesome awful bad best better boring brilliant cool crap disgusting enjoy enjoyed excellent
fantastic favorite favourite fun garbage glad good great happy hate helpful horrible like liked love loved lovely
loves nice outstanding perfect rubbish satisfied sucks superb terrible thank thanks trash useful useless well
wonderful worst
不满意 不错 优秀 值得 值得推荐 厉害 喜欢 喜爱 垃圾 太差 太差了 太棒了 好 好用 好评 五星好评 完美 差 差评 很好 很棒 很满意 感谢 挺不错
挺好 推荐 支持 最好 棒 满意 点赞 牛 牛逼 真不错 真棒 给力 谢谢 赞 还不错 非常好 非常棒 顶
    """
)
