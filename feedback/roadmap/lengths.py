"""How long the words of the roadmap may be, in visible characters."""

SUMMARY = 2000
LINE = 400
NOTES = 20_000
WORD = 500
REPORT_LINE = 280
