"""Addresses of the team's desk."""

from django.urls import path, re_path

from feedback.desk.answering.editing import (
    answer_edit,
    answer_undo,
    answer_withdraw,
    reason_edit,
)
from feedback.desk.answering.group import group_ask, group_close
from feedback.desk.answering.templates import (
    answer_template,
    answer_template_remove,
    answer_templates,
)
from feedback.desk.answering.views import adopt, answer, decline, reopen
from feedback.desk.areas.views import (
    area,
    area_dissolve,
    area_join,
    area_rename,
    areas,
    areas_confirm,
    areas_put,
    areas_without,
    ask_area,
)
from feedback.desk.asks.shaping import join, move, posts_chosen, split
from feedback.desk.asks.team import ask_apart, ask_note, ask_notes, ask_owner, ask_related
from feedback.desk.asks.views import ask, ask_told, confirm, dismiss, lock, rename
from feedback.desk.boards.fields import board_fields, field_edit, field_new, field_remove
from feedback.desk.boards.people import board_people, board_person_off
from feedback.desk.boards.views import (
    board_edit,
    board_move,
    board_new,
    boards,
    post_board,
    product_edit,
    product_new,
)
from feedback.desk.briefs.views import brief, brief_draft, brief_publish, brief_withdraw, briefs
from feedback.desk.coverage.views import coverage, coverage_show
from feedback.desk.decisions.views import decisions, undo
from feedback.desk.doors.views import (
    branch,
    doors,
    doors_open,
    key_new,
    key_retire,
    question_edit,
    question_remove,
    tick_save,
)
from feedback.desk.encoder.views import model, model_look, model_remove, model_stay, model_switch
from feedback.desk.evals.views import (
    ask_eval,
    ask_evals_shown,
    ask_prompts,
    ask_prompts_file,
)
from feedback.desk.first_steps.views import mail_try, steps, steps_away, unclaimed
from feedback.desk.honours.views import (
    honour,
    honour_edit,
    honour_new,
    honour_off,
    honour_ring,
    honours,
    honours_shown,
)
from feedback.desk.identity.views import (
    identity,
    identity_discard,
    identity_reset,
    identity_show,
    identity_undo,
)
from feedback.desk.importing.refused import import_refused, import_refused_file
from feedback.desk.importing.views import (
    import_answer,
    import_discard,
    import_go_on,
    import_one,
    import_say,
    import_start,
    import_stop,
    import_undo,
    imports,
)
from feedback.desk.inbox.export import inbox_file
from feedback.desk.inbox.giving import proposals_give_back
from feedback.desk.inbox.presence import pulse
from feedback.desk.inbox.several import proposals_decide, proposals_undo
from feedback.desk.inbox.views import inbox, progress, proposal, proposal_undo, regroup
from feedback.desk.map.views import (
    map_card,
    map_chosen,
    map_page,
    map_points,
    map_search,
    map_start,
)
from feedback.desk.moderation.keeping import (
    rule_edit,
    rules,
    wishes_save,
    words,
    words_remove,
)
from feedback.desk.moderation.log import moderation_log, moderation_log_file
from feedback.desk.moderation.views import (
    case,
    case_take_up,
    cases_decide,
    queue,
    ruling_face,
    ruling_undo,
)
from feedback.desk.priority.views import priority, priority_estimate, priority_formula
from feedback.desk.product import pick
from feedback.desk.quality.threshold import threshold
from feedback.desk.quality.views import judge, judge_answer, judge_follow, quality
from feedback.desk.questions.views import (
    question_answer,
    question_undo,
    questions,
    questions_progress,
)
from feedback.desk.rights.views import (
    offer_make,
    offer_withdraw,
    right_give,
    right_take,
    rights,
)
from feedback.desk.sample.views import sample_remove
from feedback.desk.segments.views import (
    segment_edit,
    segment_list,
    segment_people,
    segment_remove,
    segment_weights,
)
from feedback.desk.set_up.views import set_up
from feedback.desk.table.acts import asks_decide, asks_undo
from feedback.desk.table.views import ask_export, ask_lines, ask_list, view_change, view_save
from feedback.desk.too_little.views import post_group, too_little
from feedback.desk.trends.views import alert_seen, trends, trends_file
from feedback.desk.tuesday.views import tuesday, tuesday_line
from feedback.desk.webhooks.views import (
    webhook,
    webhook_again,
    webhook_all_again,
    webhook_edit,
    webhook_new,
    webhook_remove,
    webhook_secret,
    webhook_switch,
    webhook_trial,
    webhooks,
)
from feedback.kernel import url_converters

url_converters.register()

app_name = "desk"

urlpatterns = [
    path("desk/rights/", rights, name="rights"),
    path("desk/rights/give/", right_give, name="right-give"),
    path("desk/rights/offers/", offer_make, name="offer-make"),
    path(
        "desk/rights/offers/<public_id:public_id>/withdraw/", offer_withdraw, name="offer-withdraw"
    ),
    path("desk/rights/<public_id:public_id>/take/", right_take, name="right-take"),
    path("desk/doors/", doors, name="doors"),
    path("desk/doors/open/", doors_open, name="doors-open"),
    path("desk/doors/tick/", tick_save, name="doors-tick"),
    path("desk/doors/questions/<int:number>/", question_edit, name="question-edit"),
    path("desk/doors/questions/<int:number>/remove/", question_remove, name="question-remove"),
    path("desk/doors/keys/new/", key_new, name="key-new"),
    path("desk/doors/keys/<public_id:public_id>/retire/", key_retire, name="key-retire"),
    path("desk/doors/branch/<public_id:public_id>/", branch, name="branch"),
    path("desk/identity/", identity, name="identity"),
    path("desk/identity/show/", identity_show, name="identity-show"),
    path("desk/identity/discard/", identity_discard, name="identity-discard"),
    path("desk/identity/undo/", identity_undo, name="identity-undo"),
    path("desk/identity/reset/", identity_reset, name="identity-reset"),
    path("desk/", inbox, name="inbox"),
    path("desk/set-up/", set_up, name="set-up"),
    path("desk/first-steps/", steps, name="first-steps"),
    path("desk/first-steps/mail/", mail_try, name="first-steps-mail"),
    path("desk/first-steps/unclaimed/", unclaimed, name="first-steps-unclaimed"),
    path("desk/first-steps/away/", steps_away, name="first-steps-away"),
    path("desk/import/", imports, name="imports"),
    path("desk/import/<public_id:public_id>/", import_one, name="import"),
    path("desk/import/<public_id:public_id>/say/", import_say, name="import-say"),
    path("desk/import/<public_id:public_id>/answer/", import_answer, name="import-answer"),
    path("desk/import/<public_id:public_id>/start/", import_start, name="import-start"),
    path("desk/import/<public_id:public_id>/stop/", import_stop, name="import-stop"),
    path("desk/import/<public_id:public_id>/go-on/", import_go_on, name="import-go-on"),
    path("desk/import/<public_id:public_id>/refused/", import_refused, name="import-refused"),
    path(
        "desk/import/<public_id:public_id>/refused/file/",
        import_refused_file,
        name="import-refused-file",
    ),
    path("desk/import/<public_id:public_id>/undo/", import_undo, name="import-undo"),
    path("desk/import/<public_id:public_id>/discard/", import_discard, name="import-discard"),
    path("desk/inbox/pulse/", pulse, name="pulse"),
    path("desk/proposals/given/", proposals_give_back, name="proposals-given"),
    path("desk/proposals/several/", proposals_decide, name="proposals-several"),
    path("desk/proposals/several/undo/", proposals_undo, name="proposals-undo"),
    path("desk/proposals/<public_id:public_id>/", proposal, name="proposal"),
    path("desk/proposals/<public_id:public_id>/undo/", proposal_undo, name="proposal-undo"),
    path("desk/asks/", ask_list, name="ask-list"),
    path("desk/asks/lines/", ask_lines, name="ask-lines"),
    path("desk/asks/several/", asks_decide, name="asks-several"),
    path("desk/asks/several/undo/", asks_undo, name="asks-undo"),
    path("desk/asks/views/", view_save, name="ask-views"),
    path("desk/asks/views/<public_id:public_id>/", view_change, name="ask-view"),
    re_path(r"^desk/asks/export\.(?P<kind>csv|xlsx)$", ask_export, name="ask-export"),
    path("desk/asks/<public_id:public_id>/", ask, name="ask"),
    path("desk/asks/<public_id:public_id>/near/", ask_related, name="ask-related"),
    path("desk/asks/<public_id:public_id>/owner/", ask_owner, name="ask-owner"),
    path("desk/asks/<public_id:public_id>/apart/", ask_apart, name="ask-apart"),
    path("desk/asks/<public_id:public_id>/notes/", ask_notes, name="ask-notes"),
    path("desk/asks/<public_id:public_id>/notes/<public_id:note_id>/", ask_note, name="ask-note"),
    path("desk/asks/<public_id:public_id>/prompts/", ask_prompts, name="ask-prompts"),
    path(
        "desk/asks/<public_id:public_id>/prompts.jsonl", ask_prompts_file, name="ask-prompts-file"
    ),
    path("desk/asks/<public_id:public_id>/evals/", ask_eval, name="ask-eval"),
    path("desk/asks/<public_id:public_id>/evals/shown/", ask_evals_shown, name="ask-evals-shown"),
    path("desk/asks/<public_id:public_id>/told/", ask_told, name="ask-told"),
    path("desk/asks/<public_id:public_id>/rename/", rename, name="ask-rename"),
    path("desk/asks/<public_id:public_id>/confirm/", confirm, name="ask-confirm"),
    path("desk/asks/<public_id:public_id>/dismiss/", dismiss, name="ask-dismiss"),
    path("desk/asks/<public_id:public_id>/lock/", lock, name="ask-lock"),
    path("desk/asks/<public_id:public_id>/posts/", posts_chosen, name="ask-posts"),
    path("desk/asks/<public_id:public_id>/split/", split, name="ask-split"),
    path("desk/asks/<public_id:public_id>/move/", move, name="ask-move"),
    path("desk/asks/<public_id:public_id>/join/", join, name="ask-join"),
    path("desk/asks/<public_id:public_id>/answer/", answer, name="ask-answer"),
    path("desk/asks/<public_id:public_id>/reason/", reason_edit, name="ask-reason"),
    path("desk/asks/<public_id:public_id>/question/", group_ask, name="group-ask"),
    path("desk/questions/of/<public_id:public_id>/close/", group_close, name="group-close"),
    path("desk/answers/<public_id:public_id>/", answer_edit, name="answer-edit"),
    path("desk/answers/<public_id:public_id>/withdraw/", answer_withdraw, name="answer-withdraw"),
    path("desk/answers/<public_id:public_id>/undo/", answer_undo, name="answer-undo"),
    path("desk/answer-templates/", answer_templates, name="answer-templates"),
    path("desk/answer-templates/<public_id:public_id>/", answer_template, name="answer-template"),
    path(
        "desk/answer-templates/<public_id:public_id>/remove/",
        answer_template_remove,
        name="answer-template-remove",
    ),
    path("desk/asks/<public_id:public_id>/adopt/", adopt, name="ask-adopt"),
    path("desk/asks/<public_id:public_id>/decline/", decline, name="ask-decline"),
    path("desk/asks/<public_id:public_id>/reopen/", reopen, name="ask-reopen"),
    path("desk/asks/<public_id:public_id>/area/", ask_area, name="ask-area"),
    path("desk/areas/", areas, name="areas"),
    path("desk/areas/none/", areas_without, name="areas-without"),
    path("desk/areas/confirm/", areas_confirm, name="areas-confirm"),
    path("desk/areas/put/", areas_put, name="areas-put"),
    path("desk/areas/<public_id:public_id>/", area, name="area"),
    path("desk/areas/<public_id:public_id>/rename/", area_rename, name="area-rename"),
    path("desk/areas/<public_id:public_id>/join/", area_join, name="area-join"),
    path("desk/areas/<public_id:public_id>/dissolve/", area_dissolve, name="area-dissolve"),
    path("desk/decisions/", decisions, name="decisions"),
    path("desk/decisions/<public_id:public_id>/undo/", undo, name="decision-undo"),
    path("desk/questions/", questions, name="questions"),
    path("desk/questions/progress/", questions_progress, name="questions-progress"),
    path(
        "desk/questions/<public_id:public_id>/answer/",
        question_answer,
        name="question-answer",
    ),
    path("desk/questions/<public_id:public_id>/undo/", question_undo, name="question-undo"),
    path("desk/too-little/", too_little, name="too-little"),
    path("desk/posts/<public_id:public_id>/group/", post_group, name="post-group"),
    path("desk/encoder/", model, name="model"),
    path("desk/encoder/switch/", model_switch, name="model-switch"),
    path("desk/encoder/stay/", model_stay, name="model-stay"),
    path("desk/encoder/look/", model_look, name="model-look"),
    path("desk/encoder/remove/", model_remove, name="model-remove"),
    path("desk/tuesday/", tuesday, name="tuesday"),
    path("desk/tuesday/lines/<int:number>/", tuesday_line, name="tuesday-line"),
    path("desk/briefs/", briefs, name="briefs"),
    path("desk/briefs/week/<slug:monday>/", brief_draft, name="brief-draft"),
    path("desk/briefs/<public_id:public_id>/", brief, name="brief"),
    path("desk/briefs/<public_id:public_id>/publish/", brief_publish, name="brief-publish"),
    path("desk/briefs/<public_id:public_id>/withdraw/", brief_withdraw, name="brief-withdraw"),
    path("desk/map/", map_page, name="map"),
    path("desk/map/points/", map_points, name="map-points"),
    path("desk/map/card/", map_card, name="map-card"),
    path("desk/map/search/", map_search, name="map-search"),
    path("desk/map/chosen/", map_chosen, name="map-chosen"),
    path("desk/map/start/", map_start, name="map-start"),
    path("desk/priority/", priority, name="priority"),
    path("desk/priority/formula/", priority_formula, name="formula"),
    path("desk/priority/<public_id:public_id>/", priority_estimate, name="estimate"),
    path("desk/coverage/", coverage, name="coverage"),
    path("desk/coverage/show/", coverage_show, name="coverage-show"),
    path("desk/segments/", segment_list, name="segments"),
    path("desk/segments/new/", segment_edit, name="segment-new"),
    path("desk/segments/weights/", segment_weights, name="segment-weights"),
    path("desk/segments/<public_id:public_id>/", segment_edit, name="segment-edit"),
    path("desk/segments/<public_id:public_id>/people/", segment_people, name="segment-people"),
    path("desk/segments/<public_id:public_id>/remove/", segment_remove, name="segment-remove"),
    path("desk/inbox/proposals.csv", inbox_file, name="inbox-file"),
    path("desk/trends/", trends, name="trends"),
    path("desk/trends/trends.csv", trends_file, name="trends-file"),
    path("desk/trends/<public_id:public_id>/seen/", alert_seen, name="alert-seen"),
    path("desk/quality/", quality, name="quality"),
    path("desk/quality/threshold/", threshold, name="threshold"),
    path("desk/quality/judge/", judge, name="judge"),
    path("desk/quality/judge/answer/", judge_answer, name="judge-answer"),
    path("desk/quality/judge/follow/", judge_follow, name="judge-follow"),
    path("desk/product/", pick, name="product"),
    path("desk/product/new/", product_new, name="product-new"),
    path("desk/products/<slug:slug>/", product_edit, name="product-edit"),
    path("desk/products/<slug:slug>/remove/", sample_remove, name="sample-remove"),
    path("desk/products/<slug:slug>/boards/new/", board_new, name="board-new"),
    path("desk/boards/", boards, name="boards"),
    path("desk/boards/<slug:slug>/", board_edit, name="board-edit"),
    path("desk/boards/<slug:slug>/move/", board_move, name="board-move"),
    path("desk/boards/<slug:slug>/fields/", board_fields, name="board-fields"),
    path("desk/boards/<slug:slug>/fields/new/", field_new, name="field-new"),
    path("desk/boards/<slug:slug>/fields/of/<slug:key>/", field_edit, name="field-edit"),
    path("desk/boards/<slug:slug>/fields/of/<slug:key>/remove/", field_remove, name="field-remove"),
    path("desk/boards/<slug:slug>/people/", board_people, name="board-people"),
    path(
        "desk/boards/<slug:slug>/people/<public_id:public_id>/off/",
        board_person_off,
        name="board-person-off",
    ),
    path("desk/posts/<public_id:public_id>/board/", post_board, name="post-board"),
    path("desk/moderation/", queue, name="moderation"),
    path("desk/moderation/words/", words, name="moderation-words"),
    path("desk/moderation/words/new/", wishes_save, name="moderation-wishes"),
    path("desk/moderation/words/<int:number>/", words, name="moderation-word"),
    path("desk/moderation/words/<int:number>/remove/", words_remove, name="moderation-word-remove"),
    path("desk/moderation/rules/", rules, name="moderation-rules"),
    path("desk/moderation/rules/<slug:slug>/", rule_edit, name="moderation-rule"),
    path("desk/moderation/log/", moderation_log, name="moderation-log"),
    re_path(
        r"^desk/moderation/log\.(?P<kind>csv|jsonl)$",
        moderation_log_file,
        name="moderation-log-file",
    ),
    path("desk/moderation/several/", cases_decide, name="cases-decide"),
    path("desk/moderation/<public_id:public_id>/", case, name="case"),
    path(
        "desk/moderation/about/<slug:kind>/<public_id:public_id>/",
        case_take_up,
        name="case-take-up",
    ),
    path("desk/moderation/decisions/<public_id:public_id>/undo/", ruling_undo, name="ruling-undo"),
    path("desk/moderation/decisions/<public_id:public_id>/face/", ruling_face, name="ruling-face"),
    path("desk/honours/", honours, name="honours"),
    path("desk/honours/shown/", honours_shown, name="honours-shown"),
    path("desk/honours/new/", honour_new, name="honour-new"),
    path("desk/honours/of/<public_id:public_id>/", honour, name="honour"),
    path("desk/honours/of/<public_id:public_id>/edit/", honour_edit, name="honour-edit"),
    path("desk/honours/of/<public_id:public_id>/ring/", honour_ring, name="honour-ring"),
    path(
        "desk/honours/of/<public_id:public_id>/<public_id:person_id>/off/",
        honour_off,
        name="honour-off",
    ),
    path("desk/webhooks/", webhooks, name="webhooks"),
    path("desk/webhooks/new/", webhook_new, name="webhook-new"),
    path("desk/webhooks/<public_id:public_id>/", webhook, name="webhook"),
    path("desk/webhooks/<public_id:public_id>/edit/", webhook_edit, name="webhook-edit"),
    path("desk/webhooks/<public_id:public_id>/trial/", webhook_trial, name="webhook-trial"),
    path("desk/webhooks/<public_id:public_id>/secret/", webhook_secret, name="webhook-secret"),
    path("desk/webhooks/<public_id:public_id>/switch/", webhook_switch, name="webhook-switch"),
    path("desk/webhooks/<public_id:public_id>/remove/", webhook_remove, name="webhook-remove"),
    path("desk/webhooks/<public_id:public_id>/again/", webhook_all_again, name="webhook-all-again"),
    path("desk/webhooks/sent/<public_id:public_id>/again/", webhook_again, name="webhook-again"),
    path("desk/regroup/", regroup, name="regroup"),
    path("desk/progress/", progress, name="progress"),
]
