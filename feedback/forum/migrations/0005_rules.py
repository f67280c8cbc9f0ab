"""The rules that a site begins with; the team words them as it likes."""

from django.db import migrations

RULES = [
    {
        "slug": "respect",
        "name": "Be kind to people",
        "name_zh": "友善待人",
        "text": "Argue about the product, not about the person. No insults, threats or hate.",
        "text_zh": "对事不对人。不得辱骂、威胁或仇视他人。",
        "penalty": "Hidden and a warning; mute for a week the second time; ban for threats and hate.",
        "penalty_zh": "隐藏并警告；再犯禁言一周；威胁或仇恨言论直接封禁。",
        "word": "What you wrote hits a person, not a point. Say the same about the product, and it is welcome.",
        "word_zh": "这段话针对的是人，而不是事。请就产品本身来讨论，我们欢迎不同意见。",
    },
    {
        "slug": "no-advertising",
        "name": "No advertising, no spam",
        "name_zh": "不发广告，不刷屏",
        "text": "No advertising, no links that sell something, not the same again and again.",
        "text_zh": "不得发布广告、推广链接，或反复发布相同内容。",
        "penalty": "Removed; ban of accounts that do nothing else.",
        "penalty_zh": "删除；专发广告的账号封禁。",
        "word": "This is advertising, or the same once more. This place is for what should be better in the product.",
        "word_zh": "这是广告或重复内容。这里只讨论产品可以怎样变得更好。",
    },
    {
        "slug": "privacy",
        "name": "Keep personal data out",
        "name_zh": "保护个人信息",
        "text": "No names, addresses, numbers or pictures of others without their consent; take care of your own.",
        "text_zh": "未经同意，不得公开他人的姓名、地址、电话或照片；也请保护好自己的信息。",
        "penalty": "Removed at once; a mute if it was done on purpose.",
        "penalty_zh": "立即删除；故意泄露的禁言。",
        "word": "It had personal data in it, so it is gone. You may post it again without them.",
        "word_zh": "其中含有个人信息，因此已处理。去掉这些信息后可以重新发布。",
    },
    {
        "slug": "lawful",
        "name": "Nothing against the law",
        "name_zh": "遵守法律",
        "text": "Nothing that the law forbids, and no way around it.",
        "text_zh": "不得发布违法内容，也不得传播规避法律的方法。",
        "penalty": "Removed and a ban; it is kept for the authorities where the law says so.",
        "penalty_zh": "删除并封禁；法律要求时留存备查。",
        "word": "This is against the law, or helps to break it.",
        "word_zh": "这段内容违反法律，或帮助他人违法。",
    },
    {
        "slug": "on-topic",
        "name": "Stay on the topic",
        "name_zh": "不跑题",
        "text": "Every board has its subject, every post its question.",
        "text_zh": "每个版块有自己的主题，每个帖子有自己的问题。",
        "penalty": "Moved to where it fits, or hidden.",
        "penalty_zh": "移到合适的版块，或隐藏。",
        "word": "It is about something else than the board or the post it stood under.",
        "word_zh": "内容与所在的版块或帖子无关。",
    },
    {
        "slug": "useful",
        "name": "Keep it useful",
        "name_zh": "言之有物",
        "text": "Whoever reads it should learn what you want or what goes wrong.",
        "text_zh": "让读的人明白你想要什么，或哪里出了问题。",
        "penalty": "Hidden until it says more.",
        "penalty_zh": "隐藏，补充内容后恢复。",
        "word": "Nobody can tell from it what you want. Say it in a sentence or two, and post it again.",
        "word_zh": "看不出你想要什么。请用一两句话说清楚，再重新发布。",
    },
]


def write_rules(apps, schema_editor):
    rule = apps.get_model("forum", "Rule")
    for place, words in enumerate(RULES, 1):
        rule.objects.get_or_create(slug=words["slug"], defaults={**words, "position": place * 10})


class Migration(migrations.Migration):
    dependencies = [("forum", "0004_moderation")]

    operations = [migrations.RunPython(write_rules, migrations.RunPython.noop)]
