"""Checks the corpus (all files of corpus/articles, or those named) and prints what is in it: python corpus/check.py [FILE…]

With --stories the stories of corpus/stories instead.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from detente.errors import DetenteError
from detente.knowledge.ontology import Ontology
from detente.score.corpus_file import read_corpus
from detente.score.stories import Story, read_stories

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Exit status: 0 where all files are well formed, else 1, after a line for each file that is not."""
    ontology = Ontology(HERE.parent / "src" / "detente" / "data" / "ontology" / "plover.yml")
    if "--stories" in sys.argv[1:]:
        return check_stories([Path(name) for name in sys.argv[1:] if name != "--stories"], ontology)
    paths = [Path(name) for name in sys.argv[1:]] or sorted((HERE / "articles").glob("*.txt"))
    failed = 0
    articles = []
    for path in paths:
        try:
            articles += read_corpus([path], ontology)
        except DetenteError as error:
            failed += 1
            print(error)
    doubled = [name for name, count in Counter(a.id for a in articles).items() if count > 1]
    if doubled:
        failed += 1
        print(f"the same id twice: {', '.join(doubled)}")
    sentences = [s for a in articles for s in a.sentences]
    claims = [c for s in sentences for c in s.claims]
    idle = sum(not s.claims for s in sentences)
    print(f"{len(articles)} articles, {len(sentences)} sentences ({idle} with nothing to code), {len(claims)} claims, "
          f"{sum(len(s.sides) for s in sentences)} stances, memberships and agreements")
    for title, counts in (
        ("parts", Counter(a.part for a in articles)), ("forms", Counter(a.form for a in articles)),
        ("events", Counter(c.event for c in claims)), ("status", Counter(c.status for c in claims)),
        ("modes", Counter(f"{c.event}/{c.mode}" for c in claims if c.mode)), ("contexts", Counter(x for c in claims for x in c.contexts)),
        ("voices", Counter("outlet" if c.says is None else c.stance for c in claims)),
    ):
        print(f"{title}: " + ", ".join(f"{name} {count}" for name, count in counts.most_common()))
    return 1 if failed else 0


def check_stories(paths: list[Path], ontology: Ontology) -> int:
    """The same for stories."""
    stories: list[Story] = []
    failed = 0
    for path in paths or sorted((HERE / "stories").glob("*.txt")):
        try:
            stories += read_stories([path], ontology)
        except DetenteError as error:
            failed += 1
            print(error)
    doubled = [name for name, count in Counter(v.article.id for s in stories for v in s.versions).items() if count > 1]
    if doubled:
        failed += 1
        print(f"the same id twice: {', '.join(doubled)}")
    for story in stories:
        used = {key for version in story.versions for key in version.events.values()}
        if used != set(story.events):
            failed += 1
            print(f"{story.path}:{story.line}: no claim tells {', '.join(sorted(set(story.events) - used))}")
    events = [event for story in stories for event in story.events.values()]
    print(f"{len(stories)} stories ({sum(s.part == 'points' for s in stories)} to set points by), "
          f"{sum(len(s.versions) for s in stories)} versions, {sum(len(v.events) for s in stories for v in s.versions)} claims, "
          f"{len(events)} events ({sum(bool(e.near) for e in events)} near-misses)")
    print("types: " + ", ".join(f"{name} {count}" for name, count in Counter(s.type for s in stories).most_common()))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
