"""What is to be reached: for each measure the floor and the aim, and whether a report meets them."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Goal:
    """A measure of a report: where it stands in it, and what it should be. ``less`` says that less is better."""

    name: str
    path: tuple[str, ...]
    floor: float
    aim: float
    less: bool = False

    def value(self, report: dict[str, Any]) -> float | None:
        """Return the measure, None when the report does not have it."""
        found: Any = report
        for key in self.path:
            found = found.get(key) if isinstance(found, dict) else None
        return None if found is None else float(found)

    def verdict(self, value: float) -> str:
        """Return "aim", "floor" or "missed"."""
        sign = -1.0 if self.less else 1.0
        value = round(value, 4)
        if sign * value >= sign * self.aim:
            return "aim met"
        return "floor met" if sign * value >= sign * self.floor else "NOT MET"


GROUPING = (
    Goal("ARI, mean", ("mean", "Heed", "ari"), 0.53, 0.58),
    Goal("AMI, mean", ("mean", "Heed", "ami"), 0.75, 0.78),
    Goal("B-cubed, mean", ("mean", "Heed", "b_cubed"), 0.66, 0.72),
    Goal("forum_en ARI", ("boards", "forum_en", "methods", "Heed", "ari"), 0.59, 0.68),
    Goal("forum_en B-cubed", ("boards", "forum_en", "methods", "Heed", "b_cubed"), 0.66, 0.74),
    Goal("ARI gained by 50 answers, mean", ("mean", "answers", "ari"), 0.05, 0.10),
    Goal("ARI gained by 50 answers, least", ("mean", "answers", "least"), 0.0, 0.0),
    Goal("kept at +5 %, mean", ("mean", "kept_at_5_percent_more"), 0.995, 0.998),
    Goal("kept when doubled, mean", ("mean", "kept_when_doubled"), 0.90, 0.95),
    Goal("kept when doubled, locked", ("mean", "kept_locked"), 1.0, 1.0),
    Goal("decisions held", ("mean", "decisions_held"), 1.0, 1.0),
    Goal("groups with both languages", ("boards", "xsid_mixed", "both_languages"), 0.90, 0.95),
    Goal("lcqmc pairs AUC", ("pairs_auc",), 0.88, 0.90),
    Goal("hadoop recall@10", ("duplicates_recall_at_10",), 0.72, 0.80),
    Goal("title true, forum_en", ("boards", "forum_en", "title_true"), 0.88, 0.93),
    Goal("alone in company, mean", ("mean", "Heed", "alone_in_company"), 0.05, 0.02, less=True),
)

SITE = (
    Goal(
        "member's post while a run is written, p99 ms",
        ("members", "writing", "p99"),
        500,
        200,
        True,
    ),
    Goal("posts that ended in an error", ("error_count",), 0, 0, True),
    Goal("acknowledged posts that are lost", ("lost_count",), 0, 0, True),
    Goal("young product, pair F1", ("scored", "young", "pair_f1"), 0.75, 0.85),
    Goal("young product, wishes whole of 6", ("scored", "young", "whole"), 5, 6),
    Goal("young board in the large one, pair F1", ("scored", "beside", "pair_f1"), 0.70, 0.85),
    Goal("young board in the large one, whole of 6", ("scored", "beside", "whole"), 5, 6),
)


def verdicts(report: dict[str, Any], goals: tuple[Goal, ...]) -> list[dict[str, Any]]:
    """Return for each of ``goals`` that ``report`` has: name, value, floor, aim and verdict."""
    return [
        {
            "measure": goal.name,
            "value": round(value, 4),
            "floor": goal.floor,
            "aim": goal.aim,
            "verdict": goal.verdict(value),
        }
        for goal in goals
        if (value := goal.value(report)) is not None
    ]


def print_verdicts(rows: list[dict[str, Any]]) -> None:
    """Print a table of `verdicts`."""
    print(f"\n{'measure':44} {'Heed':>9} {'floor':>9} {'aim':>9}")
    for row in rows:
        print(
            f"{row['measure']:44} {row['value']:9.3f} {row['floor']:9.3f} {row['aim']:9.3f}  {row['verdict']}"
        )
