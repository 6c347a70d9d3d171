"""The strict shape of one printed number, and of the base every knowledge file shares.

Written as the paper prints it: exactly one quantity, inside its own interval, with where it comes from. Conversions
stand in the network room; see docs/knowledge_format.md, "A number".
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

__all__ = ["Basis", "Interval", "LevelledNumber", "Link", "Percent", "PrintedNumber", "Strict"]

Percent = Annotated[float, Field(ge=0, le=100)]
Ratio = Annotated[float, Field(gt=0, le=100_000)]
Count = Annotated[int, Field(ge=0)]
Basis = Literal["judgement"]


class Strict(BaseModel):
    """A model that refuses unknown keys and silent conversions between text and numbers."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Interval(Strict):
    """A printed value with its printed 95 % interval."""

    value: float
    low: float | None = None
    high: float | None = None


QUANTITIES = (
    "word", "percent", "count", "sensitivity", "table", "lr_pos", "lr_neg", "odds_ratio", "post_test",
    "same_as_background",
)  # fmt: skip


class PrintedNumber(Strict):
    """One number as its paper prints it, or one judgement word; exactly one quantity."""

    word: str | None = None
    percent: Percent | None = None
    count: Count | None = None
    sensitivity: Percent | Interval | None = None
    specificity: Percent | Interval | None = None
    table: dict[Literal["tp", "fn", "fp", "tn"], Count] | None = None
    lr_pos: Ratio | Interval | None = None
    lr_neg: Ratio | Interval | None = None
    odds_ratio: Ratio | None = None
    control_percent: Percent | None = None
    post_test: Percent | None = None
    pre_test: Percent | None = None
    same_as_background: Literal[True] | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = Field(default=None, gt=0)
    n_with: int | None = Field(default=None, gt=0)
    n_without: int | None = Field(default=None, gt=0)
    source: str | None = None
    where: str | None = None
    basis: Basis | None = None
    reason: str | None = Field(default=None, min_length=4)
    compared_with: str | None = None
    setting: str | None = None
    population: str | None = None
    borrowed_from: str | None = None
    subgroup: str | None = None
    effect: Literal["lowers"] | None = None
    of: str | None = None

    @property
    def quantity(self) -> str:
        """The name of the one quantity that is written."""
        if self.lr_pos is not None and self.lr_neg is not None:
            return "lr_pair"
        return next(name for name in QUANTITIES if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _one_quantity(self) -> PrintedNumber:
        written = [name for name in QUANTITIES if getattr(self, name) is not None]
        if written not in (["lr_pos", "lr_neg"],) and len(written) != 1:
            found = " and ".join(written) if written else "none"
            raise ValueError(f"exactly one quantity is needed, found {found}")
        if self.quantity == "count" and (self.n is None or self.count is None or self.count > self.n):
            raise ValueError("count needs n, and n at least as large")
        if self.quantity == "sensitivity" and self.specificity is None:
            raise ValueError("sensitivity needs specificity; a frequency among the affected is `percent`")
        if self.quantity == "table" and set(self.table or {}) != {"tp", "fn", "fp", "tn"}:
            raise ValueError("table needs tp, fn, fp and tn")
        if self.quantity == "post_test" and self.pre_test is None:
            raise ValueError("a post-test probability without its pre_test says nothing that can be used")
        return self

    @model_validator(mode="after")
    def _interval_holds_value(self) -> PrintedNumber:
        if (self.low is None) != (self.high is None):
            raise ValueError("low and high come together")
        value = getattr(self, self.quantity, None)
        if self.low is None or self.high is None or not isinstance(value, (int, float)):
            return self
        if not self.low <= value <= self.high:
            raise ValueError(f"{self.quantity} {value} lies outside its own interval {self.low}-{self.high}")
        return self

    @model_validator(mode="after")
    def _says_where_from(self) -> PrintedNumber:
        if self.quantity == "word":
            if self.basis != "judgement" or not self.reason:
                raise ValueError("a word needs `basis: judgement` and a reason")
        elif self.quantity == "same_as_background":
            if not self.reason and not self.source:
                raise ValueError("same_as_background needs a reason")
        elif not self.source or not self.where:
            raise ValueError("a figure needs `source` and `where`; without a study write a word")
        return self


class LevelledNumber(Strict):
    """A number for each level of an ordinal finding; the shares are normalised to 1."""

    levels: dict[str, PrintedNumber]
    of: str | None = None


def _link_kind(raw: Any) -> str:
    """Which of the two shapes a link is meant to be, so that messages speak of that shape only."""
    levelled = isinstance(raw, LevelledNumber) or (isinstance(raw, dict) and "levels" in raw)
    return "levelled" if levelled else "printed"


Link = Annotated[
    Annotated[PrintedNumber, Tag("printed")] | Annotated[LevelledNumber, Tag("levelled")],
    Discriminator(_link_kind),
]
