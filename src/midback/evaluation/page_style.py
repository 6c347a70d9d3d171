"""The look of every report: one style sheet, light and dark, with nothing fetched from anywhere."""

# ruff: noqa: E501 - a style sheet reads best one rule a line

from __future__ import annotations

__all__ = ["STYLE"]

STYLE = """
:root{--ink:#1c2733;--soft:#5b6b7a;--line:#d8dfe6;--paper:#fff;--wash:#f4f7f9;--bar:#5b9dbd;--good:#2b7a4b;--bad:#b3261e;--warn:#9a6700}
@media(prefers-color-scheme:dark){:root{--ink:#e7edf2;--soft:#a3b1bd;--line:#34414d;--paper:#12181e;--wash:#1a222a;
--bar:#6fb3d2;--good:#6fcf97;--bad:#ff8a80;--warn:#f2c14e}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
main{max-width:68rem;margin:0 auto;padding:2rem 1.25rem 4rem}h1{font-size:1.9rem;line-height:1.2;margin:0 0 .4rem}
h2{font-size:1.3rem;margin:2.6rem 0 .8rem;padding-top:1rem;border-top:1px solid var(--line)}h3{font-size:1rem;margin:1.4rem 0 .5rem}
p{max-width:46rem}.soft,caption{color:var(--soft);font-size:.9rem}caption{text-align:left;padding:.3rem 0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.6rem,1fr));gap:.8rem;margin:1.4rem 0}
.tile{background:var(--wash);border:1px solid var(--line);border-radius:.6rem;padding:.9rem 1rem}
.tile b{display:block;font-size:1.7rem;line-height:1.2}.tile span{color:var(--soft);font-size:.86rem}
.bad b{color:var(--bad)}.good b{color:var(--good)}.warn b{color:var(--warn)}
.scroll{overflow-x:auto}table{border-collapse:collapse;margin:.4rem 0 1rem;font-size:.9rem;min-width:30rem}
th,td{text-align:left;padding:.35rem .7rem;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}td.under{color:var(--bad);font-weight:600}td.over{color:var(--warn)}
td.hit{background:color-mix(in srgb,var(--good) 18%,transparent)}td.miss{background:color-mix(in srgb,var(--bad) 22%,transparent)}
td.extra{background:color-mix(in srgb,var(--warn) 15%,transparent)}
.side{display:flex;flex-wrap:wrap;gap:1.6rem}figure{margin:0 0 1.2rem}svg{max-width:100%;height:auto}
svg text{fill:var(--ink);font:12px system-ui,sans-serif}svg .tick{fill:var(--soft);font-size:11px}svg .value{font-weight:600}
.bar{fill:var(--bar)}.grid{stroke:var(--line)}.whisker{stroke:var(--ink);stroke-width:1.3}.target{stroke:var(--warn);stroke-width:2;stroke-dasharray:4 3}
.diagonal{stroke:var(--soft);stroke-dasharray:5 4}.dot{fill:var(--bar)}.curve{fill:none;stroke-width:2.2}
.c0{stroke:#2f7fb0}.c1{stroke:#c0632c}.c2{stroke:#3d8f5f}.c3{stroke:#8a5bb5}.c4{stroke:#a08a1e}.c5{stroke:#777}
.dot.c0{fill:#2f7fb0}.dot.c1{fill:#c0632c}.dot.c2{fill:#3d8f5f}.dot.c3{fill:#8a5bb5}.dot.c4{fill:#a08a1e}.dot.c5{fill:#777}
@media print{main{max-width:none;padding:0}.tile{break-inside:avoid}svg,table{break-inside:avoid}}
"""
