"""Forms: Typeform, 金数据 (Jinshuju) and 问卷星 (Wenjuanxing). What is asked is each form's own, so its columns are judged."""

from collections.abc import Mapping
from typing import Any

from feedback.importing.formats import Field, KnownFormat
from feedback.importing.formats.known import Values
from feedback.importing.sources._values import BODY, objects, said

_JUDGED = (Field.TITLE, Field.BODY, Field.STARS, Field.EMAIL, Field.KIND, Field.APP_VERSION)
_EMAIL = "→ email"


def _answers(values: Values) -> Mapping[str, Any]:
    answers = objects(values.get("answers"))
    return {
        BODY: "\n\n".join(said(one, "text") for one in answers if one.get("type") == "text"),
        _EMAIL: next((said(one, "email") for one in answers if one.get("type") == "email"), ""),
    }


_TYPEFORM = KnownFormat(
    key="typeform",
    name="Typeform responses",
    source="typeform",
    needs=("#", "Submit Date (UTC)", "Network ID"),
    columns={Field.EXTERNAL_ID: "#", Field.POSTED_ON: "Submit Date (UTC)", Field.TAGS: "Tags"},
    judged=_JUDGED,
    keeps=None,
    drops=("Network ID", "Start Date (UTC)", "Stage Date (UTC)", "Response Type", "Ending"),
    time_zone="UTC",
    documented=("https://www.typeform.com/help/a/download-your-form-responses-360029249552/",),
)
_TYPEFORM_API = KnownFormat(
    key="typeform-api",
    name="Typeform responses (API)",
    source="typeform",
    needs=("response_id", "token", "landed_at", "submitted_at", "answers"),
    columns={
        Field.EXTERNAL_ID: "response_id",
        Field.BODY: BODY,
        Field.EMAIL: _EMAIL,
        Field.POSTED_ON: "submitted_at",
    },
    shape=_answers,
    documented=("https://www.typeform.com/developers/responses/reference/retrieve-responses/",),
    unconfirmed=(
        "Its answers do not say what was asked: texts come along, choices and scores do not.",
    ),
)
_JINSHUJU = KnownFormat(
    key="jinshuju",
    name="金数据 (Jinshuju) entries",
    source="jinshuju",
    needs=("序号", "提交人", "提交时间", "修改时间"),
    columns={Field.EXTERNAL_ID: "序号", Field.AUTHOR: "提交人", Field.POSTED_ON: "提交时间"},
    judged=_JUDGED,
    keeps=None,
    drops=(
        "修改时间",
        "IP",
        "填写设备",
        "操作系统",
        "浏览器",
        "填写地区",
        "填写时长",
        "微信OpenID",
    ),
    time_zone="Asia/Shanghai",
    documented=("https://help.jinshuju.net/",),
    unconfirmed=(
        "Its help does not list the columns of a table; these are those of tables that people have shown.",
    ),
)
_WENJUANXING = KnownFormat(
    key="wenjuanxing",
    name="问卷星 (Wenjuanxing) answers",
    source="wenjuanxing",
    needs=("序号", "提交答卷时间", "所用时间", "来源"),
    columns={Field.EXTERNAL_ID: "序号", Field.POSTED_ON: "提交答卷时间"},
    judged=_JUDGED,
    keeps=None,
    drops=("所用时间", "来源", "来源详情", "来自IP", "总分"),
    time_zone="Asia/Shanghai",
    documented=("https://www.wjx.cn/help/help.aspx?helpid=95",),
    unconfirmed=(
        "Its help does not list the columns of a table; these are those of tables that people have shown.",
    ),
)
FORMATS = (_TYPEFORM, _TYPEFORM_API, _JINSHUJU, _WENJUANXING)
