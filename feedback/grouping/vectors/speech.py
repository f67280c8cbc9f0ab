"""What tells, for the encoder in force, whether words ask for something; and what the posts here keep saying."""

from collections import OrderedDict

from django.core.cache import caches

from feedback.encoder.client import EncoderClient
from feedback.encoder.models.registry import describe
from feedback.engine.words.lead import Judge, Refrains
from feedback.engine.words.speech import SURE, Speech, lessons
from feedback.forum.queries import grouped_posts
from feedback.grouping.models import EncoderModel
from feedback.kernel import text

#: The view that judges single sentences: it takes a millisecond or two for one.
QUICK_VIEW = "use"
#: Seconds that a request waits, in all; only the worker asks.
_PATIENCE = 60.0
#: Posts that say what posts here keep saying, the newest.
_POSTS = 2_000
#: Learning it reads them all; a board does not change its manners within minutes.
_KEPT, _KEPT_SECONDS = "grouping.refrains", 600

#: Of the models that ship no judgement: what was learned, once a process.
_learned: OrderedDict[str, Speech] = OrderedDict()


def speech_of(model: EncoderModel, encoder: EncoderClient) -> Speech | None:
    """Return what judges whole vectors of ``model``, None where they know too little of meaning.

    Raises `EncoderDown` where it has to be learned.
    """
    shipped = Speech.shipped(model.model_key)
    if shipped is not None:
        return shipped
    if model.model_key not in _learned:
        _learned[model.model_key] = Speech.learn(encoder.embed(lessons(), timeout=_PATIENCE))
        if len(_learned) > 2:
            _learned.popitem(last=False)
    learned = _learned[model.model_key]
    return learned if learned.sure >= SURE else None


def speech_known(model: EncoderModel) -> Speech | None:
    """Return what judges whole vectors of ``model`` as far as it is known without asking the encoder."""
    learned = _learned.get(model.model_key)
    known = Speech.shipped(model.model_key) or learned
    return known if known is not None and known.sure >= SURE else None


def judge_of(model: EncoderModel, encoder: EncoderClient) -> Judge | None:
    """Return what tells how clearly sentences ask: by the quick view of ``model``, or by all of it; None if nothing."""
    quick = Speech.shipped(describe(QUICK_VIEW).model_key)
    if quick is not None and any(view[0] == QUICK_VIEW for view in model.views):
        return lambda said: quick.asking(
            encoder.embed(list(said), view=QUICK_VIEW, timeout=_PATIENCE)
        )
    speech = speech_of(model, encoder)
    if speech is None:
        return None
    return lambda said: speech.asking(encoder.embed(list(said), timeout=_PATIENCE))


def refrains_now() -> Refrains:
    """Return what the newest posts keep saying, as it was `_KEPT_SECONDS` ago at most."""
    kept = caches["template_fragments"].get(_KEPT)
    if kept is None:
        kept = _refrains()
        caches["template_fragments"].set(_KEPT, kept, _KEPT_SECONDS)
    assert isinstance(kept, Refrains)
    return kept


def _refrains() -> Refrains:
    newest = grouped_posts().order_by("-id").values_list("title", "body")[:_POSTS]
    return Refrains.learn(text.text_of(title, body) for title, body in newest)
