"""Draws the reliability diagram of the claims' confidence on the corpus's test part.

    python bench/reliability.py corpus/articles docs/quality/reliability.svg
"""

from __future__ import annotations

import sys
from pathlib import Path

from detente.score.calibration import Bin, bins, ece, judge
from detente.settings import load_settings

SIDE, MARGIN = 320, 44


def diagram(found: list[Bin], error: float, count: int) -> str:
    """An SVG: for each bin a dot at (mean confidence, share right), as large as its claims are many; the diagonal is perfect."""
    size = SIDE + 2 * MARGIN
    x, y = (lambda p: MARGIN + SIDE * p), (lambda p: MARGIN + SIDE * (1 - p))
    most = max((b.count for b in found), default=1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" font-family="sans-serif" font-size="12">',
        f'<rect x="{MARGIN}" y="{MARGIN}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#999"/>',
        f'<line x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}" stroke="#999" stroke-dasharray="4 4"/>',
    ]
    for k in range(0, 11, 2):
        parts.append(f'<text x="{x(k / 10):.0f}" y="{size - MARGIN + 16}" text-anchor="middle">{k / 10:.1f}</text>')
        parts.append(f'<text x="{MARGIN - 6}" y="{y(k / 10) + 4:.0f}" text-anchor="end">{k / 10:.1f}</text>')
    parts += [
        f'<circle cx="{x(b.confidence):.1f}" cy="{y(b.right):.1f}" r="{4 + 8 * (b.count / most) ** 0.5:.1f}" fill="#2a6f97">'
        f"<title>{b.count} claims: confidence {b.confidence:.2f}, right {b.right:.2f}</title></circle>" for b in found
    ]
    parts.append(f'<text x="{size / 2}" y="{size - 6}" text-anchor="middle">confidence</text>')
    parts.append(f'<text x="14" y="{size / 2}" text-anchor="middle" transform="rotate(-90 14 {size / 2})">share right</text>')
    parts.append(f'<text x="{size / 2}" y="{MARGIN - 14}" text-anchor="middle">{count} claims, ECE {error:.3f}</text></svg>')
    return "\n".join(parts) + "\n"


def main() -> None:
    """Command line; see the module's first lines."""
    judged = judge(Path(sys.argv[1]), load_settings(), "test")
    Path(sys.argv[2]).write_text(diagram(bins(judged), ece(judged), len(judged)), encoding="utf-8")


if __name__ == "__main__":
    main()
