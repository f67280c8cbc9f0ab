"""What a file was taken for, as a page shows it and a table keeps it."""

from typing import Any

from feedback.importing.formats import Field, FileMapping, PostRow, Question

_SHOWN = 300
_LISTED = 200
#: States for which a person says what they become: the most frequent.
MOST_STATES = 20


def shown_mapping(mapping: FileMapping) -> dict[str, Any]:
    """Return what the file of ``mapping`` was taken for."""
    return {
        "shape": str(mapping.shape),
        "encoding": mapping.shape.looked.encoding,
        "is_sheet": mapping.shape.looked.is_sheet,
        "is_json": mapping.shape.is_json,
        "counts_lines": mapping.shape.counts_lines,
        "known": mapping.known.name if mapping.known else "",
        "left_out": mapping.left_out,
        "left_out_is": mapping.known.left_out if mapping.known else "",
        "states": _states(mapping),
        "rows": mapping.rows,
        "broken": mapping.broken,
        "columns": [
            {
                "name": _safe(one.name),
                "field": one.field.value if one.field else "",
                "why": _text(one.why),
                "is_kept": one.is_kept,
                "examples": [_text(example) for example in one.examples],
            }
            for one in mapping.columns[:_LISTED]
        ],
        "notes": [_text(note) for note in mapping.notes],
        "examples": [_example(row) for row in mapping.examples],
    }


def _states(mapping: FileMapping) -> dict[str, Any] | None:
    """Return what asks could be made of, None where that is nothing: the states with their counts, the most frequent first.

    ``usual`` is what they become unless a person says otherwise; ``more`` are the states that are not ``listed``.
    """
    counted, usual = mapping.state_counts(), mapping.known.states if mapping.known else {}
    figures = {
        "listed": [[_text(state), count] for state, count in counted[:MOST_STATES]],
        "more": len(counted[MOST_STATES:]),
        "more_rows": sum(count for _state, count in counted[MOST_STATES:]),
        "are_too_many": mapping.has_too_many(Field.STATE),
        "answered": mapping.rows_with(Field.ANSWER),
        "merged": mapping.rows_with(Field.MERGED_INTO),
    }
    if not any(figures.values()):
        return None
    listed = [state.lower() for state, _count in counted[:MOST_STATES]]
    return figures | {"usual": {state: usual[state] for state in listed if usual.get(state)}}


def shown_question(question: Question) -> dict[str, Any]:
    """Return an open question."""
    return {
        "setting": question.setting,
        "sentence": _text(question.sentence),
        "choices": [[one.value, _text(one.label)] for one in question.choices],
    }


def _example(row: PostRow) -> dict[str, Any]:
    return {
        "id": "" if row.is_id_made else _text(row.external_id),
        "title": _text(row.title),
        "body": _text(row.body),
        "author": _text(row.author.name or row.author.id),
        "posted_at": row.posted_at.isoformat() if row.posted_at else "",
        "stars": row.stars,
        "votes": row.votes,
        "version": _text(row.version),
        "country": row.country,
        "language": row.language,
        "kind": row.kind,
        "state": _text(row.state),
        "tags": _text(", ".join(row.tags)),
        "answer": _text(row.answer.body) if row.answer else "",
        "comments": len(row.comments),
    }


def _text(value: str) -> str:
    """Return ``value`` as a database takes it, no longer than is shown."""
    safe = _safe(value)
    return safe if len(safe) <= _SHOWN else safe[:_SHOWN] + "…"


def _safe(value: str) -> str:
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
