"""Requests to addresses that a person typed. Nothing else in the house opens a connection to one.

docs/adr/0042-outbound.md says what is held and why.
"""

from feedback.kernel.outbound.exchange import Answer, Unanswered, Why, post
from feedback.kernel.outbound.targets import NotAllowed, check

__all__ = ["Answer", "NotAllowed", "Unanswered", "Why", "check", "post"]
