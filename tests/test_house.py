"""The shape of the house holds itself."""

import ast
import importlib
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string

from motcua import wiring
from motcua.domain.dossiers.drawing import diagram
from motcua.domain.dossiers.rules import ENDED, MOVES, STATE_NAMES, Action, Next, State

ROOT = Path(__file__).parents[1]
DOMAIN = ROOT / "motcua/domain"
WORDS = {"events", "rules", "models", "queries", "commands", "jobs"}
#: the one odd thing that a module needs, named by what it does
ODD = {
    "agencies": {"places"},
    "procedures": {"package", "forms"},
    "papers": {"printing"},
    "privacy": {"law"},
    # a wire format of its own, to be read by banks' apps
    "payments": {"vietqr"},
    "dossiers": {"register", "drawing", "asking"},
    "accounts": {"passwords"},
    # the database side of an answer is spelled out for speed
    "population": {"generating", "proving", "gate", "telling"},
}


#: used by several files of dossiers.commands, and by nobody else
SHARED = {"take", "lock", "check_proxy", "given", "answered", "claimed", "start_step"}
SHARED |= {"print_slip", "print_guide", "print_result"}


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not {"migrations", "tests"} & set(path.parts) and path.name != "conftest.py":
                yield path


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def module_of(path: Path) -> str:
    return path.relative_to(DOMAIN).parts[0]


def word_of(path: Path) -> str:
    """The second part below the module: rules.py and rules/money.py are both 'rules'."""
    return path.relative_to(DOMAIN).parts[1].removesuffix(".py")


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def test_domain_files_have_known_names() -> None:
    for path in sources("motcua/domain"):
        if path.parent == DOMAIN or path.name == "__init__.py":
            continue
        assert word_of(path) in WORDS | ODD.get(module_of(path), set()), path


def test_no_file_is_longer_than_400_lines() -> None:
    long = {
        str(path): count
        for folder in ("motcua", "tests", "journeys", "bench")
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
        and (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long


def test_what_the_bench_and_the_journeys_import_is_there() -> None:
    for path in sources("bench", "journeys"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("motcua", "journeys")):
                module = importlib.import_module(node.module or "")
                for one in node.names:
                    inside = hasattr(module, one.name)
                    assert inside or importlib.util.find_spec(f"{node.module}.{one.name}"), (path, one.name)


def test_rows_are_reached_only_through_models_queries_and_commands() -> None:
    for path in sources("motcua/portals", "motcua/domain", "motcua/connectors"):
        inside = path.is_relative_to(DOMAIN) and path.parent != DOMAIN
        if inside and word_of(path) in {"models", "queries", "commands"}:
            continue
        assert ".objects" not in path.read_text(encoding="utf-8"), path


def test_the_domain_has_no_clock() -> None:
    for path in sources("motcua/domain"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"timezone\.now\(|datetime\.now\(|date\.today\(|time\.time\(", text), path


def test_the_environment_is_read_in_settings_only() -> None:
    for path in sources("motcua/portals", "motcua/domain", "motcua/connectors"):
        assert "os.environ" not in path.read_text(encoding="utf-8"), path


def test_commands_are_keyword_only_with_by_and_at_and_a_docstring() -> None:
    for path in sources("motcua/domain"):
        if path.parent == DOMAIN or word_of(path) != "commands":
            continue
        for function in functions(path):
            if function.name in SHARED:
                continue
            names = {argument.arg for argument in function.args.kwonlyargs}
            assert not function.args.args, f"{path}: {function.name} takes positions"
            assert {"by", "at"} <= names, f"{path}: {function.name} does not say who and when"


def test_public_functions_of_rules_queries_and_commands_have_a_docstring() -> None:
    needing = {"rules", "queries", "commands", "jobs"}
    for path in [*sources("motcua/domain"), *sources("motcua/base")]:
        inside = path.is_relative_to(DOMAIN) and path.parent != DOMAIN
        if inside and word_of(path) not in needing | ODD.get(module_of(path), set()):
            continue
        for function in functions(path):
            assert ast.get_docstring(function), f"{path}: {function.name}"


def test_every_package_has_one_docstring() -> None:
    for path in sources("motcua"):
        if path.name == "__init__.py" and "management" not in path.parts:
            assert ast.get_docstring(tree(path)), path


def test_nothing_is_imported_inside_a_function() -> None:
    for path in sources("motcua"):
        for function in ast.walk(tree(path)):
            if isinstance(function, ast.FunctionDef):
                inner = [n for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom)]
                assert not inner, f"{path}: {function.name}"


def glossary() -> dict[str, str]:
    rows = re.findall(r"^\| (.+?) \| (\w+) \|", (ROOT / "GLOSSARY.md").read_text(encoding="utf-8"), re.M)
    return {english: vietnamese for vietnamese, english in rows}


def test_every_model_opens_with_its_word_from_the_glossary() -> None:
    words = glossary()
    for config in apps.get_app_configs():
        if not config.name.startswith("motcua."):
            continue
        for model in config.get_models():
            said = re.match(r"(\w+) \(([^)]+)\):", model.__doc__ or "")
            assert said, f"{model.__name__} opens with no word (từ)"
            assert said[1] == model.__name__
            assert words.get(model.__name__), f"{model.__name__} is not in GLOSSARY.md"
            assert set(said[2].split(", ")) & set(words[model.__name__].split(", ")), model.__name__


def views(resolver: URLResolver) -> Iterator[object]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from views(entry)
        elif isinstance(entry, URLPattern):
            yield entry.callback


def test_every_address_has_a_gate() -> None:
    #: served by libraries that check callers themselves: the register's API and the provider's endpoints
    for view in views(get_resolver()):
        module = getattr(view, "__module__", "")
        if module.startswith("motcua."):
            assert hasattr(view, "gate"), f"{module}.{getattr(view, '__name__', view)}"


def test_no_procedure_code_stands_in_code() -> None:
    for path in sources("motcua"):
        assert not re.search(r"[\"'][123]\.\d{6}", path.read_text(encoding="utf-8")), path


def test_everything_named_in_wiring_exists() -> None:
    announced = {
        value
        for path in sources("motcua/domain")
        for value in re.findall(
            r"^[A-Z_]+(?::[^=]+)? = \"([a-z_]+\.[a-z_]+)\"", path.read_text("utf-8"), re.M
        )
    } | {f"dossier.{action}" for action in Action}
    for event, jobs in wiring.REACTIONS.items():
        assert event in announced, event
        assert all(callable(import_string(job)) for job in jobs)
    assert all(callable(import_string(path)) for path in wiring.HOLDINGS)
    for _cron, job in wiring.SCHEDULE:
        assert callable(import_string(job))


def test_every_action_has_a_row_and_every_state_can_be_reached_and_left() -> None:
    assert set(MOVES) == set(Action)
    assert set(STATE_NAMES) == set(State)
    reached = {State.DRAFT} | {move.end for move in MOVES.values() if isinstance(move.end, State)}
    assert reached == set(State)
    left = set().union(*(move.start for move in MOVES.values()))
    assert left == set(State) - ENDED
    assert all(isinstance(move.end, State | Next) for move in MOVES.values())


def test_the_drawing_of_states_is_fresh() -> None:
    assert (ROOT / "docs/states.md").read_text(encoding="utf-8") == diagram()


@pytest.mark.parametrize("path", [p for p in sources("motcua/portals") if p.name != "__init__.py"], ids=str)
def test_views_are_short(path: Path) -> None:
    if "views" not in path.parts and path.stem != "views":
        return
    for function in ast.walk(tree(path)):
        if isinstance(function, ast.FunctionDef) and any(
            "gate" in ast.unparse(decorator) for decorator in function.decorator_list
        ):
            lines = (function.end_lineno or 0) - function.lineno + 1
            assert lines <= 17, f"{path}: {function.name} has {lines} lines"
