"""What `scale.py` has measured as a table and as a plot."""

from __future__ import annotations

import math
from typing import Any

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 360, 60, 150, 40, 50
LINES = (("fold", "fold, all", "#1b6ca8"), ("add", "store", "#c8553d"), ("work", "all stages", "#444444"))


def _per_claim(line: dict[str, Any], name: str) -> float:
    """Milliseconds per claim of a stage, or of storing, folding and relating together."""
    names = ("add", "fold", "relate") if name == "work" else (name,)
    return 1000 * sum(line[one]["seconds"] for one in names) / line["fold"]["claims"]


def table(lines: list[dict[str, Any]]) -> str:
    """The figures as Markdown, a column for each number of claims."""
    rows: list[tuple[str, list[str]]] = [
        ("articles", [f"{line['make']['articles']:,}" for line in lines]),
        ("events", [f"{line['fold']['events']:,}" for line in lines]),
        ("entries of the ledger, facts", [f"{line['make']['entries']:,}, {line['fold']['facts']:,}" for line in lines]),
    ]
    for name, what in (("add", "store"), ("fold", "fold all"), ("further", "store and fold 1,000 more"), ("relate", "relate")):
        cells = [line[name] for line in lines]
        rows.append((f"{what}: s, GB, load", [f"{cell['seconds']:.1f}, {cell['GB']:.2f}, {cell['load']:.1f}" for cell in cells]))
    rows += [
        ("of which fold 1,000 more: s", [f"{line['further']['fold']:.1f}" for line in lines]),
        ("store, fold and relate: ms per claim", [f"{_per_claim(line, 'work'):.2f}" for line in lines]),
        ("fold: ms per claim", [f"{_per_claim(line, 'fold'):.2f}" for line in lines]),
        ("claims compared with each", [f"{line['fold']['candidates']:.1f}" for line in lines]),
        ("false merges, missed merges", [f"{line['further']['false']:.4f}, {line['further']['missed']:.4f}" for line in lines]),
        ("disk: MB, bytes per claim", [f"{line['store_MB']:.0f}, {1e6 * line['store_MB'] / line['fold']['claims']:.0f}" for line in lines]),
        ("busiest pair: events", [f"{line['relate']['pair_events']:,}" for line in lines]),
    ]
    for name in ("timeline", "stances", "shifts", "events", "agreements"):
        asked = [line["relate"] for line in lines]
        rows.append((f"{name}: ms first, again", [f"{one[name + '_cold']:.0f}, {one[name + '_warm']:.0f}" for one in asked]))
    head = "| claims | " + " | ".join(f"{line['fold']['claims']:,}" for line in lines) + " |"
    rule = "|---|" + "---|" * len(lines)
    return "\n".join([head, rule, *(f"| {name} | " + " | ".join(cells) + " |" for name, cells in rows)]) + "\n"


def plot(lines: list[dict[str, Any]]) -> str:
    """Milliseconds per claim against the number of claims (logarithmic) as SVG."""
    counts = [line["fold"]["claims"] for line in lines]
    low, high = math.floor(math.log10(min(counts))), math.ceil(math.log10(max(counts)))
    high = max(high, low + 1)
    most = max(_per_claim(line, name) for line in lines for name, _, _ in LINES)
    step = 10 ** math.floor(math.log10(most))
    step = step if most / step >= 3 else step / 4
    top = math.ceil(most / step) * step

    def across(count: float) -> float:
        return LEFT + (math.log10(count) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def up(value: float) -> float:
        return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="20" font-size="14">Milliseconds per claim against the number of claims</text>',
    ]
    for power in range(low, high + 1):
        x = across(10**power)
        parts += [f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}" stroke="#ddd"/>',
                  f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{10**power:,}</text>']
    for number in range(round(top / step) + 1):
        y = up(number * step)
        parts += [f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#ddd"/>',
                  f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{number * step:g}</text>']
    for name, label, colour in LINES:
        points = [(across(count), up(_per_claim(line, name))) for count, line in zip(counts, lines, strict=True)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points]
        parts.append(f'<text x="{points[-1][0] + 10:.1f}" y="{points[-1][1] + 4:.1f}" fill="{colour}">{label}</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.1f}" y="{HEIGHT - 8}" text-anchor="middle">claims</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"
