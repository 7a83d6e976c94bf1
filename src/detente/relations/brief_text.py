"""A brief as Markdown or as one HTML page, with its evidence numbered and listed at the end."""

from __future__ import annotations

from html import escape

from .brief import Brief, Sentence, Source
from .phrases import day_text, span_text

STYLE = """
body{font:16px/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;color:#1a1f26;max-width:68ch;margin:2rem auto;padding:0 1rem}
h1{font-size:1.75rem;line-height:1.25;margin:0}h2{font-size:1.2rem;margin:1.5rem 0 .25rem}ul{padding-left:1.2rem;margin:.25rem 0}
sup a{color:#0b5c8c;text-decoration:none;padding:0 .1em}.note,ol{color:#565f6b;font-size:.875rem}svg{max-width:100%;height:auto}
@media print{body{margin:0}a{color:inherit}}
"""


def to_markdown(brief: Brief) -> str:
    """The brief as Markdown; [n] are evidence numbers."""
    numbers = brief.numbers()
    lines = [f"# {brief.title}", "", f"{span_text(brief.since, brief.at)}", ""]
    for title, sentences in brief.sections:
        lines += [f"## {title}", ""]
        lines += [f"- {sentence.text} {_marks(sentence, numbers)}".rstrip() for sentence in sentences] or ["- Nothing is known."]
        lines.append("")
    if numbers:
        lines += ["## Evidence", ""]
        lines += [f"{number}. {_source(brief.sources[ident])} “{_flat(brief.sources[ident].sentence)}” ({ident})"
                  for ident, number in numbers.items()]
        lines.append("")
    return "\n".join([*lines, brief.note, ""])


def to_html(brief: Brief, figure: str = "") -> str:
    """The brief as one self-contained HTML page; `figure` is SVG markup that stands under the title."""
    numbers = brief.numbers()
    parts = [
        "<!doctype html>", '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        f"<title>{escape(brief.title)}: brief of {day_text(brief.at)}</title><style>{STYLE}</style></head><body><main>",
        f"<h1>{escape(brief.title)}</h1><p>{escape(span_text(brief.since, brief.at))}</p>", figure,
    ]
    for title, sentences in brief.sections:
        items = "".join(f"<li>{escape(s.text)}{_links(s, numbers)}</li>" for s in sentences) or "<li>Nothing is known.</li>"
        parts.append(f"<h2>{escape(title)}</h2><ul>{items}</ul>")
    if numbers:
        rows = "".join(f'<li id="n{number}">{_cited(ident, brief.sources[ident])}</li>' for ident, number in numbers.items())
        parts.append(f"<h2>Evidence</h2><ol>{rows}</ol>")
    parts.append(f'<p class="note">{escape(brief.note)}</p></main></body></html>')
    return "\n".join(parts) + "\n"


def _marks(sentence: Sentence, numbers: dict[str, int]) -> str:
    return "".join(f"[{numbers[ident]}]" for ident in sentence.evidence)


def _links(sentence: Sentence, numbers: dict[str, int]) -> str:
    found = [numbers[ident] for ident in sentence.evidence]
    return "".join(f'<sup><a href="#n{number}">{number}</a></sup>' for number in found)


def _cited(ident: str, source: Source) -> str:
    return f"{_address(source)} “{escape(_flat(source.sentence))}” <code>{escape(ident)}</code>"


def _source(source: Source) -> str:
    day = day_text(source.published) if source.published else "without date"
    return f"{source.publisher or source.title or source.article}, {day}:"


def _address(source: Source) -> str:
    """The source in words, as a link where it has an address of the web."""
    told = escape(_source(source))
    if source.url and source.url.startswith(("https://", "http://")):
        return f'<a href="{escape(source.url)}" rel="noreferrer">{told}</a>'
    return told


def _flat(text: str) -> str:
    return " ".join(text.split())
