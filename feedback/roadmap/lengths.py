"""How long the words of the roadmap may be, in visible characters."""

SUMMARY = 2000
LINE = 400
