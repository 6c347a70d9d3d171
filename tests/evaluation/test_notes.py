"""How the reading of notes is scored, and what the command writes."""

import json
from pathlib import Path

from midback.evaluation.notes import main, phrases_hash, score_note
from midback.notes import read_note
from people import KNOWLEDGE, person


def test_found_missed_other_and_a_missed_denial_are_told_apart() -> None:
    coded = person(age=58, sex="female", fever="no", cough="no", weight_loss="yes", rigors="yes")
    score = score_note("x", read_note("58F. No fever. Cough. Wt loss. Syncope.", KNOWLEDGE), coded, KNOWLEDGE)
    assert score.found == ("fever", "weight_loss")
    assert score.missed == ("rigors",)
    assert score.other_value == score.denial_missed == ("cough",)
    assert score.beyond == ("fainting",)
    assert score.person_right


def test_the_command_reads_texts_and_writes_a_page(tmp_path: Path) -> None:
    texts = tmp_path / "texts.jsonl"
    rows = [{"id": "V046", "presentation_core": "58 year old man, leg weakness and repeated falls for six months."},
            {"id": "nobody", "presentation_core": "x"}]  # fmt: skip
    texts.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    place = tmp_path / "notes.md"
    assert main([str(texts), "--output", str(place)]) == 0
    page = place.read_text(encoding="utf-8")
    assert "| V046 |" in page
    assert "nobody" not in page
    assert phrases_hash(KNOWLEDGE) in page
    texts.write_text("", encoding="utf-8")
    assert main([str(texts)]) == 1
