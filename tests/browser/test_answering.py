"""From a template to what each reader sees, and from a question to its replies."""

from feedback.asks.models import AnswerTemplate
from tests.cast import make_person


def test_an_answer_is_seen_before_it_is_said_and_the_group_is_asked(
    walk, pia, ann, bo, publish, make_ask, product
):
    lin = make_person("Lin", language="zh-hans")
    posts = publish(ann, "Dark mode"), publish(bo, "Night theme"), publish(lin, "想要夜间模式")
    ask = make_ask(*posts, title="Dark mode")
    AnswerTemplate.objects.create(
        product=product,
        name="Planned",
        body="{people} of you want {ask}: it comes.",
        body_zh="会做。",
    )
    walker = walk()
    walker.sign_in(pia)
    page = walker.go(f"/desk/asks/{ask.public_id}/answer/")
    page.select_option("#template", label="Planned")
    page.click("text=Use it")
    page.wait_for_selector("#previews >> text=3 of you want Dark mode: it comes.")
    page.fill("#id_body_zh", "五月上线。")
    page.wait_for_selector("#previews >> text=五月上线。")
    walker.look("answering-1-written")
    walker.wear(390, dark=True)
    walker.look("answering-2-narrow")
    page.click("text=Publish the answer")
    page.wait_for_selector("text=Answered.")
    page = walker.go(f"/desk/asks/{ask.public_id}/question/")
    page.fill("#id_question", "When do you want it dark?")
    page.fill("#id_question_zh", "什么时候要变暗？")
    page.fill("#id_choices", "At night | 夜里\nAlways | 一直")
    walker.look("answering-3-asking")
    page.click("form .button--primary >> text=Ask them")
    page.wait_for_selector("text=What you asked them")

    phone = walk("zh-hans", width=390)
    phone.sign_in(lin)
    page = phone.go(f"/asks/{ask.public_id}/#question")
    page.wait_for_selector("text=五月上线。")
    page.check("text=夜里")
    page.fill("#reply-words", "九点以后")
    phone.look("answering-4-replying")
    page.click("#question .button--primary")
    page.wait_for_selector("#reply-words >> text=九点以后")

    walker.wear(1440, dark=False)
    page = walker.go(f"/desk/asks/{ask.public_id}/")
    page.wait_for_selector("text=九点以后")
    walker.look("answering-5-replies")
    page.click(".bars >> text=At night")
    page.wait_for_selector("text=想要夜间模式")
    page = walker.go("/desk/answer-templates/")
    walker.look("answering-6-templates")
