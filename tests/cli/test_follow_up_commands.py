"""`midback plan`, `diary` and `follow-up` as a person meets them: files, words, exit codes."""

import json
import subprocess
import sys

import pytest

from care.people import knowledge, person
from midback.follow_up import read_diary
from midback.interfaces.cli import main
from people import KNOWLEDGE

pytestmark = pytest.mark.slow  # real processes or whole trees: left out of `make check`


@pytest.fixture
def case(tmp_path):
    path = tmp_path / "case.json"
    path.write_text(json.dumps(person(know_all=False).to_raw()))
    return path


@pytest.fixture
def diary(tmp_path):
    path = tmp_path / "diary.json"
    for day, pain in (("01", 6), ("08", 6), ("20", 3)):
        arguments = ["--now", str(pain), "--worst", "8", "--at", f"2026-09-{day}T08:00+02:00"]
        assert main(["diary", "add", str(path), *arguments]) == 0
    return path


def test_a_plan_as_text_json_and_calendar_says_the_same(case, capsysbinary):
    said = {}
    for form in ("text", "json", "ics"):
        assert main(["plan", str(case), "--today", "2026-11-22", "--format", form]) == 0
        said[form] = capsysbinary.readouterr().out.decode()
    data = json.loads(said["json"])
    assert (data["schema_version"], data["kind"]) == (1, "plan")
    assert data["plan"]["today"] == "2026-11-22"
    assert data["plan"]["better_by"] in said["text"]
    for step in data["plan"]["steps"]:
        for item in step["items"]:
            assert data["labels"][item["id"]] in said["text"]
    assert said["ics"].startswith("BEGIN:VCALENDAR")
    assert data["plan"]["better_by"].replace("-", "") in said["ics"]
    assert "Call for emergency help at once" in said["ics"].replace("\r\n ", "")
    assert "RRULE:FREQ=DAILY;UNTIL=" in said["ics"]


def test_an_emergency_shows_no_plan(tmp_path, capsys):
    path = tmp_path / "case.json"
    path.write_text(json.dumps(person(know_all=False, leg_weakness_both="yes").to_raw()))
    assert main(["plan", str(path)]) == 0
    text = capsys.readouterr().out
    assert "Get emergency help now. Do nothing else first." in text
    assert "worth doing" not in text


def test_the_diary_goes_out_and_comes_back(diary, tmp_path, capsys):
    for name in ("copy.csv", "copy.json"):
        assert main(["diary", "export", str(diary), "--output", str(tmp_path / name)]) == 0
        other = tmp_path / f"other-{name}.json"
        assert main(["diary", "import", str(other), str(tmp_path / name)]) == 0
        assert read_diary(other).entries == read_diary(diary).entries
        assert main(["diary", "import", str(other), str(tmp_path / name)]) == 0
    assert "0 new entries, 3 already there, 0 in two versions." in capsys.readouterr().out


def test_a_table_with_wrong_rows_is_taken_whole_or_by_choice(diary, tmp_path, capsys):
    table = tmp_path / "table.csv"
    table.write_text("at,pain_now\n2026-09-21,3\n2026-09-22,11\nnever,3\n")
    before = diary.read_bytes()
    assert main(["diary", "import", str(diary), str(table)]) == 4
    error = capsys.readouterr().err
    assert "11 cannot be; it is a number from 0 to 10 @ table.csv:row 3" in error
    assert "'never' is no date" in error
    assert "nothing was imported" in error
    assert diary.read_bytes() == before
    assert main(["diary", "import", str(diary), str(table), "--keep-good"]) == 1
    assert len(read_diary(diary).entries) == 4


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--now", "11"], "pain.now: 11 cannot be; it is a number from 0 to 10"),
        (["--now", "much"], "'much' is no number"),
        (["--now", "5", "--at", "31.12.2026"], "is no date"),
        (["--now", "5", "--at", "2199-01-01"], "lies in the future"),
        (["--site", "tail=3"], "there is no zone 'tail'"),
        (["--site", "neck"], "must look like name=value"),
        (["--peg", "1,2"], "three numbers"),
        (["--change", "9"], "1 (much better) to 7"),
        (["--answer", "fevr=yes"], "did you mean fever?"),
        (["--answer", "fever=maybe"], "'maybe' must be yes, no or not_sure"),
        (["--outcome", "both_legs_week", "--by", "Dr Rao", "--found", "scan normal"], "there is no such red flag"),
        (["--outcome", "both_legs_weak", "--by", "Dr Rao"], "an all-clear that names nothing settles nothing"),
        (["--outcome", "both_legs_weak", "--found", "scan normal"], "say who looked"),
        (["--now", "5", "--found", "scan normal"], "--by and --found belong to --outcome"),
        ([], "it says nothing"),
    ],
)
def test_a_wrong_entry_is_refused_in_words_and_nothing_is_written(tmp_path, capsys, arguments, says):
    path = tmp_path / "diary.json"
    assert main(["diary", "add", str(path), *arguments]) == 4
    assert says in capsys.readouterr().err
    assert not path.exists()


def test_one_entry_holds_everything(tmp_path, capsys):
    path = tmp_path / "diary.json"
    arguments = ["--now", "4", "--average", "4.5", "--worst", "7", "--peg", "4,3,5", "--site", "mid_left=5",
                 "--site", "neck=2", "--activity", "lift my child=4", "--change", "3", "--answer", "fever=no",
                 "--no-warning-signs", "--note", "slept badly", "--at", "2026-09-01T08:00"]  # fmt: skip
    assert main(["diary", "add", str(path), *arguments]) == 0
    assert "No time zone was given, so your local one was taken" in capsys.readouterr().out
    (entry,) = read_diary(path).entries
    assert (entry.peg, entry.global_change, entry.note) == (
        {"pain": 4, "enjoyment": 3, "activity": 5},
        3,
        "slept badly",
    )
    assert main(["diary", "show", str(path)]) == 0
    shown = capsys.readouterr().out
    assert all(part in shown for part in ("left 5; Neck 2", "life 4, 3, 5", "lift my child 4", "Fever: no"))


def test_second_versions_and_broken_files_are_shown(diary, tmp_path, capsys):
    raw = json.loads(diary.read_text())
    raw["entries"][0]["pain"] = {"now": 1}
    other = tmp_path / "other.json"
    other.write_text(json.dumps(raw))
    assert main(["diary", "import", str(diary), str(other)]) == 0
    assert "0 new entries, 2 already there, 1 in two versions." in capsys.readouterr().out
    diary.write_text(diary.read_text()[:-30])
    assert main(["diary", "show", str(diary)]) == 0
    told = capsys.readouterr()
    assert "the text is not whole" in told.err


def test_plots(diary, tmp_path, capsys):
    assert main(["diary", "plot", str(diary), "--output", str(tmp_path / "pain.svg")]) == 0
    assert "2026-09-20" in capsys.readouterr().out  # the same numbers as text
    assert "<desc" in (tmp_path / "pain.svg").read_text()
    assert main(["diary", "plot", str(diary), "--format", "html", "--since", "2026-09-05"]) == 0
    page = capsys.readouterr().out
    assert page.count("<tr>") == 3
    assert main(["diary", "plot", str(diary), "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("from,entries,mean")


def test_follow_up_as_text_and_json(case, diary, capsys):
    arguments = ["follow-up", str(case), str(diary), "--today", "2026-09-21"]
    assert main(arguments) == 0
    text = capsys.readouterr().out
    assert main([*arguments, "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["kind"], data["schema_version"], data["begun"]) == ("follow_up", 1, "2026-09-01")
    assert data["trend"]["pain"]["verdict"] == "better"
    assert data["settling"] == "better"
    assert "real change for the better" in text
    assert all(f"[{sign}]" in text for sign in data["ask_again"])
    assert data["assessment"]["triage"]["level"] == data["level"]


def test_an_outcome_is_written_shown_and_takes_its_rule_out_of_the_level(tmp_path, diary, capsys):
    case = tmp_path / "weak.json"
    case.write_text(json.dumps(person(know_all=False, leg_weakness_both="yes").to_raw()))
    look = ["follow-up", str(case), str(diary), "--today", "2026-09-21", "--format", "json"]
    capsys.readouterr()
    assert main(look) == 0
    before = json.loads(capsys.readouterr().out)
    (flag,) = (row["id"] for row in before["assessment"]["flags"] if row["state"] == "raised")
    told = ["--outcome", flag, "--by", "Dr Rao", "--found", "MRI: cord free", "--at", "2026-09-20T12:00+02:00"]
    assert main(["diary", "add", str(diary), *told]) == 0
    assert main(["diary", "show", str(diary)]) == 0
    title = KNOWLEDGE.words["en"]["red_flags"][flag]["title"]
    assert f"{title}: Dr Rao, 2026-09-20: MRI: cord free" in capsys.readouterr().out
    assert main(look) == 0
    after = json.loads(capsys.readouterr().out)
    assert (before["level"], before["outcomes"]) == ("emergency_now", [])
    assert after["level"] != "emergency_now"
    assert [(row["flag"], row["state"]) for row in after["outcomes"]] == [(flag, "settled")]
    assert after["assessment"]["chances"]["causes"] == before["assessment"]["chances"]["causes"]
    assert after["assessment"]["flags"] == before["assessment"]["flags"]


def test_follow_up_without_a_diary_or_with_a_wrong_day(case, diary, tmp_path, capsys):
    assert main(["follow-up", str(case), str(tmp_path / "none.json")]) == 4
    assert "there is no such file" in capsys.readouterr().err
    assert main(["follow-up", str(case), str(diary), "--begun", "2026-10-01", "--today", "2026-09-01"]) == 4
    with pytest.raises(SystemExit) as stopped:
        main(["follow-up", str(case), str(diary), "--today", "tomorrow"])
    assert stopped.value.code == 2


def test_a_busy_diary_ends_with_its_own_code(diary, monkeypatch, capsys):
    import fcntl

    monkeypatch.setattr("midback.follow_up.diary_file.PAUSE", 0.001)
    monkeypatch.setattr("midback.follow_up.diary_file.change_diary.__defaults__", (None, 0.05))
    with diary.with_name(".diary.json.lock").open("w") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        assert main(["diary", "add", str(diary), "--now", "3"]) == 1
    assert "another program is writing" in capsys.readouterr().err


def test_as_a_process(diary):
    done = subprocess.run(
        [sys.executable, "-m", "midback.interfaces.cli", "diary", "show", str(diary)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "3 entries, from 2026-09-01 to 2026-09-20" in done.stdout


def test_a_blocked_exercise_is_named_with_its_reason_in_plan_and_letter(tmp_path, capsys):
    from datetime import date

    from care.people import knowledge
    from midback.assessment import assess
    from midback.care import plan, plan_to_raw
    from midback.report import assessment_json
    from midback.report.letter import letter_document

    someone = person(osteoporosis="yes", previous_fragility_fracture="yes")
    path = tmp_path / "case.json"
    path.write_text(json.dumps(someone.to_raw()))
    assert main(["plan", str(path), "--today", "2026-11-22"]) == 0
    found = assess(someone, knowledge(), draws=0)
    raw = plan_to_raw(plan(found, knowledge(), date(2026, 11, 22)))
    label = knowledge().words["en"]["care"]["exercises"]["open_book"]["label"]
    assert label in letter_document(assessment_json(found, knowledge()), raw, knowledge(), "2026-11-22").text()
    assert f"x {label}: " in capsys.readouterr().out


def test_a_kept_result_is_compared_with_exit_codes(case, tmp_path, capsys):
    assert main(["assess", str(case), "--format", "json"]) == 0
    kept = tmp_path / "kept.json"
    kept.write_text(capsys.readouterr().out)
    assert main(["compare-result", str(kept)]) == 0
    said = knowledge().words["en"]["saved"]
    assert said["same_knowledge"].partition("(")[0] in capsys.readouterr().out
    data = json.loads(kept.read_text())
    data["triage"]["level"] = "same_day" if data["triage"]["level"] != "same_day" else "routine"
    data["knowledge"]["hashes"]["network"] = "another"
    kept.write_text(json.dumps(data))
    assert main(["compare-result", str(kept), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["level_changed"], found["same_knowledge"]) == ("saved_result", True, False)
    assert [row["id"] for row in found["log"]] == list(knowledge().content["changes"])[1:]
    assert main(["compare-result", str(case)]) == 0  # bare answers: nothing was said then
    broken = tmp_path / "broken.json"
    broken.write_text('{"kind": "assessment", "triage": {}, "answers": {"age": -3}}')
    assert main(["compare-result", str(broken)]) == 4
    assert main(["compare-result", str(tmp_path / "nothing.json")]) == 4


def test_the_knowledge_of_then_tells_what_differs_in_it(case, tmp_path, capsys):
    compiled = tmp_path / "then.json"
    assert main(["knowledge", "compile", "--output", str(compiled)]) == 0
    assert main(["assess", str(case), "--format", "json"]) == 0
    kept = tmp_path / "kept.json"
    printed = capsys.readouterr().out
    kept.write_text(printed[printed.index("{") :])
    then = json.loads(compiled.read_text())
    then["triage"]["levels"]["routine"]["cost"] = 1.5
    compiled.write_text(json.dumps(then))
    assert main(["compare-result", str(kept), "--old", str(compiled), "--format", "json"]) in (0, 1)
    assert any("1.5" in line for line in json.loads(capsys.readouterr().out)["facts"])
