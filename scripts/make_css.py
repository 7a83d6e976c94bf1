"""Makes the style sheet of the pages from web/tokens.json and web/css/*.css (pages.css first): `python scripts/make_css.py`.

Colours stand once, in the tokens. The lanes under marked words (three of them, six kinds) are made here too: each is a line drawn by a
background layer, so that overlapping marks need no style of their own in the page.
"""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "src" / "detente" / "serve" / "pages" / "static" / "detente.css"
HEAD = "/* Made by scripts/make_css.py from web/tokens.json and web/css. Do not edit. */\n"
LINKED = 40  # cards of an article whose words are found without script
# How the line under each kind of words is drawn: colour, then pattern, so that nothing rests on colour alone.
SOLID = "linear-gradient(var(--{0}), var(--{0}))"
KINDS = {
    "a": ("actor", SOLID), "r": ("actor", "repeating-linear-gradient(90deg, var(--{0}) 0 14px, transparent 14px 17px)"),
    "p": ("place", "repeating-linear-gradient(90deg, var(--{0}) 0 6px, transparent 6px 9px)"),
    "d": ("date", "repeating-linear-gradient(90deg, var(--{0}) 0 2px, transparent 2px 4px)"),
    "n": ("quantity", "repeating-linear-gradient(90deg, var(--{0}) 0 10px, transparent 10px 12px)"),
    "v": ("voice", "repeating-linear-gradient(90deg, var(--{0}) 0 4px, transparent 4px 6px, var(--{0}) 6px 7px, transparent 7px 9px)"),
    "c": ("coop-text", SOLID), "x": ("conf-text", SOLID),
}


def variables(colours: dict[str, str]) -> str:
    """Colours as custom properties."""
    return " ".join(f"--{name}: {value};" for name, value in colours.items())


def lanes() -> str:
    """Rules for `l1a` (a line of an actor in the first lane) and the like: each sets one of three layers."""
    rules = [".s { background-image: var(--l1, none), var(--l2, none), var(--l3, none); }"]
    for lane, (kind, (colour, pattern)) in product((1, 2, 3), KINDS.items()):
        rules.append(f".l{lane}{kind} {{ --l{lane}: {pattern.format(colour)}; }}")
    return "\n".join(rules)


def linked() -> str:
    """Rules that mark the words of a card while the pointer or the keyboard is on it or an address names it, and the card of such words."""
    rules = []
    for number in range(1, LINKED + 1):
        words, card = f'.s[data-c~="{number}"]', f'.card[data-n="{number}"]'
        rules.append(f".read:has({card}:is(:hover, :focus-within, :target)) {words}, "
                     f".read:has({words}:is(:hover, :focus-visible)) {card} {{ background-color: var(--coop-tint); }}")
    return "\n".join(rules)


def made() -> str:
    """The whole sheet."""
    tokens = json.loads((ROOT / "web" / "tokens.json").read_text("utf-8"))
    sizes, spaces, fonts = tokens["type"]["sizes"], tokens["space"], tokens["type"]
    fixed = " ".join([*(f"--{name}: {size};" for name, size in sizes.items()), *(f"--s{name}: {size};" for name, size in spaces.items()),
                      f"--sans: {fonts['sans']};", f"--mono: {fonts['mono']};"])
    light, dark = variables(tokens["light"]), variables(tokens["dark"])
    themes = (f"@media screen and (prefers-color-scheme: dark) {{ :root:not([data-theme]) {{ {dark} }} }}\n"
              f"@media screen {{ :root[data-theme=dark] {{ color-scheme: dark; {dark} }} }}\n"
              ":root[data-theme=light] { color-scheme: light; }\n")
    paths = sorted((ROOT / "web" / "css").glob("*.css"), key=lambda path: (path.name != "pages.css", path.name))
    return (f"{HEAD}:root {{ {fixed} {light} }}\n{themes}"
            + "".join(path.read_text("utf-8") for path in paths).replace("LANES", f"{lanes()}\n{linked()}"))


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(made(), encoding="utf-8")
