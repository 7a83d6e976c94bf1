"""The ontology holds what PLOVER's draft 2.0 says: events, pairs, scores, contexts, folding; and older names find their way."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import KnowledgeError, UnknownName
from detente.knowledge import DATA, Ontology

FILE = DATA / "ontology" / "plover.yml"
# Event: quad, score, whether a recipient is required, modes with their scores.
FACTS = """
AGREE 1 2.5 no
CONSULT 1 2.5 no visit 4 third-party 1 multilateral 4 phone 1.5
SUPPORT 1 5 no
CONCEDE 1 4.5 no
COOPERATE 2 9.5 yes
AID 2 10 yes
RETREAT 2 6.5 no withdraw 8 release 6.5 disarm 10 ceasefire 7.5 access 6.5 resign 4.5
REQUEST 3 0 no assist 0.5 change -1 yield -1 meet 0
ACCUSE 3 -3 no disapprove -2 investigate -3.5 allege -3.5
REJECT 3 -2 no assist -1.5 change -2 yield -2 meet -2
THREATEN 3 -3.5 no restrict -3 arrest -3.5 relations -3.5 expel -3.5 territory -4 violence -3.5
PROTEST 4 -5 no demo -5 riot -7 strike -5 hunger -4.5 boycott -4.5 obstruct -4.5 vandalize -5
SANCTION 4 -6 yes convict -6 expel -5.5 withdraw -6 discontinue -6
MOBILIZE 4 -5.5 no troops -6.5 weapons -6.5 police -5.5 militia -6
COERCE 4 -7 no seize -7 restrict -7 censor -6.5 curfew -6.5 martial-law -7.5 arrest -7 deport -7 withhold -7 misinformation -6.5 cyber -7
ASSAULT 4 -9 no abduct -8.5 beat -7.5 torture -8.5 sexual -8.5 targeted -9.5 destroy -8.5 primitive -8 firearms -9 explosives -9 suicide-attack -9.5 aerial -9.5 drone -9.5 heavy-weapons -9.5 crowd-control -7.5 unconventional -10
"""  # noqa: E501
CONTEXTS = """
military intelligence executive legislative election political_institutions pro_democracy pro_autocracy economic legal reparations
human_rights rights_freedoms repression human_security gender lgbt religion_ethnicity inequality diplomatic territory peacekeeping
health asylum migration disasters natural_resource environment technology terrorism cbrn cyber misinformation crime corruption
illegal_drugs trafficking
"""
FOLDS = """
SUPPORT future AGREE
CONSULT future AGREE
COOPERATE future AGREE
AID future AGREE
RETREAT future CONCEDE
CONCEDE future CONCEDE
AGREE future AGREE
ASSAULT hypothetical THREATEN violence
AID refused REJECT assist
RETREAT refused REJECT yield
COERCE future COERCE
"""


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return Ontology(FILE)


def test_events_pairs_and_scores_are_those_of_the_manual(ontology: Ontology) -> None:
    rows = [line.split() for line in FACTS.strip().splitlines()]
    assert list(ontology.events) == [row[0] for row in rows]
    pairs = []
    for name, quad, score, required, *modes in rows:
        event = ontology.events[name]
        assert (event.quad, event.score, event.recipient_required) == (int(quad), float(score), required == "yes")
        told = dict(zip(modes[::2], map(float, modes[1::2]), strict=True))
        assert {mode.name: mode.score for mode in event.modes} == told
        pairs += [(name, mode) for mode in told]
    assert list(ontology.pairs) == pairs
    assert (len(ontology.events), len(pairs)) == (16, 67)


def test_where_the_manual_contradicts_itself_a_note_says_so(ontology: Ontology) -> None:
    assert ontology.events["SANCTION"].quad_note
    assert ontology.events["ACCUSE"].score_note
    assert ontology.events["PROTEST"].recipient_note
    assert ontology.pairs["PROTEST", "vandalize"].score_note


def test_contexts_are_those_of_the_manual(ontology: Ontology) -> None:
    assert list(ontology.contexts) == CONTEXTS.split()
    assert len(ontology.contexts) == 37
    assert set(ontology.traps) == {"military", "terrorism", "crime"}
    assert {pair: mode.adds_context for pair, mode in ontology.pairs.items() if mode.adds_context} == {
        ("COERCE", "misinformation"): "misinformation", ("COERCE", "cyber"): "cyber",
    }


def test_no_context_names_a_signal_word_twice(ontology: Ontology) -> None:
    for context in ontology.contexts.values():
        assert len(context.keywords) == len({word.lower() for word in context.keywords}), context.name


@pytest.mark.parametrize("row", FOLDS.strip().splitlines())
def test_folding(ontology: Ontology, row: str) -> None:
    event, status, becomes, *mode = row.split()
    assert ontology.fold(event, None, status) == (becomes, mode[0] if mode else None)


@pytest.mark.parametrize(
    ("name", "pairs"),
    [
        ("ASSAULT", [("ASSAULT", None)]),
        ("assault/Aerial", [("ASSAULT", "aerial")]),
        ("COERCE-martial-law", [("COERCE", "martial-law")]),
        ("COERCE-MARTIAL", [("COERCE", "martial-law")]),
        ("SANCTION/withdraw", [("SANCTION", "withdraw")]),
        ("RETREAT/withdraw", [("RETREAT", "withdraw")]),
        ("DISAPPROVE", [("ACCUSE", "disapprove")]),
        ("yield", [("CONCEDE", None), ("RETREAT", None)]),
        ("RETREAT/ease", [("CONCEDE", None)]),
        ("ASSAULT-PRIMATIVE", [("ASSAULT", "primitive")]),
    ],
)
def test_names_mean_pairs(ontology: Ontology, name: str, pairs: list[tuple[str, str | None]]) -> None:
    assert list(ontology.meant(name)) == pairs


def test_pairs_of_older_maps_have_a_way(ontology: Ontology) -> None:
    """Every pair and context of the map of 2021 that draft 2.0 no longer has."""
    old = """RETREAT-return RETREAT-ease THREATEN-ban THREATEN-political COERCE-ban COERCE-confiscate CONSULT-host ASSAULT-assassinate
    ASSAULT-cleansing ASSAULT-massacre DEMAND FIGHT INVESTIGATE DISAPPROVE""".split()
    assert all(ontology.meant(name) for name in old)
    assert [ontology.context(name) for name in ("humanitarian", "democracy", "rights", "CRIME")] == [
        "human_security", "pro_democracy", "rights_freedoms", "crime",
    ]


@pytest.mark.parametrize(
    ("name", "hint"), [("HUG", "events are AGREE"), ("ASSAULT/zap", "modes of ASSAULT are abduct"), ("AGREE/zap", "AGREE has no modes")]
)
def test_unknown_names_are_told(ontology: Ontology, name: str, hint: str) -> None:
    with pytest.raises(UnknownName, match="no event or mode") as caught:
        ontology.meant(name)
    assert caught.value.hint.startswith(hint)
    with pytest.raises(UnknownName, match="no context"):
        ontology.context(name)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{name: FIGHT, becomes: ASSAULT}", "{name: FIGHT, becomes: ASSULT}", "the target ASSULT"),
        ("{name: FIGHT, becomes: ASSAULT}", "{name: AID, becomes: ASSAULT}", "a name of the ontology itself"),
        ("{name: APPEAL, becomes: REQUEST}", "{name: DEMAND, becomes: REQUEST}", "the alias DEMAND twice"),
        ("status: future, becomes: CONCEDE", "status: future, becomes: SUPPORT", "which is folded again"),
        ("becomes: THREATEN, mode: violence", "becomes: THREATEN, mode: force", "the target THREATEN-force"),
        ("unless: [trafficking,", "unless: [smuggling,", "context 'smuggling'"),
        ("adds_context: cyber", "adds_context: siber", "context 'siber'"),
        ("{name: democracy, becomes: pro_democracy}", "{name: democracy, becomes: demos}", "context 'demos'"),
        ("quad: 4\n  score: -9", "quad: 5\n  score: -9", "quad 5 of ASSAULT"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "plover.yml"
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=message) as caught:
        Ontology(path)
    assert caught.value.line > 0
