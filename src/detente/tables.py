"""The tables of a store, as Arrow schemas: what articles say (kept for ever) and what is worked out from it (made anew at any time).

Kept: ARTICLES CLAIMS ENTRIES DECISIONS REJECTS RUNS FOREIGN. Worked out: EVENTS LINKS VARIANTS PAIRS FACTS FAMILIES SKETCHES BLOCKS.
A row of CLAIMS or ENTRIES counts only where a row of ARTICLES names its `batch`: that row is written last, and is what "stored" means.
Three clocks: `valid` dates say when something was so, `said` when a voice said it, `recorded` when this store took it in (UTC).
"""

from __future__ import annotations

import pyarrow as pa

from .flow.write import SCHEMA as CLAIM_SCHEMA

TEXT, WHOLE, REAL, DAY, FLAG = pa.string(), pa.int64(), pa.float64(), pa.date32(), pa.bool_()
MOMENT = pa.timestamp("us", "UTC")
TEXTS = pa.list_(TEXT)


def _fields(names: str, kind: pa.DataType) -> list[tuple[str, pa.DataType]]:
    return [(name, kind) for name in names.split()]


def quoted(text: str) -> str:
    """A string as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def typed(name: str) -> pa.DataType:
    """The type of a column of the claims."""
    return CLAIM_SCHEMA.field(name).type


# `batch`: the commit that brought it. `published_at`: to the minute, where known. `actors`: ids of the public actors that it names.
# `credits`: agencies and papers that it names as its source. `sentences`: how many. `knowledge`: what it was coded with.
ARTICLES = pa.schema([
    *_fields("id batch title publisher url file", TEXT), ("line", WHOLE), ("published", DAY), ("published_at", MOMENT),
    ("published_inferred", FLAG), *_fields("published_rule text", TEXT), ("actors", TEXTS), ("credits", TEXTS),
    *_fields("sentences claims entries", WHOLE), *_fields("knowledge detente run", TEXT), ("recorded", MOMENT),
])
CLAIMS = pa.schema([*CLAIM_SCHEMA, ("batch", TEXT), ("recorded", MOMENT)])
WORDS = pa.struct([("text", TEXT), *_fields("start end", WHOLE)])
# Stances, memberships and agreements as articles tell them; `sort` is stance, member or agreement. Fields as in docs/guide/ledger.md.
ENTRIES = pa.schema([
    *_fields("id sort kind article file title publisher url", TEXT), ("published", DAY), ("published_inferred", FLAG), ("status", TEXT),
    ("confidence", REAL), ("actor", typed("actor")), ("recipient", typed("recipient")), ("about", WORDS), ("conditions", pa.list_(WORDS)),
    ("date", DAY), ("date_end", DAY), *_fields("date_precision date_text", TEXT), *_fields("date_text_start date_text_end", WHOLE),
    ("voice", typed("voice")), ("sentence", TEXT), *_fields("sentence_index start end", WHOLE), ("trigger", TEXT),
    *_fields("trigger_start trigger_end", WHOLE), ("why", typed("why")), *_fields("knowledge detente batch", TEXT), ("recorded", MOMENT),
])
REJECTS = pa.schema([("file", TEXT), ("line", WHOLE), *_fields("article step reason hint run", TEXT), ("recorded", MOMENT)])
# One row when a run begins and one when it ends; `what`: add, fold, relate, import, compact, vacuum, recode.
RUNS = pa.schema([
    *_fields("run what state detente knowledge model", TEXT), *_fields("articles claims rejects", WHOLE), ("version", WHOLE),
    ("note", TEXT), ("recorded", MOMENT),
])
# Append-only. Groups hold mentions: one for `same`, two and more for `different`. `revokes`: the id of the decision that is undone.
DECISIONS = pa.schema([
    *_fields("id made_by kind", TEXT), ("made_at", MOMENT), ("groups", pa.list_(TEXTS)),
    *_fields("field value reason revokes fold", TEXT), ("recorded", MOMENT),
])
DECISION_KINDS = ("same", "different", "value", "reject_claim", "reject_event", "confirm", "retract", "revoke")

# `root`: the party that answers for it: the state of an organ, an army, a minister; the group of a member.
PARTY = pa.struct([*_fields("id name country", TEXT), ("sector", TEXTS), ("root", TEXT), *_fields("articles origins", WHOLE),
                   ("contested", FLAG)])
SPOT = pa.struct([*_fields("name country admin1", TEXT), *_fields("lat lon", REAL), ("geonames", WHOLE), ("precision", TEXT)])
TOLL = pa.struct([("kind", TEXT), *_fields("low best high", WHOLE), ("of", TEXT)])
LANES = ("happened", "planned", "supposed", "denied")
STANDINGS = ("confirmed", "reported", "claimed", "denied", "mixed")
# `standing`: how well it stands. `articles` counts all, `origins_low`/`origins_high` independent ones, `voices` speakers and outlets.
# `dataset`: empty for our own; the name of a foreign data set for what was imported, its id in `original`, the rest in `extra` (JSON).
EVENTS = pa.schema([
    *_fields("id revision event mode", TEXT), ("context", TEXTS), *_fields("lane standing quad", TEXT), *_fields("score confidence", REAL),
    ("actor", pa.list_(PARTY)), ("recipient", pa.list_(PARTY)), ("mutual", FLAG), ("parties", TEXTS), ("date", DAY), ("date_end", DAY),
    *_fields("date_precision date_basis", TEXT), ("place", SPOT), ("quantities", pa.list_(TOLL)),
    *_fields("claims articles origins_low origins_high voices", WHOLE), ("vague", FLAG), *_fields("headline headline_claim", TEXT),
    ("first_published", DAY), ("last_published", DAY), *_fields("dataset original extra fold", TEXT),
])
POINT = pa.struct([("feature", TEXT), ("value", TEXT), ("points", REAL)])
# Which claims make an event. `part`: report, contrary (denies it) or attached (too vague to found one). `partner`: the claim it fits best.
LINKS = pa.schema([
    *_fields("event claim mention article part", TEXT), ("founder", FLAG), *_fields("family origin partner", TEXT), ("points", REAL),
    ("why", pa.list_(POINT)), ("runner_up", TEXT), ("runner_up_points", REAL), ("component", TEXT),
])
# Every value that some claim gives to a field of an event. `standing`: stands, superseded, withdrawn, contrary.
VARIANTS = pa.schema([
    *_fields("event field value", TEXT), *_fields("low high", WHOLE), *_fields("unit precision claim voice voice_kind origin", TEXT),
    ("said", DAY), ("recorded", MOMENT), *_fields("replaces standing", TEXT),
])
# One row per event and ordered pair of root parties; mutual acts stand both ways. What time lines, indices and networks are made of.
PAIRS = pa.schema([
    *_fields("event source target", TEXT), ("mutual", FLAG), ("source_sector", TEXTS), ("target_sector", TEXTS),
    ("date", DAY), ("date_end", DAY), *_fields("date_precision root mode quad", TEXT), *_fields("score confidence", REAL),
    ("lane", TEXT), ("vague", FLAG), *_fields("articles origins", WHOLE),
])
# What lasts between actors, one row per fact that says so; a state on a day is worked out from them. `ledger`: stance, member or agreement.
# `dimension`: regard, support, recognition, demand (stances); `value`: the state that it moves to. `thing`: id of the agreement.
# `valid_*`: bounds between which it began and ended, null where not known. `source`: self, other, outlet, document, knowledge.
FACTS = pa.schema([
    *_fields("id ledger holder object dimension value thing about", TEXT), ("parties", TEXTS), ("conditions", TEXTS),
    *_fields("from_low from_high to_low to_high said", DAY), ("recorded", MOMENT), *_fields("lane source voice", TEXT),
    *_fields("claim entry event article sentence rule", TEXT), ("confidence", REAL), ("note", TEXT),
])
# What a fold leaves for the next one. NUMBERS are hashes as whole numbers (Delta knows none without a sign).
NUMBERS = pa.list_(pa.int32())
# `copy_of`: the article that it copies, null for the first. `overlap`: share of the shorter's shingles that the other holds, null for the
# first. `origin_strong`: the family. `origin_weak`, `keys`, `source`: see fold/origins.py.
FAMILIES = pa.schema([
    *_fields("article family origin_strong origin_weak copy_of", TEXT), ("overlap", REAL), ("keys", TEXTS), ("source", TEXT),
])
# What an article is compared by, one row each; `family`, `copy_of`, `overlap`, `jaccard`: what was found last.
SKETCHES = pa.schema([
    ("article", TEXT), ("published", DAY), ("published_at", MOMENT), ("publisher", TEXT), ("credits", TEXTS),
    *_fields("family copy_of", TEXT), *_fields("overlap jaccard", REAL), *_fields("bands sentences shingles", NUMBERS), ("rules", TEXT),
])
# Under which keys a claim is compared with others (fold/blocks.py), and the component that it was folded in.
BLOCKS = pa.schema([*_fields("claim mention founds article component", TEXT), ("keys", pa.list_(WHOLE))])
KEPT = {
    "articles": ARTICLES, "claims": CLAIMS, "entries": ENTRIES, "decisions": DECISIONS, "rejects": REJECTS, "runs": RUNS, "foreign": EVENTS,
}
DERIVED = {
    "events": EVENTS, "links": LINKS, "variants": VARIANTS, "pairs": PAIRS, "facts": FACTS, "families": FAMILIES, "sketches": SKETCHES,
    "blocks": BLOCKS,
}
TABLES = {**KEPT, **DERIVED}
