"""The arithmetic of one cause at a time, in plain Python, straight from the YAML files.

Written a second time on purpose: it shares no code with the rooms it checks, only the strict YAML reader. One cause at
most is present (K = 1), answers come from different groups, and every number stands at its printed point.
"""

from functools import cache
from pathlib import Path

from midback.knowledge.root import find_knowledge_root
from midback.knowledge.strict_yaml import read_yaml_file

SETTING = "primary_care"


@cache
def file(name):
    return read_yaml_file(Path(find_knowledge_root()) / name)


@cache
def ranked_causes():
    names = sorted(path.stem for path in (Path(find_knowledge_root()) / "causes").glob("*.yaml"))
    return [name for name in names if file(f"causes/{name}.yaml").get("role", "cause") == "cause"]


def point(number, scale="finding"):
    """The printed point of a number that stands on its own, as a share of 0 to 1."""
    if "word" in number:
        return file("settings.yaml")["words"][scale][number["word"]]["value"]
    if "count" in number:
        return number["count"] / number["n"]
    if "percent" in number:
        return number["percent"] / 100
    if "sensitivity" in number:
        value = number["sensitivity"]
        return (value["value"] if isinstance(value, dict) else value) / 100
    return None


def prior(setting=SETTING):
    """P(other) and P(cause) before any answer: shares scaled so that everything sums to 1."""
    other = point(file("settings.yaml")["settings"][setting]["other"], "prior")
    shares = {name: point(file(f"causes/{name}.yaml")["prior"][setting], "prior") for name in ranked_causes()}
    whole = sum(shares.values())
    return other, {name: (1 - other) * share / whole for name, share in shares.items()}


def rate_without(finding, cause, setting):
    """f_m: P(yes | not this cause), from the links that stand on their own."""
    other, causes = prior(setting)
    background = point(file(f"findings/{finding}.yaml")["background"])

    def rate(name):
        link = file(f"causes/{name}.yaml").get("findings", {}).get(finding, {})
        alone = point(link)
        return background if alone is None else alone

    mean = other * background + sum(share * rate(name) for name, share in causes.items())
    return (mean - causes[cause] * rate(cause)) / (1 - causes[cause])


def given(finding, cause):
    """P(yes | cause): the printed point, a ratio times f_m, or the background where nothing is written."""
    background = point(file(f"findings/{finding}.yaml")["background"])
    link = file(f"causes/{cause}.yaml").get("findings", {}).get(finding)
    if link is None or "same_as_background" in link:
        return background
    if "lr_pos" in link and "lr_neg" in link:
        pos, neg = link["lr_pos"]["value"], link["lr_neg"]["value"]
        return pos * (1 - neg) / (pos - neg)
    if "lr_pos" in link:
        setting = link.get("setting", SETTING)
        return link["lr_pos"] * rate_without(finding, cause, setting)
    return point(link)


def likelihood(finding, answer, cause):
    """P(this answer | cause), with the stated reliability of whoever answers."""
    by = file("settings.yaml")["reliability"][file(f"findings/{finding}.yaml")["answered_by"]]
    yes_if_yes, yes_if_no = by["yes_when_yes"] / 100, 1 - by["no_when_no"] / 100
    share = given(finding, cause) if cause else point(file(f"findings/{finding}.yaml")["background"])
    said_yes = yes_if_yes * share + yes_if_no * (1 - share)
    return said_yes if answer == "yes" else 1 - said_yes


def posterior(answers):
    """P(other), {cause: P(cause)} after the answers, by Bayes' rule and nothing else."""
    other, weights = prior()
    for finding, answer in answers.items():
        other *= likelihood(finding, answer, None)
        weights = {name: weight * likelihood(finding, answer, name) for name, weight in weights.items()}
    whole = other + sum(weights.values())
    return other / whole, {name: weight / whole for name, weight in weights.items()}
