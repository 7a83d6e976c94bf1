"""The network: one MiniLM encoder, many light heads, one pass.

Input: word pieces with a *shape* number each (letter case, and whether a space stands before the word),
because the encoder's own vocabulary is lower-cased and blind to both.
Output per word: tags, biaffine arc scores, relation vectors, name tags.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Shape:
    """Sizes of the network; the encoder's own are fixed by the weights it starts from."""

    upos: int
    xpos: int
    deprel: int
    names: int
    shapes: int = 13
    layers: int = 6
    width: int = 384
    heads: int = 12
    inner: int = 1536
    vocabulary: int = 30522
    arc: int = 256
    rel: int = 128


class Layer(nn.Module):
    """One BERT layer (post-norm), written so that PyTorch's fused attention serves it."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.heads = shape.heads
        self.qkv = nn.Linear(shape.width, 3 * shape.width)
        self.out = nn.Linear(shape.width, shape.width)
        self.norm1 = nn.LayerNorm(shape.width, eps=1e-12)
        self.up = nn.Linear(shape.width, shape.inner)
        self.down = nn.Linear(shape.inner, shape.width)
        self.norm2 = nn.LayerNorm(shape.width, eps=1e-12)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """x [B,T,H], mask [B,1,1,T] (0 or a large negative number) → [B,T,H]."""
        b, t, h = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, self.heads, h // self.heads).permute(2, 0, 3, 1, 4)
        if torch.onnx.is_in_onnx_export():
            scores = q @ k.transpose(-1, -2) / math.sqrt(h // self.heads) + mask
            mixed = scores.softmax(-1) @ v
        else:
            mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask.to(q.dtype))
        mixed = mixed.transpose(1, 2).reshape(b, t, h)
        x = self.norm1(x + self.drop(self.out(mixed)))
        return self.norm2(x + self.drop(self.down(F.gelu(self.up(x)))))


class Encoder(nn.Module):
    """MiniLM-L6: embeddings of piece, position and shape, then six layers."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.words = nn.Embedding(shape.vocabulary, shape.width)
        self.positions = nn.Embedding(512, shape.width)
        self.shapes = nn.Embedding(shape.shapes, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.drop = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))

    def forward(self, pieces: Tensor, shapes: Tensor) -> Tensor:
        """pieces, shapes [B,T] (piece 0 is padding) → [B,T,H]."""
        mask = (pieces == 0).to(torch.float32)[:, None, None, :] * -1e4
        place = torch.arange(pieces.shape[1], device=pieces.device)[None]
        x = self.words(pieces) + self.positions(place) + self.shapes(shapes)
        x = self.drop(self.norm(x))
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def load_minilm(self, path: Path) -> None:
        """Starts from the published MiniLM-L6 weights; every shape starts as its token type 0."""
        old = load_file(str(path))
        with torch.no_grad():
            self.words.weight.copy_(old["embeddings.word_embeddings.weight"])
            self.positions.weight.copy_(old["embeddings.position_embeddings.weight"])
            self.shapes.weight.copy_(old["embeddings.token_type_embeddings.weight"][:1].expand_as(self.shapes.weight))
            _norm(self.norm, old, "embeddings.LayerNorm")
            for index, layer in enumerate(self.layers):
                root = f"encoder.layer.{index}."
                parts = [f"{root}attention.self.{name}" for name in ("query", "key", "value")]
                layer.qkv.weight.copy_(torch.cat([old[f"{p}.weight"] for p in parts]))
                layer.qkv.bias.copy_(torch.cat([old[f"{p}.bias"] for p in parts]))
                _linear(layer.out, old, f"{root}attention.output.dense")
                _norm(layer.norm1, old, f"{root}attention.output.LayerNorm")
                _linear(layer.up, old, f"{root}intermediate.dense")
                _linear(layer.down, old, f"{root}output.dense")
                _norm(layer.norm2, old, f"{root}output.LayerNorm")


def _linear(module: nn.Linear, old: dict[str, Tensor], name: str) -> None:
    module.weight.copy_(old[f"{name}.weight"])
    module.bias.copy_(old[f"{name}.bias"])


def _norm(module: nn.LayerNorm, old: dict[str, Tensor], name: str) -> None:
    module.weight.copy_(old[f"{name}.weight"])
    module.bias.copy_(old[f"{name}.bias"])


class Parser(nn.Module):
    """Encoder and heads. Word 0 of every sentence is the artificial root (the [CLS] piece)."""

    def __init__(self, shape: Shape, dropout: float = 0.1, head_dropout: float = 0.33) -> None:
        super().__init__()
        self.shape = shape
        self.encoder = Encoder(shape, dropout)
        self.drop = nn.Dropout(head_dropout)
        width = shape.width
        self.upos = nn.Linear(width, shape.upos)
        self.xpos = nn.Linear(width, shape.xpos)
        self.names = nn.Linear(width, shape.names)
        # One matrix for the four parser projections: arc dependent, arc head, relation dependent, relation head.
        self.project = nn.Linear(width, 2 * shape.arc + 2 * shape.rel)
        self.arc_matrix = nn.Parameter(torch.zeros(shape.arc + 1, shape.arc))
        self.rel_matrix = nn.Parameter(torch.zeros(shape.rel + 1, shape.deprel, shape.rel + 1))
        nn.init.xavier_uniform_(self.arc_matrix)
        nn.init.normal_(self.rel_matrix, std=0.02)

    def forward(self, pieces: Tensor, shapes: Tensor, first: Tensor, last: Tensor) -> tuple[Tensor, ...]:
        """[B,T], [B,T], [B,W], [B,W] → upos, xpos, names [B,W,·], arcs [B,W,W], relation dep/head vectors [B,W,R]."""
        hidden = self.encoder(pieces, shapes)
        size = hidden.shape[-1]
        head = hidden.gather(1, first[..., None].expand(-1, -1, size))
        tail = hidden.gather(1, last[..., None].expand(-1, -1, size))
        words = self.drop((head + tail) * 0.5)
        parts = self.drop(F.gelu(self.project(words)))
        arc, rel = self.shape.arc, self.shape.rel
        arc_dep, arc_head, rel_dep, rel_head = parts.split([arc, arc, rel, rel], -1)
        arcs = (arc_dep @ self.arc_matrix[:-1] + self.arc_matrix[-1]) @ arc_head.transpose(1, 2)
        return self.upos(words), self.xpos(words), self.names(words), arcs, rel_dep, rel_head

    def relations(self, rel_dep: Tensor, rel_head: Tensor) -> Tensor:
        """Relation scores of given pairs: [N,R], [N,R] → [N,labels]."""
        one = torch.ones_like(rel_dep[:, :1])
        dep, head = torch.cat([rel_dep, one], 1), torch.cat([rel_head, one], 1)
        mixed = (dep @ self.rel_matrix.flatten(1).to(dep.dtype)).view(len(dep), self.shape.deprel, -1)
        return torch.einsum("nlr,nr->nl", mixed, head)
