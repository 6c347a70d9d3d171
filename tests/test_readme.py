"""The README's examples reproduce: each command shown is run, and its first lines are those printed there."""

import re
import shlex
from pathlib import Path

import pytest

from midback.interfaces.cli import main

ROOT = Path(__file__).parents[1]
BLOCKS = re.findall(r"```\n\$ midback ([^\n]*)\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)


def test_there_are_examples():
    assert len(BLOCKS) >= 2
    assert all(shown.strip() for _, shown in BLOCKS)


@pytest.mark.parametrize(("command", "shown"), BLOCKS, ids=[command for command, _ in BLOCKS])
def test_example_reproduces(command, shown, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert main(shlex.split(command)) == 0
    printed = capsys.readouterr().out.splitlines()
    lines = [line for line in shown.splitlines() if line != "..."]
    for line in lines:
        assert line in printed, line


def test_every_link_in_the_readme_leads_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / "README.md").read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target
