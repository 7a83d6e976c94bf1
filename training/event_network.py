"""The event network: the parser's own lower layers, then layers of its own, then light heads.

Input: hidden states of the parser after its lower layers, so that the common part is computed once. With `marks` (1 source, 2 target) it
also answers which root binds a given pair.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from network import Layer, Shape
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class EventShape:
    """Sizes of the heads."""

    events: int
    modes: int
    contexts: int
    statuses: int = 5
    stances: int = 5
    roles: int = 5
    layers: int = 2
    width: int = 384
    inner: int = 256
    arc: int = 128


class EventNet(nn.Module):
    """Hidden states [B,T,H] → scores of triggers, their properties and their arguments."""

    def __init__(self, shape: EventShape, dropout: float = 0.1, head_dropout: float = 0.25) -> None:
        super().__init__()
        self.shape = shape
        base = Shape(1, 1, 1, 1)
        self.marks = nn.Embedding(3, shape.width)
        nn.init.zeros_(self.marks.weight)
        self.layers = nn.ModuleList(Layer(base, dropout) for _ in range(shape.layers))
        self.drop = nn.Dropout(head_dropout)
        self.inner = nn.Linear(shape.width, shape.inner)
        self.heads = nn.ModuleDict({
            name: nn.Linear(shape.inner, size)
            for name, size in (("event", shape.events), ("mode", shape.modes), ("status", shape.statuses), ("spoken", 2),
                               ("stance", shape.stances), ("context", shape.contexts))
        })
        self.act = nn.Linear(shape.width, shape.arc)
        self.arg = nn.Linear(shape.width, shape.arc)
        self.bind = nn.Parameter(torch.empty(shape.roles, shape.arc, shape.arc))
        nn.init.xavier_uniform_(self.bind)
        self.bias = nn.Linear(shape.width, shape.roles)
        self.pair = nn.Sequential(nn.Linear(3 * shape.width, shape.inner), nn.GELU(), nn.Dropout(head_dropout),
                                  nn.Linear(shape.inner, shape.events - 1))

    def encode(self, hidden: Tensor, pieces: Tensor, marks: Tensor) -> Tensor:
        """The layers of its own: [B,T,H] → [B,T,H]."""
        mask = (pieces == 0).to(torch.float32)[:, None, None, :] * -1e4
        x = hidden + self.marks(marks)
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def words(self, x: Tensor, first: Tensor, last: Tensor) -> tuple[Tensor, ...]:
        """[B,T,H] → event, mode, status, spoken, stance, context [B,W,·], roles [B,R,W,W] (trigger, argument)."""
        size = x.shape[-1]
        words = (x.gather(1, first[..., None].expand(-1, -1, size)) + x.gather(1, last[..., None].expand(-1, -1, size))) * 0.5
        words = self.drop(words)
        inner = self.drop(F.gelu(self.inner(words)))
        act, arg = F.gelu(self.act(words)), F.gelu(self.arg(words))
        # [B,1,W,D] @ [R,D,D] @ [B,1,D,W]
        roles = (act[:, None] @ self.bind) @ arg[:, None].transpose(2, 3) + self.bias(words).transpose(1, 2)[:, :, None, :]
        return (*(head(inner) for head in self.heads.values()), roles)

    def root(self, x: Tensor, marks: Tensor) -> Tensor:
        """[B,T,H] of marked sentences → root scores [B,events]."""
        parts = [x[:, 0]]
        for number in (1, 2):
            own = (marks == number).to(x.dtype)[..., None]
            parts.append((x * own).sum(1) / own.sum(1).clamp(min=1))
        result: Tensor = self.pair(torch.cat(parts, -1))
        return result
