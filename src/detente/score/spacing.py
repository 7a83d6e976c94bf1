"""Tokens back to a sentence as it would be printed, with the offsets of each token."""

from __future__ import annotations

from collections.abc import Sequence

_CLOSES = frozenset(".,;:!?)]%”…")
_OPENS = frozenset("([$€£“‘#")
_JOINS = frozenset("-/’´'")
_CLITICS = frozenset({"s", "t", "d", "m", "re", "ve", "ll"})


def joined(tokens: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """The sentence and (start, end) of each token in it. Hyphens, possessives, decimals and quotes are drawn together."""
    text = ""
    spans: list[tuple[int, int]] = []
    quoted = False
    for index, token in enumerate(tokens):
        if index and _spaced(tokens, index, quoted):
            text += " "
        if token == '"':
            quoted = not quoted
        spans.append((len(text), len(text) + len(token)))
        text += token
    return text, spans


def _spaced(tokens: Sequence[str], index: int, quoted: bool) -> bool:
    """Whether a space stands before a token; `quoted` says whether a straight double quote is open there."""
    before, token = tokens[index - 1], tokens[index]
    if token in _CLOSES or before in _OPENS:
        return False
    if '"' in {token, before}:
        return not quoted
    if before in {".", ","} and index > 1:
        return not (tokens[index - 2][-1:].isdigit() and token[:1].isdigit())
    if token in {"-", "/"} or before in {"-", "/"}:
        return False
    if token in _JOINS:
        return False
    if before in _JOINS:
        return token.lower() not in _CLITICS
    return not (token.startswith(("'", "’")) and token[1:].lower() in _CLITICS)
