"""Wrong command lines and files that are none: an exit code, what is wrong, the way out, and never a traceback."""

from pathlib import Path

import pytest

from midback.interfaces.cli import main

CASE = "docs/examples/sore_mid_back_at_41.yaml"
ROOT = Path(__file__).parents[2]
FILES = {"binary": b"\x8c\x00\xff" * 99, "half.json": b'{"a":', "list.json": b"[1, 2]", "empty.yaml": b""}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder").mkdir()
    (tmp_path / "case.yaml").write_bytes((ROOT / CASE).read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("assess none.yaml", 4, "check the path"),
        ("assess folder", 4, "check the path"),
        ("assess binary", 4, "save it as UTF-8 text"),
        ("assess half.json", 4, "half.json:line 2"),
        ("assess list.json", 4, "docs/answers_format.md"),
        ("assess empty.yaml", 4, "docs/answers_format.md"),
        ("assess case.yaml --format xml", 2, "choose from"),
        ("assess case.yaml --lang xx", 1, "one of en"),
        ("assess case.yaml --knowledge none", 3, "settings.yaml"),
        ("assess case.yaml --knowledge binary", 3, "settings.yaml"),
        ("plan case.yaml --today 2026-13-45", 2, "write it like"),
        ("plan case.yaml --today 9999-12-30", 2, "1900 to 9000"),
        ("knowledge show qqqq", 1, "knowledge site"),
        ("knowledge show heart_rat", 1, "did you mean heart_rate"),
        ("knowledge diff folder binary", 3, "binary is no compiled knowledge"),
        ("knowledge diff folder list.json", 3, "knowledge compile"),
        ("knowledge compile --output folder", 1, "check the path"),
        ("compare-result case.yaml --old binary", 3, "knowledge compile"),
        ("compare-result list.json", 4, "a result that Midback wrote"),
        ("diary show none.json", 4, "begins one"),
        ("diary import folder none.csv", 4, "check the path"),
        ("diary add new.json --now eleven", 4, "nothing was written"),
        ("diary add folder --now 3", 4, "check the path"),
        ("letter case.yaml --output none/letter.pdf", 1, "check the path"),
        ("serve --workers 0", 2, "from 1 on"),
        ("serve --port 99999", 1, "another --port"),
        ("check --setting mars", 4, "self_check"),
    ],
)
def test_what_is_wrong_is_said_with_the_way_out(line, code, says, folder, capsys):
    try:
        done = main(line.split())
    except SystemExit as end:
        done = end.code
    said = capsys.readouterr()
    assert done == code, said.err
    assert says in " ".join(said.err.split())
    assert "Traceback" not in said.err
    assert not said.out or line.startswith("serve")
    assert not (folder / "new.json").exists()
