"""One summary of a result, and its dresses: JSON, text, and later letters, charts and pages."""

from midback.report.as_json import SCHEMA_VERSION, assessment_json, question_json
from midback.report.numbers import cite_number, number_json, number_text
from midback.report.text import render_assessment, render_number

__all__ = [
    "SCHEMA_VERSION",
    "assessment_json",
    "cite_number",
    "number_json",
    "number_text",
    "question_json",
    "render_assessment",
    "render_number",
]
