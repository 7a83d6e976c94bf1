"""Small random newsrooms for the tests of a world: claims of few parties, places and days, so that they meet."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from detente.records import content_id
from detente.tables import ARTICLES, CLAIMS, ENTRIES

DAY = date(2015, 6, 10)
TOWNS = {"Alva": (101, 10.0), "Berra": (102, 12.0)}
WORDS = "bridge market port river airport square convoy harbour school mosque".split()
SENTENCES = [f"The {a} was named again on that long and cold day by those who had seen the {b}." for a in WORDS for b in WORDS]
Row = dict[str, Any]


def party(text: str) -> Row:
    """"FRA", "FRA:GOV", "SYR:REB" or a slug."""
    country, _, sector = text.partition(":")
    slug = text.islower()
    return {"id": text if slug else None if sector == "REB" else country, "name": text, "country": None if slug else country,
            "sector": [sector] if sector else [], "text": text, "start": 0, "end": len(text)}


def claim(chance: random.Random, article: str, place: int, out: int) -> Row:
    """One claim of an article that came out so many days after DAY."""
    on = chance.choice([None, out, max(out - 1, 0)])
    where, killed, sentence = chance.choice([None, "Alva", "Berra"]), chance.choice([None, 3, 12]), chance.choice(SENTENCES)
    row: Row = {
        "article": article, "act": f"{article}-{place}", "published": DAY + timedelta(out), "publisher": f"paper of {article}",
        "event": chance.choice(["ASSAULT", "ASSAULT", "CONSULT", "AID"]), "status": chance.choice(["actual"] * 5 + ["negated"]),
        "context": [], "confidence": 0.8, "actor": [party(chance.choice(["FRA", "DEU:GOV", "SYR:REB"]))],
        "recipient": [party(chance.choice(["ITA", "ESP:COP", "hamas"]))] if chance.random() < 0.6 else [],
        "date": DAY + timedelta(out if on is None else on), "date_precision": "publication" if on is None else "day",
        "place": where and {"name": where, "text": where, "country": "FRA", "geonames": TOWNS[where][0], "lat": TOWNS[where][1],
                            "lon": 10.0, "precision": "city"},
        "quantities": [{"kind": "killed", "low": killed, "best": killed, "high": killed, "text": str(killed)}] if killed else [],
        "voice": {"kind": "outlet", "stance": "asserts", "via": []}, "sentence": sentence, "sentence_index": place, "start": 100 * place,
        "end": 100 * place + len(sentence), "trigger": "attacked", "trigger_start": 100 * place + 10, "trigger_end": 100 * place + 18,
    }
    return {"id": content_id("c", article, place, row["event"], row["status"]), **row}


def newsroom(chance: random.Random, count: int) -> dict[str, list[Row]]:
    """Claims by article."""
    found = {}
    for number in range(count):
        name, out = f"a{number:02}", chance.randrange(8)
        found[name] = [claim(chance, name, place, out) for place in range(chance.randrange(1, 5))]
    return found


def texts(chance: random.Random, names: Sequence[str]) -> dict[str, str]:
    """A text for each article; a third have that of another one."""
    found: dict[str, str] = {}
    for name in names:
        copied = chance.choice(sorted(found)) if found and chance.random() < 0.33 else None
        found[name] = found[copied] if copied else " ".join(chance.sample(SENTENCES, 12))
    return found


def tables(told: Sequence[Row], text: dict[str, str], knowledge: str = "k1") -> tuple[pa.Table, pa.Table, pa.Table]:
    """Claims, articles, and a stance for every third claim with a recipient."""
    papers = {one["article"]: {"id": one["article"], "published": one["published"], "publisher": one["publisher"],
                               "text": text[one["article"]], "knowledge": knowledge} for one in told}
    names = "article publisher published status actor recipient voice sentence sentence_index start end".split()
    rest = {"sort": "stance", "kind": "supports", "conditions": [], "confidence": 0.7}
    entries = [{**{name: one[name] for name in names}, **rest, "id": content_id("n", one["id"])} for one in told[::3] if one["recipient"]]
    rows = ((list(told), CLAIMS), (list(papers.values()), ARTICLES), (entries, ENTRIES))
    claims, articles, more = (pa.Table.from_pylist(values, schema=schema) for values, schema in rows)
    return claims, articles, more
