"""The house rules a machine can check: surfaces, names, sizes, and documents that cannot drift."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

import midback

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "midback"
MODULES = sorted(SOURCE.rglob("*.py"))
LONGEST_FILE = 400
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}

# Written in pieces, so that this file does not hold what it looks for.
MACHINE_PATHS = re.compile(r"(?<![\w.)])/(" + "|".join(("root", "home", "Users", "tmp", "work", "opt")) + ")/")
INDEX_HOSTS = re.compile("|".join(rf"\b{name}\.org" for name in ("pypi", "pythonhosted")) + r"|--(extra-)?index-url \S")


def module_id(path: Path) -> str:
    return path.relative_to(SOURCE.parent).as_posix()


each_module = pytest.mark.parametrize("path", MODULES, ids=module_id)


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def exported(tree: ast.Module) -> list[str] | None:
    """The names in ``__all__``, or None where the module has none."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
                return list(ast.literal_eval(value))
            case ast.AnnAssign(target=ast.Name(id="__all__"), value=ast.expr() as value):
                return list(ast.literal_eval(value))
    return None


def defined(tree: ast.Module) -> set[str]:
    """Every name a module makes itself at its top level; imports are not its own."""
    names: set[str] = set()
    for node in tree.body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.Assign(targets=targets):
                parts = (part for target in targets for part in ast.walk(target))
                names.update(part.id for part in parts if isinstance(part, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return names


def imported(tree: ast.Module) -> set[str]:
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    return {alias.asname or alias.name.split(".")[0] for node in nodes for alias in node.names}


def module_file(dotted: str) -> Path | None:
    """The file of a module of Midback, or None where the name is something inside a module."""
    inner = Path(*dotted.split(".")[1:])
    candidates = (SOURCE / inner.with_suffix(".py"), SOURCE / inner / "__init__.py")
    return next((path for path in candidates if path.is_file()), None)


def tracked_files() -> list[Path]:
    """Files git tracks or would track; every text file of the tree where there is no git."""
    git = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(git, capture_output=True, check=True).stdout.decode()
        paths = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path for path in ROOT.rglob("*") if not {".venv", ".git", "build", "dist"} & set(path.parts)]
    return [path for path in paths if path.is_file()]


@each_module
def test_all_is_exactly_the_public_surface(path: Path) -> None:
    if path.name == "__main__.py":
        return  # started, never imported
    tree = parse(path)
    names = exported(tree)
    assert names is not None, f"{module_id(path)} has no __all__"
    assert len(names) == len(set(names)), f"{module_id(path)} names something twice in __all__"
    makes = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    public = {node.name for node in tree.body if isinstance(node, makes) and not node.name.startswith("_")}
    assert public <= set(names), f"export it or underscore it: {sorted(public - set(names))}"
    lazy = "__getattr__" in defined(tree)
    own = defined(tree) | (imported(tree) if path.name == "__init__.py" else set())
    assert lazy or set(names) <= own, f"in __all__ but not made here: {sorted(set(names) - own)}"


@each_module
def test_others_use_only_the_public_surface(path: Path) -> None:
    for node in ast.walk(parse(path)):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("midback.") or node.level:
            continue
        source = module_file(str(node.module))
        assert source is not None, f"{node.module} is no module"
        surface = set(exported(parse(source)) or [])
        for alias in node.names:
            inside = module_file(f"{node.module}.{alias.name}") is not None
            assert inside or alias.name in surface, f"{alias.name} is not in the __all__ of {node.module}"


@each_module
def test_public_things_have_docstrings(path: Path) -> None:
    tree = parse(path)
    bare = [] if ast.get_docstring(tree) else [module_id(path)]
    for node in tree.body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
            continue
        members = node.body if isinstance(node, ast.ClassDef) else []
        for thing in (node, *members):
            documented = isinstance(thing, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            if documented and not thing.name.startswith("_") and not ast.get_docstring(thing):
                bare.append(thing.name)
    assert not bare, f"without a docstring: {bare}"


@each_module
def test_file_is_short_and_named_for_what_it_holds(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_FILE, f"{module_id(path)} has {lines} lines: which two things does it do?"
    vague = VAGUE_NAMES & set(path.relative_to(SOURCE).with_suffix("").parts)
    assert not vague, f"{vague} says nothing about what is inside"


@each_module
def test_rooms_do_not_import_the_front_door(path: Path) -> None:
    # import-linter cannot see this cycle: the package itself is in no layer.
    rooms = {child.stem for child in SOURCE.iterdir()}
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.ImportFrom) and node.module == "midback" and node.level == 0:
            through = {alias.name for alias in node.names} - rooms - {"__version__"}
            assert not through, f"import {sorted(through)} from the room that makes it"


@each_module
def test_a_language_is_named_only_as_a_default(path: Path) -> None:
    """Words are looked up in the language of whoever reads; "en" stands nowhere but as the default of `language`."""
    tree, allowed = parse(path), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            spec = node.args
            named = [*zip(reversed(spec.args), reversed(spec.defaults), strict=False),
                     *zip(spec.kwonlyargs, spec.kw_defaults, strict=True)]  # fmt: skip
            allowed |= {id(default) for argument, default in named if argument.arg == "language"}
    found = [node.lineno for node in ast.walk(tree)
             if isinstance(node, ast.Constant) and node.value == "en" and id(node) not in allowed]  # fmt: skip
    assert not found, f"{module_id(path)} fixes the language at lines {found}"


def test_tracked_files_name_no_machine_and_no_package_index() -> None:
    found = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        name = path.relative_to(ROOT).as_posix()
        for number, line in enumerate(text.splitlines(), 1):
            if INDEX_HOSTS.search(line) or (MACHINE_PATHS.search(line) and "://" not in line):
                found.append(f"{name}:{number}: {line.strip()[:100]}")
    assert not found, "\n".join(found)


def test_lock_files_are_hashed() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        pinned = re.findall(r"^[a-z0-9][\w.-]*==", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
        blocks = re.split(r"^(?=[a-z0-9])", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
        assert len(pinned) == len(blocks), f"{lock.name}: every requirement is pinned with =="
        assert all("--hash=sha256:" in block for block in blocks), f"{lock.name}: every requirement has a hash"


def test_lock_holds_every_direct_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()
    names = {re.split(r"[<>=\[ ]", line)[0].lower() for line in wanted}
    missing = sorted(name for name in names if f"\n{name}==" not in locked)
    assert not missing, f"run make lock: {missing}"


def test_version_is_told_everywhere() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[?{re.escape(midback.__version__)}\]?", changelog, flags=re.MULTILINE)
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {midback.__version__}\n" in citation


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\((\d{4}-[\w-]+\.md)\)", index))
    assert linked == {path.name for path in folder.glob("[0-9]*.md")}
    for name in linked:
        text = (folder / name).read_text(encoding="utf-8")
        for heading in ("## Context", "## Options", "## Decision", "## Consequences"):
            assert heading in text, f"{name} lacks {heading}"


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT).as_posix()} -> {target}")
    assert not broken, "\n".join(broken)


def test_make_help_lists_every_command_the_documents_name() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    known = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    for name in ("README.md", "CONTRIBUTING.md"):
        said = set(re.findall(r"(?:^|`)make ([a-z]+)", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE))
        assert said <= known, f"{name} names {sorted(said - known)}"


def test_ci_calls_make_test_and_nothing_else() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in script if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["exec make --no-print-directory test"]
