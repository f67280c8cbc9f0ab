"""What a file was taken for, as a page shows it and a table keeps it."""

from typing import Any

from feedback.importing.formats import FileMapping, PostRow, Question

_SHOWN = 300
_LISTED = 200


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
