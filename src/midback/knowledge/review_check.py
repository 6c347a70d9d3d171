"""The record of the second reading checked: its shape, and that the causes, findings and care it names exist."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from midback.errors import Problem
from midback.knowledge.care_schema import Strict
from midback.knowledge.shape_problems import shape_problems
from midback.knowledge.tree import KnowledgeTree

__all__ = ["Draw", "ReadAgain", "ReviewFile", "check_review"]

Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class ReadAgain(Strict):
    """One figure read again. ``said`` is what the text says, in our words; needed when it disagrees."""

    source: str
    where: str
    figure: str
    used_by: list[str] = Field(min_length=1)
    result: Literal["agree", "disagree", "could_not_reread"]
    on: Day
    said: str | None = None
    corrected: str | None = None

    @model_validator(mode="after")
    def _says_what_was_wrong(self) -> ReadAgain:
        if self.result != "agree" and self.said is None:
            raise ValueError("what disagrees, or could not be read again, says why in `said`")
        if self.result == "disagree" and self.corrected is None:
            raise ValueError("what disagrees says in `corrected` what was done")
        return self


class Draw(Strict):
    """A draw by ``seed`` of ``percent`` of the ``figures`` distinct cited figures that ``of`` describes."""

    seed: int
    percent: float = Field(gt=0, le=100)
    of: str
    figures: int = Field(gt=0)
    drawn_on: Day
    how: str
    read: list[ReadAgain] = Field(min_length=1)

    @model_validator(mode="after")
    def _says_every_figure_once(self) -> Draw:
        drawn = math.ceil(self.figures * self.percent / 100)
        if len(self.read) != drawn:
            raise ValueError(
                f"{self.percent:g} % of {self.figures} figures is {drawn}, but {len(self.read)} are recorded"
            )
        seen: set[tuple[str, str, str]] = set()
        for row in self.read:
            if (figure := (row.source, row.where, row.figure)) in seen:
                raise ValueError(f"{row.source}, {row.where}, {row.figure} is recorded twice")
            seen.add(figure)
        return self


class ReviewFile(Strict):
    """Every draw, oldest first; a figure may be read again by a later draw, never twice by one."""

    draws: list[Draw] = Field(min_length=1)


def check_review(tree: KnowledgeTree) -> Iterator[Problem]:
    """Every problem in review.yaml; none where there is no such file."""
    data = tree.content.get("review")
    if data is None:
        return
    try:
        review = ReviewFile.model_validate(data)
    except ValidationError as error:
        yield from shape_problems(error, "review.yaml")
        return
    owners = {*tree.parsed.get("causes", {}), *tree.parsed.get("findings", {}),
              *tree.content.get("care", {}), *tree.content.get("prevention", {})}  # fmt: skip
    for at, draw in enumerate(review.draws):
        for place, row in enumerate(draw.read):
            for user in row.used_by:
                if user.partition(".")[0] not in owners:
                    where = f"draws.{at}.read.{place}.used_by"
                    yield Problem("review.yaml", where, f"no cause, finding or care for '{user}'", "mend the id")
