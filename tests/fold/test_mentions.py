"""Mentions: written so that they can be read back, and found again after the coding has moved."""

from __future__ import annotations

from detente.fold.mentions import Spot, event_id, mentions, rebound, resolve, spot


def test_written_and_read_back() -> None:
    assert mentions(["a_1"], [3], [9], ["ASSAULT"], ["c"]) == ["a_1:3-9"]
    assert spot("a_1:3-9") == Spot("a_1", 3, 9)
    assert spot("x:y:3-9/2") == Spot("x:y", 3, 9, 2)
    assert spot("nothing") is None


def test_several_claims_on_the_same_words_are_told_apart_whatever_their_order() -> None:
    one = mentions(["a", "a", "b"], [3, 3, 3], [9, 9, 9], ["COERCE", "ASSAULT", "AID"], ["c1", "c2", "c3"])
    other = mentions(["b", "a", "a"], [3, 3, 3], [9, 9, 9], ["AID", "ASSAULT", "COERCE"], ["c3", "c2", "c1"])
    assert one == ["a:3-9/2", "a:3-9", "b:3-9"]
    assert other == one[::-1]


def test_a_moved_trigger_is_found_by_the_words_that_it_shares() -> None:
    assert rebound(["a:3-9", "a:50-55", "b:1-2"], ["a:5-12", "a:8-20", "b:1-2", "c:3-9"]) == {"a:3-9": "a:5-12", "b:1-2": "b:1-2"}


def test_an_old_id_leads_to_the_event_of_its_mention() -> None:
    assert resolve([event_id("a:1-2"), event_id("z:1-2")], {"a:1-2": "e_now", "b:1-2": "e_now"}) == {event_id("a:1-2"): "e_now"}
