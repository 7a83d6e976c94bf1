"""How well and how fast copies of articles are found: `python bench/copies.py [articles …]`.

Articles are made by rule: sentences over a small vocabulary with topics, so that unlike articles of one topic share phrases and whole stock
sentences. Each first article founds a family with a likelihood of a third and is then reprinted: verbatim, retitled, cut to its first part,
with paragraphs swapped, with an agency line, with another beginning and end. `--lsh` measures rensa's own index beside ours;
`--text FILE …` shows what is found in articles that stand in plain files, parted by empty lines (only counts and overlaps are printed).
"""
# ruff: noqa: T201 - a program that reports

from __future__ import annotations

import argparse
import random
import time
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from detente.fold.copies import families, is_copy, likeness
from detente.fold.copy_rules import load_copy_rules
from detente.fold.sketches import arrays_of, sketch
from detente.tables import ARTICLES

STOCK = [
    "The ministry has not answered questions that were sent to it in writing on the same day.",
    "Both sides have accused each other of breaking the agreement that was signed three years ago.",
    "Residents said that they had heard several loud explosions shortly after midnight in the district.",
]
KINDS = ("verbatim", "retitled", "cut", "swapped", "agency", "reframed", "edited", "both-ends")


def vocabulary(rng: random.Random, size: int) -> list[str]:
    """Words that look like words."""
    syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
    return ["".join(rng.choice(syllables) for _ in range(rng.randint(1, 4))) for _ in range(size)]


def sentence(rng: random.Random, topic: list[str], common: list[str]) -> str:
    """8 to 28 words, a third of the topic, frequent words more often."""
    words = [rng.choice(topic) if rng.random() < 0.35 else common[int(len(common) * rng.random() ** 3)] for _ in range(rng.randint(8, 28))]
    return " ".join(words).capitalize() + "."


def article(rng: random.Random, topic: list[str], common: list[str]) -> list[str]:
    """Title and paragraphs of two sentences."""
    paragraphs = [" ".join(sentence(rng, topic, common) for _ in range(2)) for _ in range(rng.randint(4, 14))]
    for stock in STOCK:
        if rng.random() < 0.3:
            paragraphs[rng.randrange(len(paragraphs))] += " " + stock
    return [sentence(rng, topic, common)[:-1], *paragraphs]


def copy_of(paragraphs: list[str], kind: str, rng: random.Random, spare: list[str]) -> list[str]:
    """The same article as another paper prints it; `spare`: paragraphs that it has not."""
    title, *body = paragraphs
    match kind:
        case "retitled":
            return [spare[0], *body]
        case "cut":
            return [title, *body[: max(2, round(len(body) / 5))]]
        case "swapped":
            rng.shuffle(body)
            return [title, *body]
        case "agency":
            return [title, f"BOMANGA, {rng.randint(1, 28)} May (Reuters) - {body[0]}", *body[1:], "Reporting by A. Nobody"]
        case "reframed":
            return [spare[0], spare[1], *body[1:]] if rng.random() < 0.5 else [spare[0], *body[:-1], spare[1]]
        case "both-ends":
            return [spare[0], spare[1], *body[1:-1], spare[2]]
        case "edited":
            words = " \n".join(body).split(" ")
            for _ in range(len(words) // 25):
                words[rng.randrange(len(words))] = "otherwise"
            return [title, *" ".join(words).split("\n")]
    return paragraphs


def made(count: int, seed: int = 1) -> tuple[pa.Table, dict[str, str], dict[str, str]]:
    """Articles, the true family of each, and how each copy was made."""
    rng = random.Random(seed)
    common = vocabulary(rng, 4000)
    topics = [vocabulary(rng, 60) for _ in range(max(20, count // 200))]
    days = max(20, count // 250)
    rows: list[dict[str, object]] = []
    family: dict[str, str] = {}
    how: dict[str, str] = {}
    while len(rows) < count:
        topic = rng.choice(topics)
        text = article(rng, topic, common)
        day, first = rng.randrange(days), f"a{len(rows):07d}"
        versions = [("first", text)]
        if rng.random() < 1 / 3:
            versions += [(k, copy_of(text, k, rng, article(rng, topic, common))) for k in rng.choices(KINDS, k=rng.randint(1, 5))]
        for kind, lines in versions:
            name = f"a{len(rows):07d}"
            family[name], how[name] = first, kind
            published = date(2016, 1, 1) + timedelta(day + (0 if kind == "first" else rng.choice((0, 0, 1, 2, 5))))
            outlet = f"p{rng.randrange(300)}"
            rows.append({"id": name, "published": published, "publisher": outlet, "text": "\n".join(lines), "credits": []})
    return pa.Table.from_pylist(rows, schema=ARTICLES), family, how


def measure(count: int) -> None:
    """Prints recall, precision and time for so many articles, and the time to add 200 more."""
    articles, truth, how = made(count)
    start = time.perf_counter()
    sketch(articles, load_copy_rules())
    sketched = time.perf_counter() - start
    found, sketches = families(articles)
    took = time.perf_counter() - start - sketched
    ours = dict(zip(found["article"].to_pylist(), found["family"].to_pylist(), strict=True))
    made_pairs, true_pairs = pairs(ours), pairs(truth)
    right = len(made_pairs & true_pairs)
    print(f"{len(ours):7d} articles: recall {right / len(true_pairs):.4f} precision {right / max(1, len(made_pairs)):.4f} of pairs; "
          f"{1000 * took / len(ours):.3f} ms each, of which {1000 * sketched / len(ours):.3f} for its sketch")
    missed = Counter(how[name] for name in ours if truth[name] != name and ours[name] != ours[truth[name]])
    total = Counter(how.values())
    print("        missed by kind:", {kind: f"{missed[kind]}/{total[kind]}" for kind in KINDS})
    held = articles.sort_by([("published", "descending"), ("id", "descending")]).slice(0, 200)
    before = sketches.filter(pc.invert(pc.is_in(sketches["article"], held["id"])))
    start = time.perf_counter()
    families(held, before)
    print(f"        adding the last 200: {1000 * (time.perf_counter() - start) / 200:.3f} ms each")


def pairs(groups: dict[str, str]) -> set[tuple[str, str]]:
    """All pairs of articles within one family."""
    members: defaultdict[str, list[str]] = defaultdict(list)
    for name, family in groups.items():
        members[family].append(name)
    return {pair for own in members.values() for pair in combinations(sorted(own), 2)}


def lsh(count: int) -> None:
    """rensa's own index beside ours: time to find candidates, and how many."""
    from rensa import RMinHash, RMinHashLSH

    rules = load_copy_rules()
    shingles = [own for own in arrays_of(sketch(made(count)[0], rules)["shingles"]) if len(own)]
    start = time.perf_counter()
    index = RMinHashLSH(threshold=0.3, num_perm=rules.bands * rules.rows, num_bands=rules.bands)
    hashes = []
    for number, own in enumerate(shingles):
        one = RMinHash(num_perm=rules.bands * rules.rows, seed=rules.seed)
        one.update([str(h) for h in own.tolist()])
        hashes.append(one)
        index.insert(number, one)
    built = time.perf_counter() - start
    found = sum(len(index.query(one)) - 1 for one in hashes)
    asked = time.perf_counter() - start - built
    print(f"rensa's index: {1000 * built / len(shingles):.3f} ms each to build, {1000 * asked / len(shingles):.3f} to ask, "
          f"{found / len(shingles):.2f} candidates each (whatever their days)")


def texts(paths: list[Path]) -> None:
    """Families among articles of plain files, and the overlaps next to the border."""
    blocks = [b for path in paths for b in path.read_text(encoding="utf-8").split("\n\n") if len(b.split()) > 20]
    rows = [{"id": f"t{n:06d}", "published": date(2016, 1, 1), "text": block, "credits": []} for n, block in enumerate(blocks)]
    table = pa.Table.from_pylist(rows, schema=ARTICLES)
    start = time.perf_counter()
    found, sketches = families(table)
    took = time.perf_counter() - start
    copies = [row for row in found.to_pylist() if row["copy_of"]]
    print(f"{len(rows)} articles, {len(copies)} copies, {1000 * took / len(rows):.2f} ms each")
    shingles = arrays_of(sketches["shingles"])
    rules = load_copy_rules()
    near = []
    for one, other in combinations(range(len(shingles)), 2):
        alike = likeness(shingles[one], shingles[other])
        if alike.containment > 0.02:
            copied = is_copy(alike, min(len(shingles[one]), len(shingles[other])), rules)
            near.append((round(alike.jaccard, 3), round(alike.containment, 3), copied, rows[one]["id"], rows[other]["id"]))
    for line in sorted(near, reverse=True)[:20]:
        print("   jaccard, containment, copy:", *line)


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", nargs="*", type=int, default=[1000, 10_000])
    parser.add_argument("--lsh", action="store_true")
    parser.add_argument("--text", nargs="+", type=Path)
    given = parser.parse_args()
    if given.text:
        texts(given.text)
        return
    for count in given.articles:
        measure(count)
        if given.lsh:
            lsh(count)


if __name__ == "__main__":
    main()
