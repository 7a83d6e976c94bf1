"""The house rules that a reader should be able to rely on: import order, sizes, no swallowed errors, no country in code."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from detente.pipeline import STEPS

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "detente"
# Lowest first: a module imports only from those before it, its own package included.
ORDER = (
    "errors settings version records ledger knowledge language flow weighing pipeline suggest tables fold store relations exchange world"
    " engine score serve cli".split()
)
FLOW_STEPS = frozenset("read gate actors claims dates places quantities voices status ledger contexts retold".split())
MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 60
MAX_PARAMETERS = 7
MAX_RECORD_PARAMETERS = 8  # where the fields of a record are handed over one by one
MAX_NESTING = 5
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "data" not in path.relative_to(PACKAGE).parts)
Function = ast.FunctionDef | ast.AsyncFunctionDef
RECORDS = frozenset(node.name for node in ast.parse((PACKAGE / "records.py").read_text("utf-8")).body if isinstance(node, ast.ClassDef))
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)
# Codes and names that are English words or labels too: "ARE", "CAN", "US" in word lists, "PER" in name tags, "HK$" and "NZ$".
NAMES_THAT_ARE_WORDS = frozenset({"AND", "ARE", "CAN", "HK", "NZ", "PER", "US"})


def name_of(path: Path) -> str:
    """Dotted module name; a package stands for its `__init__`."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(path: Path) -> ast.Module:
    """The parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def modules() -> dict[str, Path]:
    """All modules by name."""
    return {name_of(path): path for path in FILES}


@cache
def imports(path: Path) -> frozenset[str]:
    """Modules of the package that a module imports, anywhere in it, those inside functions included."""
    module = name_of(path).split(".")
    package = module if path.name == "__init__.py" else module[:-1]
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.split(".")[0] == "detente"}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            if start.split(".")[0] == "detente":
                inner = {f"{start}.{alias.name}" for alias in node.names} & modules().keys()
                outer = {start} if len(inner) < len(node.names) else set()
                found |= inner | outer
    return frozenset(found)


def area(module: str) -> str:
    """The part of the import order that a module belongs to; the command line may have several modules."""
    name = module.split(".")[1] if "." in module else ""
    return "cli" if name.startswith("cli_") else name


def functions(path: Path) -> Iterator[Function]:
    """All functions of a module, methods and inner ones included."""
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, Function))


def place(path: Path, node: ast.AST, what: str) -> str:
    """Where something stands, for a message."""
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)} {what}"


def test_every_module_has_a_place_in_the_order() -> None:
    unknown = {name for name in modules() if name != "detente" and area(name) not in {*ORDER, "__main__"}}
    assert not unknown, "name them in ORDER, here and in ARCHITECTURE.md"


def test_modules_import_only_from_those_before() -> None:
    wrong = []
    for path in FILES:
        own = area(name_of(path))
        if own not in ORDER:
            continue
        allowed = {*ORDER[: ORDER.index(own) + 1]}
        wrong += [f"{name_of(path)} imports {other}" for other in imports(path) if area(other) not in allowed]
    assert not wrong, "\n".join(wrong)


def test_steps_never_import_each_other() -> None:
    wrong = []
    for name in sorted(FLOW_STEPS):
        path = PACKAGE / "flow" / f"{name}.py"
        assert path.is_file(), f"no step {name}: bring FLOW_STEPS up to date"
        others = {f"detente.flow.{other}" for other in FLOW_STEPS - {name}}
        wrong += [f"{name} imports {other}" for other in imports(path) & others]
    assert not wrong, "\n".join(wrong)


def test_the_order_of_steps_is_the_same_wherever_it_is_told() -> None:
    told = ast.get_docstring(tree_of(PACKAGE / "flow" / "__init__.py")) or ""
    line = next(line for line in told.splitlines() if "·" in line)
    assert tuple(line.split(" · ")) == ("read", *STEPS)
    assert {"read", *STEPS} - {"split", "parse"} == FLOW_STEPS


def test_no_import_cycle() -> None:
    graph = {name: imports(path) - {name} for name, path in modules().items()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join([*trail[trail.index(name) :], name])
        if name not in done:
            for other in graph.get(name, ()):
                visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_modules_are_short() -> None:
    long = {str(path.relative_to(ROOT)): count for path in FILES if (count := len(path.read_text("utf-8").splitlines())) > MAX_MODULE_LINES}
    assert not long, f"more than {MAX_MODULE_LINES} lines"


def test_functions_are_short() -> None:
    long = [
        place(path, node, f"{node.name}: {size} lines")
        for path in FILES
        for node in functions(path)
        if (size := (node.end_lineno or node.lineno) - node.lineno + 1) > MAX_FUNCTION_LINES
    ]
    assert not long, "\n".join(long)


def parameters(node: Function) -> int:
    """Number of parameters, `self` and `cls` aside. Options of a command do not count: the user gives them one at a time."""
    named = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return len([name for name in named if name not in {"self", "cls"}]) + bool(node.args.vararg) + bool(node.args.kwarg)


def is_command(node: Function) -> bool:
    """Whether a function is a command of the command line, whose signature is its options: its arguments say so."""
    told = [ast.unparse(argument.annotation) for argument in node.args.args if argument.annotation]
    if any("typer.Option(" in words or "typer.Argument(" in words or words == "StorePath" for words in told):
        return True
    calls = [d.func for d in node.decorator_list if isinstance(d, ast.Call)]
    return any(isinstance(call, ast.Attribute) and call.attr in {"command", "callback"} for call in calls)


def most_parameters(node: Function) -> int:
    """The limit for a function: one more where it gives back a record."""
    builds = isinstance(node.returns, ast.Name) and node.returns.id in RECORDS
    return MAX_RECORD_PARAMETERS if builds else MAX_PARAMETERS


def test_functions_take_few_parameters() -> None:
    many = [
        place(path, node, f"{node.name}: {count} parameters")
        for path in FILES
        for node in functions(path)
        if (count := parameters(node)) > most_parameters(node) and not is_command(node)
    ]
    assert not many, "\n".join(many)


def depth(node: ast.AST, level: int = 0) -> int:
    """How deep blocks stand in one another; `elif` stays on its level."""
    deepest = level
    for field, value in ast.iter_fields(node):
        children = value if isinstance(value, list) else [value]
        chained = field == "orelse" and isinstance(node, ast.If) and len(children) == 1 and isinstance(children[0], ast.If)
        for child in children:
            if isinstance(child, ast.AST):
                inner = level + isinstance(child, BLOCKS) - chained
                deepest = max(deepest, depth(child, inner))
    return deepest


def test_nesting_counts_blocks() -> None:
    source = "def f():\n if a:\n  for b in c:\n   pass\n elif d:\n  pass\n else:\n  with e:\n   pass\n"
    assert depth(ast.parse(source)) == 2


def test_blocks_are_not_nested_deeply() -> None:
    deep = [
        place(path, node, f"{node.name}: {level} deep")
        for path in FILES
        for node in functions(path)
        if (level := depth(node)) > MAX_NESTING
    ]
    assert not deep, "\n".join(deep)


def caught(handler: ast.ExceptHandler) -> set[str]:
    """Names of the exceptions that a handler takes."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return {kind.id if isinstance(kind, ast.Name) else getattr(kind, "attr", "") for kind in kinds if kind}


def is_silent(handler: ast.ExceptHandler) -> bool:
    """Whether a handler does nothing at all."""
    return all(isinstance(line, ast.Pass) or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)) for line in handler.body)


def is_hushed(handler: ast.ExceptHandler, line: str) -> bool:
    """Whether a broad handler neither raises again, nor passes its error on and says in a comment why it is broad."""
    parts = [part for statement in handler.body for part in ast.walk(statement)]
    passes_on = any(isinstance(part, ast.Name) and part.id == handler.name for part in parts)
    return not any(isinstance(part, ast.Raise) for part in parts) and not (passes_on and "#" in line)


def fault_of(handler: ast.ExceptHandler, line: str) -> str | None:
    """What is wrong with a handler; `line` is its first line."""
    if handler.type is None:
        return "a bare except"
    if is_silent(handler):
        return "a silent except"
    if caught(handler) & {"Exception", "BaseException"} and is_hushed(handler, line):
        return "a broad except that neither raises, nor uses its error and gives its reason in a comment"
    return None


def test_no_error_is_swallowed() -> None:
    wrong = []
    for path in FILES:
        lines = path.read_text("utf-8").splitlines()
        handlers = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.ExceptHandler)]
        wrong += [place(path, node, fault) for node in handlers if (fault := fault_of(node, lines[node.lineno - 1]))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("handler", "swallows"),
    [
        ("except:\n x()", True),
        ("except OSError:\n pass", True),
        ("except Exception as e:\n return None", True),
        ("except Exception as e:\n return Trouble(e)", True),
        ("except Exception as e:  # anything may come\n return Trouble(e)", False),
        ("except BaseException:\n close()\n raise", False),
        ("except (OSError, ValueError) as e:\n raise ModelError(e) from e", False),
    ],
)
def test_swallowed_errors_are_seen(handler: str, swallows: bool) -> None:
    source = f"def f():\n try:\n  y()\n {handler.replace(chr(10), chr(10) + ' ')}\n"
    node = next(part for part in ast.walk(ast.parse(source)) if isinstance(part, ast.ExceptHandler))
    assert (fault_of(node, handler.splitlines()[0]) is not None) is swallows


def test_the_library_prints_nothing() -> None:
    wrong = [
        place(path, node, "print")
        for path in FILES
        if area(name_of(path)) != "cli"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not wrong, "\n".join(wrong)


def literals(path: Path) -> Iterator[ast.Constant]:
    """String literals of a module, docstrings aside."""
    tree = tree_of(path)
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, holders) and node.body and isinstance(node.body[0], ast.Expr)
    }
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return (node for node in texts if id(node) not in docstrings)


@cache
def countries() -> re.Pattern[str]:
    """Matches any name, adjective, capital or code of any state as a whole word."""
    with (PACKAGE / "data" / "actors" / "states.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    columns = ("id", "name", "aliases", "adjectives", "demonyms", "capital", "seats")
    words = {word for row in rows for column in columns for word in row[column].split("|") if word} - NAMES_THAT_ARE_WORDS
    return re.compile(r"(?<!\w)(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + r")(?!\w)")


def country_in(text: str) -> str | None:
    """The first name or code of a state in a literal; escapes of regular expressions are no letters."""
    match = countries().search(re.sub(r"\\[a-zA-Z]", " ", text))
    return match.group(0) if match else None


def test_no_country_in_code() -> None:
    wrong = [place(path, node, repr(found)) for path in FILES for node in literals(path) if (found := country_in(str(node.value)))]
    assert not wrong, "put them into data/:\n" + "\n".join(wrong)


@pytest.mark.parametrize("text", ["in Peru", "KEN", "Norwegian", "(Ankara)", "r'\\bGhana\\b'", "Côte d'Ivoire"])
def test_countries_are_seen(text: str) -> None:
    assert country_in(text)


def test_other_words_are_no_countries() -> None:
    assert not country_in("the mali of a chadwick, in US$ and PER")


def undocumented(body: list[ast.stmt], owner: str) -> Iterator[tuple[ast.AST, str]]:
    """Public classes, functions and methods without a docstring; overloads and inner functions aside."""
    for node in body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith("_"):
            name = f"{owner}{node.name}"
            if not ast.get_docstring(node):
                yield node, name
            if isinstance(node, ast.ClassDef):
                yield from undocumented(node.body, f"{name}.")


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_public_names_have_a_docstring(path: Path) -> None:
    tree = tree_of(path)
    missing = [place(path, node, name) for node, name in undocumented(tree.body, "")]
    if not ast.get_docstring(tree):
        missing.append(place(path, tree, "the module"))
    assert not missing, "\n".join(missing)
