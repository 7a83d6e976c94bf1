"""Signed weights where the processor multiplies them exactly: the same figures as the shipped bytes, to the last bit."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest

from detente.language import MODEL_FOLDER, signed

MODEL = MODEL_FOLDER
OUTPUTS = ["upos", "xpos", "names", "arcs", "rel_dep", "rel_head", "hidden"]


def feed() -> dict[str, np.ndarray]:  # type: ignore[type-arg]
    draw = np.random.default_rng(5)
    pieces = draw.integers(1000, 30000, size=(4, 40))
    words = np.tile(np.arange(40), (4, 1))
    return {"pieces": pieces, "shapes": draw.integers(1, 12, size=(4, 40)), "first": words, "last": words}


def run(source: str | bytes) -> list[np.ndarray]:  # type: ignore[type-arg]
    found: list[np.ndarray] = onnxruntime.InferenceSession(source, disabled_optimizers=signed._SLOWER).run(OUTPUTS, feed())  # type: ignore[type-arg]
    return found


def tensors(model: bytes) -> dict[str, tuple[int, bytes]]:
    message = signed._message_class().FromString(model)
    return {tensor.name: (tensor.data_type, tensor.raw_data) for tensor in message.graph.initializer}


def test_weights_lose_128_and_all_else_stays() -> None:
    shipped = (MODEL / "parser.onnx").read_bytes()
    before, after = tensors(shipped), tensors(signed.signed(shipped))
    moved = [name for name in before if before[name] != after[name]]
    assert len(moved) == 48, "weights and zero points of 24 products"
    for name in moved:
        assert (before[name][0], after[name][0]) == (2, 3)
        old, new = np.frombuffer(before[name][1], np.uint8), np.frombuffer(after[name][1], np.int8)
        assert (old.astype(int) - 128 == new.astype(int)).all()
    assert list(before) == list(after)
    assert len(signed.signed(shipped)) == len(shipped)


def test_signed_weights_stay_as_they_are() -> None:
    shipped = (MODEL / "events.onnx").read_bytes()
    assert tensors(signed.signed(shipped)) == tensors(shipped)


def test_both_give_the_same_figures_where_signed_products_are_exact() -> None:
    shipped = MODEL / "parser.onnx"
    plain = run(str(shipped))
    options = onnxruntime.SessionOptions()
    for old, new in zip(plain, signed.session(shipped, options).run(OUTPUTS, feed()), strict=True):
        assert np.array_equal(old, new)


def test_a_processor_that_clips_keeps_the_shipped_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed, "exact", lambda: False)
    monkeypatch.setattr(signed, "signed", lambda _: pytest.fail("not to be asked"))
    assert signed.session(MODEL / "parser.onnx", onnxruntime.SessionOptions()).get_outputs()
