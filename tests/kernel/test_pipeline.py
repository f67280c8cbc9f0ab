"""What was rendered is kept by the version of what rendered it."""

from hashlib import sha256

from feedback.kernel import markdown

#: Each kind of thing that Markdown knows, and each that Heed does otherwise.
CORPUS = (
    "# One\n\n## Two\n\nwords *in* **bold** and ~~gone~~, `code`\nnext line",
    "- a\n- b\n  1. c\n\n> said\n> > before\n\n```py\nprint(1)\n```\n\n---\n\n    indented",
    "| a | b |\n|---|:-:|\n| 1 | **2** |",
    "[here](https://example.org 'title') <https://example.org> https://example.org/x?y=1 www.example.org a@example.org",
    "[not](javascript:alert(1)) <b>no</b> &amp; &#8238; ![picture](https://example.org/x.png)",
    "中文**“强调”**之后，没有空格。https://example.org/路径",
    "שלום **עולם**\n\nhttps://example.org",
    f"Put together {markdown.MACHINE_SIGN} by a machine",
)
#: Of the HTML of the corpus, by the pipeline that made it.
KNOWN = {"1-4.3.0-0.3.8": "23f3265d802595f5"}


def test_other_html_has_another_pipeline():
    html = "\0".join(str(markdown.render(source)) for source in CORPUS)
    known = KNOWN.get(markdown.PIPELINE)
    found = sha256(html.encode()).hexdigest()[:16]
    assert found == known, (
        f"Texts become other HTML. Raise the first number of PIPELINE, and name {markdown.PIPELINE}: {found} here."
    )
