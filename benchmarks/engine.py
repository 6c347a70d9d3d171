"""Ours and the peers on the same network in the same run: `python benchmarks/engine.py`.

Prints a table and writes docs/performance.md. Ends in minutes: every peer has a process and a time limit of its own,
and one that is not installed is skipped with a word. Optional parts: `uv sync --group bench`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
from made_network import made_answers, made_network
from peers import PEERS, random_levels, rss

from midback.inference import Batch, Evidence, Observed, decide, infer, question_values

HERE = Path(__file__).parent
LIMIT = 75  # seconds for one peer
Row = tuple[str, str, str]


def timed(run: Callable[[], object], least: int = 5, seconds: float = 2.0) -> float:
    """Median seconds of a call, after one to warm up."""
    run()
    taken: list[float] = []
    begin = time.process_time()
    while len(taken) < least or (time.process_time() - begin < seconds and len(taken) < 200):
        start = time.process_time()
        run()
        taken.append(time.process_time() - start)
    return float(np.median(taken))


def over_cases(run: Callable[[int], object], cases: int = 12) -> float:
    """Median over cases of the median seconds of each."""
    return float(np.median([timed(lambda c=case: run(c), 3, 0.2) for case in range(cases)]))


def shown(seconds: float) -> str:
    """Seconds in the unit that reads best."""
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} µs"
    return f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def synthetic() -> tuple[list[Row], dict[str, float]]:
    """Our figures on the synthetic network."""
    network, _ = made_network()
    cases = [made_answers(network, case) for case in range(12)]
    rows: list[Row] = []
    key: dict[str, float] = {}
    for largest in (1, 2, 3):
        point = over_cases(lambda c, k=largest: infer(network, cases[c], max_causes=k, draws=0, simulated=0))
        first = []
        for case in range(12, 18):
            # A person never seen, all of whose numbers are drawn for the first time (but for shared ones).
            evidence = made_answers(network, case * 101 + largest)
            start = time.process_time()
            infer(network, evidence, max_causes=largest, seed=case * 10 + largest, simulated=0)
            first.append(time.process_time() - start)
        drawn = over_cases(lambda c, k=largest: infer(network, cases[c], max_causes=k, simulated=0))
        key[f"point{largest}"], key[f"draws{largest}"] = point, drawn
        target = {1: "", 2: "≤ 4 ms", 3: "≤ 45 ms"}[largest]
        rows.append((f"K = {largest}, point", shown(point), ""))
        rows.append((f"K = {largest}, 2,000 draws, the findings' numbers drawn before", shown(drawn), target))
        rows.append((f"K = {largest}, 2,000 draws, every number drawn anew", shown(float(np.median(first))), ""))
    for draws in (500, 1000, 4000):
        value = over_cases(lambda c, s=draws: infer(network, cases[c], draws=s, simulated=0), 4)
        rows.append((f"K = 3, {draws:,} draws", shown(value), ""))
    certified = over_cases(lambda c: infer(network, cases[c]))
    rows.append(("K = 3, 2,000 draws, with surprise from 200 simulated people", shown(certified), ""))
    rows += questions(network, cases)
    return rows, key


def actions(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Costs and harms of five actions for ``count`` causes, and which causes are dangerous."""
    rng = np.random.default_rng(1)
    dangerous = np.arange(count) % 4 == 0
    harm = np.outer(np.linspace(1, 0, 5), np.where(dangerous, 2.0, 0.1) * rng.uniform(0.5, 1.5, count))
    return np.array([0.0, 0.02, 0.06, 0.15, 0.4]), np.column_stack([harm, np.linspace(0.2, 0, 5)]), dangerous


def questions(network, cases) -> list[Row]:
    """The next question, over every finding whether asked or not, so that there are 200 candidates."""
    cost, harm, dangerous = actions(len(network.causes))
    names = [finding.name for finding in network.findings]
    rows: list[Row] = []
    for largest in (2, 3):
        posteriors = [infer(network, case, max_causes=largest, draws=0, simulated=0) for case in cases]
        value = over_cases(
            lambda c, p=posteriors: question_values(
                network, Evidence(), cost, harm, dangerous, names=names, posterior=p[c]
            )
        )
        label = f"next question, {len(names)} candidates, K = {largest}, posterior at hand"
        rows.append((label, shown(value), "≤ 0.2 ms"))
    with_draws = infer(network, cases[0])
    value = timed(
        lambda: question_values(network, Evidence(), cost, harm, dangerous, names=names, posterior=with_draws, draws=64)
    )
    rows.append((f"next question, {len(names)} candidates, K = 3, and at 64 draws", shown(value), "≤ 15 ms"))
    rows.append(("action and its range from 2,000 draws", shown(timed(lambda: decide(with_draws, cost, harm))), ""))
    return rows


def batch() -> tuple[list[Row], dict[str, float]]:
    """Many people at once, through Arrow record batches where pyarrow is installed."""
    levels = random_levels(np.random.default_rng(0), 65_536)
    rows: list[Row] = []
    key: dict[str, float] = {}
    try:
        import pyarrow as pa
    except ImportError:
        pa = None
        rows.append(("Arrow record batches", "skipped: pyarrow is not installed", ""))
    for largest, target in ((1, "≥ 0.8 M/s"), (2, "≥ 0.2 M/s")):
        network, _ = made_network(largest=largest)
        ready = Batch.of(network, largest)
        seconds = timed(lambda r=ready: r.chances(levels), 3, 1)
        key[f"batch{largest}"] = len(levels) / seconds
        rows.append((f"batch, K = {largest}, NumPy arrays", f"{len(levels) / seconds / 1e6:.2f} M cases/s", target))
        if pa is None:
            continue
        record = pa.RecordBatch.from_arrays(
            [pa.array(column) for column in levels.T], names=[*ready.findings, *ready.risks]
        )

        def through(r=ready, b=record):
            found = r.chances(np.stack([column.to_numpy(zero_copy_only=True) for column in b.columns]).T)
            values = pa.array(np.ascontiguousarray(found).reshape(-1))
            return pa.RecordBatch.from_arrays([pa.FixedSizeListArray.from_arrays(values, found.shape[1])], ["chance"])

        seconds = timed(through, 3, 1)
        rows.append((f"batch, K = {largest}, Arrow in and out", f"{len(levels) / seconds / 1e6:.2f} M cases/s", target))
    return rows, key


def knowledge() -> list[Row]:
    """The real knowledge, if it stands."""
    from midback.errors import MidbackError
    from midback.knowledge import load_knowledge
    from midback.network import build_network

    try:
        built = build_network(load_knowledge(), "primary_care")
    except MidbackError as error:
        return [("the real knowledge", f"skipped: {str(error).splitlines()[0]}", "")]
    network = built.network
    links = sum(len(finding.causes) for finding in network.findings)
    sizes = (len(network.causes), len(network.findings), links, len(network.groups))
    rows: list[Row] = [("causes / findings / links / groups", " / ".join(map(str, sizes)), "")]
    for observed in (10, 30, 60):
        cases = [person(network, case, observed) for case in range(5)]
        point = over_cases(lambda c, e=cases: infer(network, e[c], draws=0, simulated=0), 5)
        drawn = over_cases(lambda c, e=cases: infer(network, e[c]), 5)
        posterior = infer(network, cases[0])
        ask = timed(
            lambda p=posterior, e=cases[0]: question_values(
                network, e, built.cost, built.harm, built.dangerous, posterior=p
            )
        )
        rows.append((f"{observed} answers, K = 3, groups on, point", shown(point), ""))
        rows.append((f"{observed} answers, K = 3, groups on, 2,000 draws and certificate", shown(drawn), "≤ 100 ms"))
        left = len(network.findings) - observed
        rows.append((f"{observed} answers, next question over {left} candidates", shown(ask), ""))
    levels = asked_of_many(network, 4096)
    for largest in (1, 2):
        ready = Batch.of(network, largest)
        seconds = timed(lambda r=ready: r.chances(levels), 3, 1)
        label = f"batch, K = {largest}, groups on, {(levels >= 0).sum(1).mean():.0f} answers"
        rows.append((label, f"{len(levels) / seconds / 1e6:.3f} M cases/s", ""))
    return rows


def asked_of_many(network, people: int) -> np.ndarray:
    """Levels (people, findings + risks) of people of the background, asked a tenth of everything."""
    rng = np.random.default_rng(0)
    shares = [finding.background.mean for finding in network.findings] + [risk.share[1:] for risk in network.risks]
    above = [(rng.random(people)[:, None] < np.cumsum(share[::-1])).sum(1) for share in shares]
    levels = np.stack(above, axis=1).astype(np.int8)
    levels[rng.random(levels.shape) > 0.1] = -1
    return levels


def person(network, seed: int, observed: int) -> Evidence:
    """A simulated person of the real network, a third of whose answers are about their cause."""
    rng = np.random.default_rng(seed)
    cause = int(rng.choice(len(network.causes), p=network.prior.mean / network.prior.mean.sum()))
    order = rng.permutation(len(network.findings)).tolist()
    about = [place for place in order if cause in network.findings[place].causes]
    answers = {}
    for place in list(dict.fromkeys([*about[: observed // 3], *order]))[:observed]:
        finding = network.findings[place]
        at = np.flatnonzero(finding.causes == cause)
        shares = finding.given.mean[at[0]] if len(at) else finding.background.mean
        every = np.append(1 - shares.sum(), shares)
        level = int(rng.choice(len(every), p=every / every.sum()))
        answers[finding.name] = Observed(level, level)
    return Evidence(answers)


def started(code: str, times: int = 3) -> float:
    """Least seconds a fresh Python needs for the code, its own start included."""
    return min(float(child(["-c", code], 60)[1]) for _ in range(times))


def child(arguments: list[str], limit: float) -> tuple[str, float]:
    """Output of a Python process on one core, and its seconds; what it printed so far where the time ran out."""
    paths = [str(HERE.parent / "src"), str(HERE), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    start = time.perf_counter()
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", *arguments], capture_output=True, text=True, timeout=limit, env=environment
        )
        out = done.stdout or json.dumps({"failed": done.stderr.strip().splitlines()[-1:]})
    except subprocess.TimeoutExpired as expired:
        out = expired.stdout.decode() if isinstance(expired.stdout, bytes) else (expired.stdout or "")
        out = out or json.dumps({"failed": f"nothing within {limit:.0f} s"})
    return out, time.perf_counter() - start


def beginnings() -> list[Row]:
    """Import and load."""
    bare, ours = started("pass"), started("import midback.inference")
    load = (
        "from midback.knowledge import load_knowledge; from midback.network import build_network; "
        "build_network(load_knowledge(), 'primary_care')"
    )
    return [
        ("a bare Python", shown(bare), ""),
        ("import midback.inference", shown(ours - bare), ""),
        ("import, load the compiled knowledge, build a network", shown(started(load) - bare), "≤ 0.5 s"),
    ]


def peers(key: dict[str, float]) -> list[Row]:
    """Each peer in its own process; ratios against ours."""
    rows: list[Row] = []
    for name in PEERS:
        print(f"  {name} ...", file=sys.stderr, flush=True)
        found = json.loads(child([str(HERE / "peers.py"), name], LIMIT)[0].strip().splitlines()[-1])
        if "missing" in found or "failed" in found:
            rows.append((name, f"skipped: {found.get('missing') or found.get('failed')}", ""))
            continue
        label = f"{name} {found['version']}"
        note = f"differs by {found['difference']:.1g}, {found['rss_mb']:.0f} MB"
        if name == "scikit_learn_batch":
            value = f"{found['per_second'] / 1e6:.3f} M cases/s"
            rows.append((label, value, f"ours {key['batch1'] / found['per_second']:.0f} times as many; {note}"))
        elif name == "pyagrum_usual":
            for observed, seconds in found["by_observed"].items():
                rows.append((f"{label}, {observed} answers", shown(seconds), ""))
            if "25" not in found["by_observed"]:
                rows.append((f"{label}, more answers", f"not done within {LIMIT} s", note))
        else:
            largest = 1 if name == "pyagrum_one_cause" else 3
            ratio = found["seconds"] / key[f"point{largest}"]
            drawn = 2000 * found["seconds"] / key[f"draws{largest}"]
            against = f"{ratio:.1f} times our point; 2,000 draws would be {drawn:,.0f} times ours; {note}"
            rows.append((label, shown(found["seconds"]), against))
    return rows


def machine() -> str:
    """What the figures were measured on."""
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text().splitlines() if facts.exists() else []
    model = next((line.split(":")[1].strip() for line in lines if "model name" in line), platform.processor())
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return (
        f"{date.today()}: {model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, "
        f"NumPy {np.__version__}, one thread; load average at the start {load:.1f}"
    )


def table(title: str, rows: list[Row], last: str = "Target") -> str:
    """A Markdown table."""
    body = "\n".join(f"| {a} | {b} | {c} |" for a, b, c in rows)
    return f"## {title}\n\n| What | Measured | {last} |\n|---|---|---|\n{body}\n"


INTRODUCTION = """# Performance

Written by `python benchmarks/engine.py`; figures are medians of processor time on one thread (the time from nothing
is by the clock), measured on one machine in one run:

{machine}

Every number of a finding is drawn once and kept for the next person; what a person answered is not kept.
The synthetic network has 50 causes, 200 yes-or-no findings with 5 to 10 noisy-OR links, 12 risks; a case has 25
answers. Peers get the same numbers as independent causes without a limit to their number, so they differ from ours
(at most three causes) by what lies beyond three. K is the most causes at once. Peers' networks are built before the
clock starts; "2,000 draws would be" multiplies their point by 2,000, since none of them draws parameters.
pgmpy is asked for five causes and its time scaled to all linked ones. `pyagrum_usual` is the network as one would
write it down; `pyagrum_expert` folds the negative answers into the priors by hand, a trick few users know.

"""


def main() -> None:
    """Runs everything; `--no-peers` leaves the peers out, `--print` writes no file."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--no-peers", action="store_true")
    options.add_argument("--print", action="store_true")
    chosen = options.parse_args()
    parts = [INTRODUCTION.format(machine=machine())]
    rows, key = synthetic()
    rows.append(("most memory until here", f"{rss():.0f} MB", ""))
    more, batches = batch()
    rows += [*more, ("most memory with 65,536 people in memory", f"{rss():.0f} MB", "")]
    parts.append(table("Synthetic network, ours", rows))
    if not chosen.no_peers:
        parts.append(table("Synthetic network, peers", peers(key | batches), "Against ours"))
    parts.append(table("Real knowledge", knowledge()))
    parts.append(table("From nothing", beginnings()))
    text = "\n".join(parts)
    print(text)
    if not chosen.print:
        (HERE.parent / "docs" / "performance.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        # Threads must be limited before NumPy is loaded, so that ours and the peers have one core each.
        os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        os.execv(sys.executable, [sys.executable, "-W", "ignore", *sys.argv])
    main()
