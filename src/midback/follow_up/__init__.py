"""Follow-up: measures, a diary that the person owns, real change or noise, and the check-in that re-assesses."""

from midback.follow_up.check_in import CheckIn, check_in, warning_signs
from midback.follow_up.diary import Diary, diary_to_raw, merge, read_diary_text
from midback.follow_up.diary_csv import diary_csv, read_csv
from midback.follow_up.diary_file import change_diary, read_diary, replace_file
from midback.follow_up.entry import Entry, EntryRefused, Place, read_entry, read_moment
from midback.follow_up.measures import Measure, measures_of, score
from midback.follow_up.trend import Trend, trend_of

__all__ = [
    "CheckIn",
    "Diary",
    "Entry",
    "EntryRefused",
    "Measure",
    "Place",
    "Trend",
    "change_diary",
    "check_in",
    "diary_csv",
    "diary_to_raw",
    "measures_of",
    "merge",
    "read_csv",
    "read_diary",
    "read_diary_text",
    "read_entry",
    "read_moment",
    "replace_file",
    "score",
    "trend_of",
    "warning_signs",
]
