"""Follow-up: measures, a diary that the person owns, real change or noise, and the check-in that re-assesses."""

from midback.follow_up.answers_since import warning_signs
from midback.follow_up.check_in import CheckIn, check_in
from midback.follow_up.diary import Diary, diary_to_raw, merge, read_diary_text
from midback.follow_up.diary_csv import diary_csv, read_csv
from midback.follow_up.diary_file import change_diary, read_content, read_diary, replace_file
from midback.follow_up.diary_import import read_imported
from midback.follow_up.entry import Entry, EntryRefused, Outcome, Place, read_entry, read_moment
from midback.follow_up.measures import Measure, measures_of, score
from midback.follow_up.outcomes import OutcomeSeen, check_outcomes, looked_at
from midback.follow_up.saved import Moved, Reworked, Said, Saved, compare_saved, read_saved, saved_to_raw
from midback.follow_up.trend import Trend, trend_of

__all__ = [
    "CheckIn",
    "Diary",
    "Entry",
    "EntryRefused",
    "Measure",
    "Moved",
    "Outcome",
    "OutcomeSeen",
    "Place",
    "Reworked",
    "Said",
    "Saved",
    "Trend",
    "change_diary",
    "check_in",
    "check_outcomes",
    "compare_saved",
    "diary_csv",
    "diary_to_raw",
    "looked_at",
    "measures_of",
    "merge",
    "read_content",
    "read_csv",
    "read_diary",
    "read_diary_text",
    "read_entry",
    "read_imported",
    "read_moment",
    "read_saved",
    "replace_file",
    "saved_to_raw",
    "score",
    "trend_of",
    "warning_signs",
]
