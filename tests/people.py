"""People made up for tests: strategies that give any answers the knowledge allows."""

from hypothesis import strategies as st

from midback.answers import Answers, read_answers
from midback.knowledge import Knowledge, load_knowledge

KNOWLEDGE = load_knowledge()


def person(
    age: int | None = 45, sex: str | None = "female", setting: str = "primary_care", **answers: object
) -> Answers:
    """Checked answers of one person."""
    raw: dict[str, object] = {"setting": setting, "answers": answers}
    if age is not None:
        raw["age"] = age
    if sex is not None:
        raw["sex"] = sex
    return read_answers(raw, KNOWLEDGE)


def all_no(age: int = 45, sex: str = "female", setting: str = "primary_care", **answers: object) -> Answers:
    """A person whose whole safety screen is answered, and answered no, but for ``answers``."""
    pages = KNOWLEDGE.interview.opening + KNOWLEDGE.interview.safety
    given: dict[str, object] = {"pain_zone": ["mid_left"], "onset_speed": "gradual", "duration": "1_to_6_weeks",
                                "pain_now": "moderate"}  # fmt: skip
    for page in pages:
        for name in page.findings:
            finding = KNOWLEDGE.findings[name]
            if finding.kind == "binary" and finding.applies_to(age, sex):
                given[name] = "no"
    return person(age, sex, setting, **{**given, **answers})


def raw_answers(knowledge: Knowledge = KNOWLEDGE, most: int = 12) -> st.SearchStrategy[dict[str, object]]:
    """Raw answers to up to ``most`` findings: yes, no, not sure, levels and options, without contradictions."""
    everyone = (0, 120, None)
    plain = [f for f in knowledge.findings.values() if not f.implies and (f.age_from, f.age_to, f.sex) == everyone]

    def values(name: str) -> st.SearchStrategy[object]:
        finding = knowledge.findings[name]
        if finding.kind == "many_of":
            return st.lists(st.sampled_from(finding.states), unique=True, max_size=3)
        return st.sampled_from([*(finding.states or ("yes", "no")), "not_sure"])

    names = st.lists(st.sampled_from([f.id for f in plain]), unique=True, max_size=most)
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: values(name) for name in chosen}))
