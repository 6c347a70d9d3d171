"""A clinical note as proposals: which findings its words speak of, each with those words, nothing accepted."""

from midback.notes.reading import (
    LONGEST_NOTE,
    Mention,
    NoteTooLong,
    PassedOver,
    Proposal,
    Reading,
    note_languages,
    read_note,
)

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
