from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.journal.verbs import Verb
from feedback.kernel import slots
from feedback.ui import navigation
from feedback.ui.navigation import Link, Part


class ForumConfig(AppConfig):
    """Where people post."""

    name = "feedback.forum"
    label = "forum"
    verbose_name = _("Forum")

    def ready(self) -> None:
        # Models are there only now that every room is known.
        from feedback.accounts import afterwards, profile_words, reach
        from feedback.accounts.claiming import keepers
        from feedback.accounts.faces.operations import provide_kept
        from feedback.accounts.outcomes import kinds
        from feedback.accounts.own_data import parts
        from feedback.forum import claiming, outcomes, own_data, tasks
        from feedback.forum.agents.operations import follow
        from feedback.forum.moderation.holding.profiles import judge_profile
        from feedback.forum.moderation.presenting import appeals_of_suspended
        from feedback.forum.moderation.taking_away import faces_kept
        from feedback.forum.polls.after_sign_in import answer_as_member
        from feedback.forum.posts.after_sign_in import post_words
        from feedback.forum.products.queries import link_of
        from feedback.forum.rights.reading import covers
        from feedback.forum.search.filters import provide_own
        from feedback.forum.slots import own_page, page_of_rules, pages_of_people
        from feedback.forum.translating import texts
        from feedback.forum.votes.after_sign_in import want_post
        from feedback.journal import consumers
        from feedback.kernel import doorbell

        doorbell.every(30, tasks.index_posts)
        doorbell.every(15, tasks.follow_boards)
        doorbell.every(60, tasks.keep_renderings)
        doorbell.every(3600, tasks.tidy_drafts)
        doorbell.every(3600, tasks.tidy_files)
        doorbell.every(300, tasks.tell_poll_results)
        doorbell.every(3600, tasks.tell_of_silence)
        doorbell.every(15, tasks.ask_checker)
        doorbell.every(15, tasks.translate)
        doorbell.every(3600, tasks.tidy_translations)
        texts.provide("post", texts.text_of_post)
        texts.provide("comment", texts.text_of_comment)
        afterwards.provide("forum.vote", want_post)
        afterwards.provide("forum.post", post_words)
        afterwards.provide("forum.poll", answer_as_member)
        slots.provide("person-page", pages_of_people)
        slots.provide("rules-page", page_of_rules)
        slots.provide("suspension", appeals_of_suspended)
        keepers.provide(10, claiming.KEEPER)
        reach.provide(covers)
        profile_words.provide(judge_profile)
        provide_kept(faces_kept)
        kinds.provide(20, outcomes.ANSWERED)
        kinds.provide(25, outcomes.REPRODUCED)
        kinds.provide(40, outcomes.UPHELD)
        kinds.provide_lowering(10, outcomes.LOWERING)
        parts.provide(10, own_data.PART)
        parts.provide(90, own_data.WORDS)
        provide_own()
        made = {Verb.AGENT_MADE, Verb.AGENT_UNMADE}
        consumers.subscribe("forum.agents", verbs=made, handler=follow)
        post = Link(
            label=pgettext_lazy("verb", "Post"),
            url=link_of("forum:post-create"),
            icon="plus",
            is_act=True,
        )
        mine = Link(label=_("My posts and profile"), url=own_page, icon="person", seen_by="members")
        agents = Link(label=_("Agents"), url="forum:agents", seen_by="members")
        uses = Link(label=_("Use of my words"), url="forum:consents", seen_by="members")
        navigation.add("rooms", 40, uses)
        navigation.add("rooms", 48, agents)
        navigation.add("foot", 40, Link(label=_("Rules"), url="forum:rules"))
        navigation.add("tools", 10, Part("forum/search/_search_box.html"))
        navigation.add("dock", 30, post)
        navigation.add("account", 20, mine)
