"""The record of the second reading checked: its shape, and that its sources and numbers exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from midback.errors import Problem
from midback.knowledge.care_schema import Strict
from midback.knowledge.tree import KnowledgeTree

__all__ = ["ReadAgain", "ReviewFile", "check_review"]

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


class ReviewFile(Strict):
    """A draw by ``seed`` of ``percent`` of the distinct cited figures of causes and findings."""

    seed: int
    percent: float = Field(gt=0, le=100)
    drawn_on: Day
    figures: int = Field(gt=0)
    how: str
    read: list[ReadAgain]


def check_review(tree: KnowledgeTree) -> Iterator[Problem]:
    """Every problem in review.yaml; none where there is no such file."""
    data = tree.content.get("review")
    if data is None:
        return
    try:
        review = ReviewFile.model_validate(data)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            what = item["msg"].removeprefix("Value error, ")
            yield Problem("review.yaml", ".".join(map(str, item["loc"])), what, "see docs/knowledge_format.md")
        return
    owners = set(tree.parsed.get("causes", {})) | set(tree.parsed.get("findings", {}))
    for place, row in enumerate(review.read):
        for user in row.used_by:
            if user.partition(".")[0] not in owners:
                yield Problem(
                    "review.yaml", f"read.{place}.used_by", f"no cause or finding for '{user}'", "mend the id"
                )
