"""Puts the knowledge into a wheel as midback/_knowledge, checked and compiled on the way."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class KnowledgeInWheel(BuildHookInterface):
    """Adds the data files to a wheel; an editable install reads them in the checkout and gets none."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files to add; knowledge that does not stand stops the build with every problem."""
        if version == "editable":
            return
        knowledge = Path(self.root, "knowledge")
        build_data["force_include"][str(knowledge)] = "midback/_knowledge"
        sys.path.insert(0, str(Path(self.root, "src")))
        from midback.errors import KnowledgeProblems
        from midback.knowledge.check import check_tree
        from midback.knowledge.compile import compile_tree
        from midback.knowledge.tree import read_tree

        tree = read_tree(knowledge)
        if problems := check_tree(tree):  # a gap in a translation, too, which a checkout would only not offer
            raise KnowledgeProblems(problems)

        # Compiled at every build, so that a wheel cannot carry an older compilation than its files.
        compiled = Path(self.root, "build", "compiled.json")
        compiled.parent.mkdir(exist_ok=True)
        compiled.write_text(compile_tree(tree), encoding="utf-8")
        build_data["force_include"][str(Path(self.root, "docs", "evaluation.md"))] = "midback/_docs/evaluation.md"
        build_data["force_include"][str(compiled)] = "midback/_knowledge/compiled.json"
