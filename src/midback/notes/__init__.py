"""A clinical note as proposals: which findings its words speak of, each with those words, nothing accepted."""

from midback.notes.reading import (
    LONGEST_NOTE,
    Mention,
    NoteTooLong,
    PassedOver,
    Proposal,
    Reading,
    read_note,
)
from midback.notes.vocabulary import note_languages

__all__ = [
    "LONGEST_NOTE",
    "Mention",
    "NoteTooLong",
    "PassedOver",
    "Proposal",
    "Reading",
    "note_languages",
    "read_note",
]
