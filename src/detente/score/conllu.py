"""CoNLL-U treebanks: sentences with their surface tokens and syntactic words, and the raw text they stand for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .files import malformed, numbered_lines

COLUMNS = 10


@dataclass(frozen=True, slots=True)
class GoldWord:
    """One syntactic word of a treebank; `head` is 1-based within the sentence, 0 for the root."""

    form: str
    lemma: str
    upos: str
    head: int
    deprel: str


@dataclass(frozen=True, slots=True)
class GoldToken:
    """A surface token: its form, its words (`first` to `last`, 1-based), whether a space follows, whether it is a multiword token."""

    form: str
    first: int
    last: int
    space_after: bool
    multiword: bool


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """One sentence of a treebank. `line` is where its first word stands in the file."""

    words: tuple[GoldWord, ...]
    tokens: tuple[GoldToken, ...]
    line: int
    new_document: bool
    new_paragraph: bool

    def spaced(self) -> list[bool]:
        """For each word, whether a space stands before it; the first word counts as spaced, words inside a token never."""
        result, space = [], True
        for token in self.tokens:
            result += [space, *[False] * (token.last - token.first)]
            space = token.space_after
        return result


@dataclass(slots=True)
class _Draft:
    """A sentence being read, with the line of each word."""

    words: list[GoldWord] = field(default_factory=list)
    tokens: list[GoldToken] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    new_document: bool = False
    new_paragraph: bool = False


def read_conllu(path: Path) -> Iterator[GoldSentence]:
    """Sentences of a CoNLL-U file, plain or .gz; empty nodes are left out. Raises ScoreError with file and line."""
    draft = _Draft()
    number = 0
    for number, line in numbered_lines(path):
        if not line.strip():
            if draft.words:
                yield _finished(path, draft)
                draft = _Draft()
        elif line.startswith("#"):
            mark = line[1:].split()[:1]
            draft.new_document |= mark == ["newdoc"]
            draft.new_paragraph |= mark == ["newpar"]
        else:
            _take(path, number, line.split("\t"), draft)
    if draft.words:
        raise malformed(path, number, "the end of the file inside a sentence", "an empty line after the last sentence")


def _take(path: Path, number: int, cells: list[str], draft: _Draft) -> None:
    """Adds one line of a sentence to the draft."""
    if len(cells) != COLUMNS:
        raise malformed(path, number, f"{len(cells)} columns", f"{COLUMNS} columns parted by tabs")
    name, form, misc = cells[0], cells[1], cells[9]
    if "." in name:
        return
    if not form.strip():
        raise malformed(path, number, "an empty form", "a word")
    space_after = "SpaceAfter=No" not in misc.split("|")
    done = len(draft.words)
    if "-" in name:
        first, _, last = name.partition("-")
        inside = draft.tokens and draft.tokens[-1].last > done
        if inside or not (first.isdecimal() and last.isdecimal() and int(first) == done + 1 and int(last) > done):
            raise malformed(path, number, f"the token {name!r}", f"a range that begins with {done + 1}, outside other ranges")
        draft.tokens.append(GoldToken(form, int(first), int(last), space_after, True))
        return
    if name != str(done + 1):
        raise malformed(path, number, f"the word number {name!r}", f"{done + 1}")
    if not cells[6].isdecimal():
        raise malformed(path, number, f"the head {cells[6]!r}", "the number of a word, or 0")
    if cells[7] in {"", "_"}:
        raise malformed(path, number, f"the relation {cells[7]!r}", "a dependency relation")
    draft.words.append(GoldWord(form, cells[2], cells[3], int(cells[6]), cells[7]))
    draft.lines.append(number)
    if not draft.tokens or draft.tokens[-1].last < done + 1:
        draft.tokens.append(GoldToken(form, done + 1, done + 1, space_after, False))


def _finished(path: Path, draft: _Draft) -> GoldSentence:
    """The sentence, if its tokens and its tree are whole."""
    count = len(draft.words)
    if draft.tokens[-1].last > count:
        raise malformed(path, draft.lines[-1], f"a sentence of {count} words", f"{draft.tokens[-1].last}, as its last multiword token says")
    for line, word in zip(draft.lines, draft.words, strict=True):
        if word.head > count:
            raise malformed(path, line, f"the head {word.head}", f"at most {count}, the words of the sentence")
    roots = [line for line, word in zip(draft.lines, draft.words, strict=True) if word.head == 0]
    if len(roots) != 1:
        raise malformed(path, roots[1] if roots else draft.lines[0], f"{len(roots)} roots", "one word with head 0 in a sentence")
    for line, word in zip(draft.lines, draft.words, strict=True):
        head, steps = word.head, 0
        while head and steps <= count:
            head, steps = draft.words[head - 1].head, steps + 1
        if head:
            raise malformed(path, line, "a word that hangs on itself in a circle", "a tree")
    return GoldSentence(tuple(draft.words), tuple(draft.tokens), draft.lines[0], draft.new_document, draft.new_paragraph)


def documents(sentences: Sequence[GoldSentence]) -> list[list[GoldSentence]]:
    """The sentences of each document; a file without `# newdoc` is one document."""
    result: list[list[GoldSentence]] = []
    for sentence in sentences:
        if sentence.new_document or not result:
            result.append([])
        result[-1].append(sentence)
    return result


def raw_text(sentences: Sequence[GoldSentence]) -> str:
    """The text of one document: forms of surface tokens, paragraphs parted by an empty line."""
    parts: list[str] = []
    gap = ""
    for sentence in sentences:
        if parts:
            parts.append("\n\n" if sentence.new_paragraph else gap)
        for token in sentence.tokens:
            parts += [token.form, " " if token.space_after else ""]
        gap = parts.pop()
    return "".join(parts)
