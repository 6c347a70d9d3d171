"""Plan and follow-up keep to their published schemas, whoever the person and whatever the diary."""

import json
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import jsonschema
import pytest
from hypothesis import given, settings
from referencing import Registry, Resource

from care.people import knowledge, person
from midback.assessment import assess
from midback.care import plan, plan_to_raw
from midback.follow_up import Diary, check_in, read_entry
from midback.report.follow_up_text import follow_up_json
from midback.report.plan_schema import plan_schema
from midback.report.plan_text import plan_json
from people import raw_answers

pytestmark = pytest.mark.slow  # whole journeys, assessments or schemas: left out of `make check`

NAMES = ("assessment", "plan", "follow_up")
SCHEMAS = {
    f"{name}.schema.json": json.loads((files("midback.report") / f"{name}.schema.json").read_text(encoding="utf-8"))
    for name in NAMES
}
REGISTRY = Registry().with_resources((name, Resource.from_contents(schema)) for name, schema in SCHEMAS.items())
PLAN, FOLLOW_UP = (
    jsonschema.Draft202012Validator(
        SCHEMAS[f"{name}.schema.json"], registry=REGISTRY, format_checker=jsonschema.FormatChecker(["date"])
    )
    for name in ("plan", "follow_up")
)
TODAY = date(2026, 11, 22)
PEOPLE = {
    "whole plan": person(know_all=False),
    "cautions asked": person(),
    "emergency": person(leg_weakness_both="yes"),
    "see first": person(known_cancer="yes"),
    "incomplete": person(fever="not_sure"),
    "fragile": person(age=78, osteoporosis="yes", previous_fragility_fracture="yes", blood_thinners="yes"),
    "child": person(age=4),
    "boy": person(age=13, sex="male"),
    "pregnant": person(age=30, pregnant="yes"),
    "shingles": person(age=66, rash_band_one_side="yes"),
}


def at(day, **raw):
    return read_entry({"at": (datetime(2026, 9, 1, 9, tzinfo=UTC) + timedelta(days=day)).isoformat(), **raw})[0]


def full_diary(first):
    """Everything a diary can hold, with a gain, a flare and an outcome about every rule that is raised."""
    pains = [6, 6, 5, 6, 6, 5, 6, *[2] * 30, 8, 8]
    rows = [at(day, pain={"now": pain, "worst": 9}, peg={"pain": pain, "enjoyment": 2, "activity": 3})
            for day, pain in enumerate(pains)]  # fmt: skip
    up = [s.flag.id for s in assess(first, knowledge(), draws=0).triage.flags if s.truth.name == "TRUE"]
    told = [{"flag": flag, "by": "Dr Rao", "found": "nothing on the scan"} for flag in up[:20]]
    last = at(38, no_warning_signs=True, global_change=2, own_activities=[{"name": "walk", "value": 5}],
              sites=[{"zone": "mid_left", "pain": 4}], outcomes=told or None, note="x")  # fmt: skip
    return Diary((*rows, last))


def written(data):
    return json.loads(json.dumps(data))


def plan_of(someone):
    return written(plan_json(plan_to_raw(plan(assess(someone, knowledge(), draws=0), knowledge(), TODAY)), knowledge()))


def follow_up_of(someone, kept, day):
    today = date(2026, 9, 1) + timedelta(days=day)
    return written(follow_up_json(check_in(someone, kept, knowledge(), today, draws=0), knowledge()))


def plan_schema_kinds():
    return SCHEMAS["plan.schema.json"]["$defs"]["Plan"]["properties"]["kind"]["enum"]


def test_the_published_plan_schema_is_the_one_the_plan_makes():
    assert SCHEMAS["plan.schema.json"] == plan_schema(), "python -m midback.report.plan_schema > plan.schema.json"


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schemas_are_schemas_and_close_every_record(name):
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])

    def records(part):
        if isinstance(part, dict):
            if "properties" in part and isinstance(part["properties"], dict) and part.get("type") == "object":
                yield part
            for inner in part.values():
                yield from records(inner)
        elif isinstance(part, list):
            for inner in part:
                yield from records(inner)

    closed = [*records(SCHEMAS[name])]
    assert closed
    assert all("additionalProperties" in record for record in closed)


def test_the_people_have_every_kind_of_plan():
    assert {plan_of(someone)["plan"]["kind"] for someone in PEOPLE.values()} == {*plan_schema_kinds()}


@pytest.mark.parametrize("someone", PEOPLE.values(), ids=PEOPLE.keys())
def test_plan_and_follow_up_keep_to_their_schemas(someone):
    PLAN.validate(plan_of(someone))
    FOLLOW_UP.validate(follow_up_of(someone, Diary(), 0))
    FOLLOW_UP.validate(follow_up_of(someone, full_diary(someone), 38))


@settings(max_examples=15)
@given(raw_answers())
def test_the_schemas_hold_for_any_answers(raw):
    someone = person(know_all=False, **{key: value for key, value in raw.items() if key != "duration"})
    PLAN.validate(plan_of(someone))
    FOLLOW_UP.validate(follow_up_of(someone, Diary((at(0, pain={"now": 4}),)), 20))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("level",), "soon"), (("new",), 1), (("plan", "kind"), "some"), (("plan", "extra"), 1),
        (("today",), "tomorrow"), (("trend", "pain", "verdict"), "fine"), (("assessment", "extra"), 1),
    ],
)  # fmt: skip
def test_what_is_no_follow_up_is_refused(path, value):
    data = follow_up_of(PEOPLE["whole plan"], Diary(), 0)
    part = data
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        FOLLOW_UP.validate(data)
