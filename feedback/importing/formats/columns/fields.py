"""What a column may hold, and what such columns are called out there."""

import re
import unicodedata
from enum import StrEnum


class Field(StrEnum):
    """What a column may hold; the names that `--map` takes."""

    EXTERNAL_ID = "external_id"
    TITLE = "title"
    BODY = "body"
    AUTHOR = "author"
    AUTHOR_ID = "author_id"
    EMAIL = "email"
    POSTED_ON = "posted_on"
    STARS = "stars"
    VOTES = "votes"
    APP_VERSION = "app_version"
    COUNTRY = "country"
    LANGUAGE = "language"
    DEVICE = "device"
    KIND = "kind"
    STATE = "state"
    TAGS = "tags"
    ANSWER = "answer"
    ANSWERED_ON = "answered_on"
    COMMENTS = "comments"
    URL = "url"
    MERGED_INTO = "merged_into"
    ANSWERED_BY = "answered_by"
    DECIDED_ON = "decided_on"
    SHIPPED_IN = "shipped_in"
    COMMENT_ON = "comment_on"
    IS_OFFICIAL = "is_official"
    IS_INTERNAL = "is_internal"


#: What columns are called, in the order of preference, as `plain` writes them.
KNOWN_NAMES: dict[Field, tuple[str, ...]] = {
    Field.EXTERNAL_ID: (
        "external_id", "id", "review_id", "post_id", "ticket_id", "issue_id", "response_id", "submission_id", "feedback_id", "idea_id",
        "suggestion_id", "topic_id", "comment_id", "entry_id", "record_id", "row_id", "note_id", "item_id", "issue_key", "key", "iid",
        "number", "ticket_number", "issue_number", "uuid", "guid", "slug", "#", "no", "nr", "编号", "序号", "评论id", "帖子id", "工单号", "工单编号", "问题编号",
        "反馈编号", "编码", "番号", "번호", "номер", "numero", "número", "nummer",
    ),
    Field.TITLE: (
        "title", "subject", "summary", "headline", "review_title", "post_title", "idea_title", "issue_title", "topic_title", "标题", "主题",
        "评论标题", "题目", "摘要", "標題", "主旨", "件名", "タイトル", "제목", "betreff", "titel", "überschrift", "titre", "objet", "sujet", "título", "titulo", "asunto",
        "assunto", "titolo", "oggetto", "заголовок", "тема", "tytuł", "temat", "onderwerp", "rubrik", "başlık", "konu",
    ),
    Field.BODY: (
        "body", "text", "content", "review", "description", "message", "details", "detail", "comment", "feedback", "review_text", "body_text",
        "review_body", "review_content", "post_body", "raw", "note", "notes", "comments", "suggestion", "idea", "request", "what_happened",
        "your_feedback", "additional_comments", "内容", "正文", "评论", "评论内容", "反馈", "反馈内容", "描述", "详情", "意见", "建议", "意见反馈", "问题描述", "留言",
        "意见建议", "评价", "评价内容", "內容", "評論", "描述內容", "意見", "本文", "コメント", "レビュー", "ご意見", "内容詳細", "내용", "리뷰", "의견", "본문", "beschreibung", "inhalt",
        "nachricht", "kommentar", "texte", "contenu", "commentaire", "texto", "contenido", "comentario", "descripción", "descripcion", "descrição",
        "comentário", "mensagem", "testo", "commento", "descrizione", "recensione", "avis", "текст", "описание", "отзыв", "комментарий", "сообщение",
        "treść", "opis", "opmerking", "beskrivning", "açıklama", "yorum", "metin",
    ),
    Field.AUTHOR: (
        "author", "author_name", "user", "username", "user_name", "user.login", "user.screen_name", "user.display_name", "user.nickname", "user.uname", "author.login", "user.name", "author.name", "user.username",
        "author.username", "author.display_name", "reporter.display_name", "creator.name", "created_by", "creator", "name", "full_name", "display_name",
        "reviewer", "reviewer_name", "nickname", "nick_name", "reporter", "submitter", "submitted_by", "requester", "requester_name", "customer",
        "customer_name", "contact_name", "from", "who", "posted_by", "作者", "用户", "用户名", "昵称", "用户昵称", "评论者", "评论人", "发帖人", "提交人", "提交者", "反馈人", "姓名", "作者名", "使用者",
        "暱稱", "用戶名", "ユーザー名", "ユーザー", "投稿者", "名前", "작성자", "닉네임", "이름", "autor", "verfasser", "benutzer", "auteur", "utilisateur", "autore", "usuario",
        "utente", "автор", "пользователь", "имя", "użytkownik", "gebruiker", "kullanıcı",
    ),
    Field.AUTHOR_ID: (
        "author_id", "user_id", "user.id", "user.mid", "author.id", "uid", "reviewer_id", "customer_id", "requester_id", "creator_id", "contact_id", "openid",
        "用户id", "用户编号", "作者id",
    ),
    Field.EMAIL: (
        "email", "e_mail", "mail", "email_address", "user_email", "author_email", "user.email", "author.email", "requester_email", "contact_email",
        "customer_email", "邮箱", "电子邮箱", "电子邮件", "邮件", "メールアドレス", "이메일", "correo", "courriel",
    ),
    Field.POSTED_ON: (
        "posted_on", "posted_at", "created_at", "created", "created_on", "created_date", "date_created", "creation_date", "created_time",
        "create_time", "created_utc", "ctime", "post_time", "post_date", "date_posted", "posted_date", "submit_time", "submit_date_utc", "submitted_at", "submit_date", "submission_date", "submitted_on", "published_at", "published", "review_date",
        "review_submit_date_and_time", "at", "date", "datetime", "date_time", "time", "timestamp", "ts", "opened_at", "reported_at", "added", "date_added",
        "review_submit_millis_since_epoch", "评论时间", "发布时间", "创建时间", "提交时间", "发表时间", "反馈时间", "创建日期", "提交日期", "日期", "时间", "評論時間", "建立時間", "日付",
        "投稿日", "投稿日時", "日時", "作成日", "날짜", "작성일", "등록일", "datum", "erstellt", "erstellt_am", "date_de_création", "fecha", "fecha_de_creación", "data",
        "data_de_criação", "дата", "создано", "дата_создания", "data_utworzenia", "tarih",
    ),
    Field.STARS: (
        "stars", "star_rating", "star", "rating", "review_rating", "score", "review_score", "评分", "星级", "打分", "星数", "评价星级", "評分", "評価", "星評価", "평점",
        "별점", "bewertung", "sterne", "puntuación", "calificación", "estrellas", "estrelas", "étoiles", "stelle", "звёзды", "звезды", "gwiazdki", "nota", "valutazione", "оценка", "ocena", "puan",
    ),
    Field.VOTES: (
        "votes", "total_votes", "vote_count", "votes_count", "upvotes", "upvote_count", "number_of_votes", "vote_total", "votes_total", "supporters",
        "supporters_count", "thumbs_up_count", "thumbs_up", "likes", "like_count", "likes_count", "helpful", "helpful_count", "reactions.+1",
        "reactions.total_count", "点赞", "点赞数", "赞", "赞数", "支持数", "投票数", "票数", "讚", "いいね", "공감", "추천수",
    ),
    Field.APP_VERSION: (
        "app_version", "app_version_name", "version", "product_version", "version_name", "review_created_version", "review_version", "appversion",
        "app_release", "affected_version", "affects_version_s", "版本", "版本号", "应用版本", "软件版本", "app版本", "客户端版本", "版號", "バージョン", "버전", "versión", "версия",
    ),
    Field.COUNTRY: (
        "country", "country_code", "country_name", "territory", "storefront", "store", "region", "国家", "地区", "国家地区", "國家", "地區", "国", "国籍",
        "국가", "land", "pays", "país", "paese", "страна", "kraj", "ülke",
    ),
    Field.LANGUAGE: (
        "language", "lang", "locale", "reviewer_language", "review_language", "user_language", "language_code", "语言", "語言", "言語", "언어", "sprache",
        "langue", "idioma", "lingua", "язык", "język", "taal", "dil",
    ),
    Field.DEVICE: (
        "device", "device_model", "device_name", "device_type", "phone", "phone_model", "model", "hardware", "机型", "手机型号", "设备", "设备型号", "型号", "手机机型", "裝置",
        "端末", "機種", "기기", "gerät", "appareil", "dispositivo", "устройство",
    ),
    Field.KIND: (
        "kind", "type", "category", "issue_type", "request_type", "feedback_type", "类型", "种类", "分类", "类别", "反馈类型", "問題類型", "種類", "유형", "typ", "kategorie",
        "catégorie", "categoría", "categoria", "тип", "категория",
    ),
    Field.STATE: (
        "status", "state", "stage", "status_name", "status.name", "state.name", "post_status", "post_status.name", "workflow_state", "状态", "进度", "处理状态", "當前狀態",
        "狀態", "ステータス", "상태", "statut", "estado", "stato", "статус",
    ),
    Field.TAGS: ("tags", "tag", "labels", "label", "keywords", "标签", "標籤", "タグ", "태그", "schlagworte", "étiquettes", "etiquetas", "теги", "метки"),
    Field.ANSWER: (
        "answer", "official_answer", "official_response", "reply_content", "developer_reply_text", "developer_reply", "developer_response", "response",
        "response.text", "response_text", "reply", "reply_text", "admin_response", "admin_reply", "company_response", "官方回复", "开发者回复", "回复", "回复内容", "官方答复",
        "官方回覆", "返信", "답변",
    ),
    Field.ANSWERED_ON: (
        "answered_on", "answered_at", "replied_at", "reply_date", "developer_reply_date_and_time", "response_date", "responded_at", "official_response_date",
        "回复时间", "官方回复时间",
    ),
    Field.COMMENTS: ("comments", "replies", "answers", "comments.nodes", "notes", "conversation", "responses", "thread"),
    Field.URL: ("url", "link", "permalink", "html_url", "web_url", "review_link", "review_url", "post_url", "web_link", "链接", "网址", "地址", "連結", "リンク", "링크"),
    Field.MERGED_INTO: (
        "merged_into", "merged_to", "duplicate_of", "merge_target", "merged_post_id", "duplicate_id", "original_id", "merged_into_id", "canonical_id",
    ),
    # Nobody guesses these: a person says them, or a known format does.
    Field.ANSWERED_BY: (), Field.DECIDED_ON: (), Field.SHIPPED_IN: (), Field.COMMENT_ON: (), Field.IS_OFFICIAL: ("is_official",),
    Field.IS_INTERNAL: ("is_internal",),
}  # fmt: skip
#: Names of text that are rather those of notes beside it, and those that may be a title beside a body.
LESSER_BODIES = frozenset(
    "comment comments note notes raw suggestion idea request additional_comments 留言 评价 意见 建议".split()  # noqa: SIM905
)
SHORT_BODIES = frozenset(("text", "summary", "review", "feedback"))
#: Objects that are people, and what an object that is none may hold of the post itself.
PEOPLE = frozenset(
    "user author requester reporter creator customer contact member owner submitter reviewer sender commenter".split()  # noqa: SIM905
)
WITHIN = (Field.TITLE, Field.BODY, Field.POSTED_ON, Field.STATE)
#: Columns of a rejects file that speak about the row and are not part of it.
NOT_CONTENT = frozenset({"line", "reason", "row"})
#: Parts of a name that say "when", and those of a moment other than the posting.
WHEN = frozenset(
    """
    date time datetime timestamp at on created posted submitted submit published when millis epoch added 日期 时间 時間
    """.split()  # noqa: SIM905 (a word list is read more easily as words)
)
LATER = frozenset(
    """
    updated update modified edited last closed resolved due replied reply response answered birth birthday deleted merged expires
    start end first seen shipped completed 更新 修改 回复 关闭 解决 完成 生日
    """.split()  # noqa: SIM905 (a word list is read more easily as words)
)
#: Names of a score that counts no stars.
NO_STARS = frozenset(
    """
    nps likelihood recommend recommendation promoter csat ces effort ease sentiment confidence lead 推荐 净推荐值
    """.split()  # noqa: SIM905 (a word list is read more easily as words)
)
#: Names of ids that belong to something else than the row.
OTHERS_ID = frozenset(
    """
    user author product app parent account device customer company organization org board category project package session requester
    creator reviewer contact assignee owner sku store team workspace tenant thread 用户 产品 应用 设备 作者
    """.split()  # noqa: SIM905 (a word list is read more easily as words)
)

_CHINESE_PARTS = [word for word in WHEN | LATER | NO_STARS | OTHERS_ID if not word.isascii()]
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEPARATORS = re.compile(r"[\s\-/()（）:：?？!,，、\"'“”]+")


def plain(name: str) -> str:
    """Return a column's name in the form that its spellings share: "App Version" and "appVersion" are "app_version"."""
    split = _CAMEL.sub("_", unicodedata.normalize("NFKC", name).strip())
    return re.sub("_{2,}", "_", _SEPARATORS.sub("_", split).lower()).strip("_.")


def parts_of(name: str) -> frozenset[str]:
    """Return the words of a plain name; Chinese has no spaces, so of it those that are known here."""
    found = {part for part in re.split(r"[_.]", name) if part}
    if not name.isascii():
        found |= {word for word in _CHINESE_PARTS if word in name}
    return frozenset(found)


_ALL_NAMES = frozenset(name for names in KNOWN_NAMES.values() for name in names)


def is_known(name: str) -> bool:
    """Tell whether columns are called so."""
    return plain(name) in _ALL_NAMES


def called(what: Field, name: str) -> int | None:
    """Return how well a plain ``name`` names ``what``: the lower the better, None for not at all.

    Of a column within an object ("requester.email", "content.message") the object tells whether it is of a person.
    """
    known = KNOWN_NAMES[what]
    if name in known:
        return known.index(name)
    above, _, last = name.rpartition(".")
    if not above:
        return None
    if parts_of(above) & PEOPLE:
        name = f"user.{last}"
        return known.index(name) if name in known else None
    return len(known) + known.index(last) if what in WITHIN and last in known else None
