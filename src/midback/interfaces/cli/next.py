"""`midback next CASE`: the next question, or that there is none; keeps no state of its own."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from midback.answers import read_answers_file
from midback.interfaces.cli.language import language_of
from midback.interview import next_question
from midback.knowledge import load_knowledge
from midback.report import question_json

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """0 after printing the next question as text or JSON."""
    knowledge = load_knowledge(options.knowledge)
    answers = read_answers_file(None if options.case == "-" else Path(options.case), knowledge)
    language = language_of(options, knowledge)
    data = question_json(next_question(answers, knowledge), answers, knowledge, language)
    if options.format == "json":
        print(json.dumps(data, ensure_ascii=False, indent=2))
        return 0
    if data["done"]:
        print(data["text"])
        return 0
    question = data["question"]
    if question["title"]:
        print(f"{question['title']}. {question['intro']}")
    number = knowledge.say("interface", "questions", "whole_number", language=language)
    for item in question["items"]:
        print(f"{item['id']}: {item['question']} ({', '.join(item['choices']) or number})")
        print(f"  {item['why']}")
    return 0
