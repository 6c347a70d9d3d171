"""Knowledge and answers turned into arrays: the only room that knows both medicine and the inference engine."""

from midback.network.audit import AuditRow, audit_ratios
from midback.network.build import RISK, BuiltNetwork, build_network
from midback.network.elapsed import StillThere, with_elapsed_time
from midback.network.evidence import evidence_of, finding_node
from midback.network.printed import Share, drawn_range, printed_odds_ratio, printed_share
from midback.network.ratios import model_ratios
from midback.network.sensitivity import Influence, judgement_influence

__all__ = [
    "RISK",
    "AuditRow",
    "BuiltNetwork",
    "Influence",
    "Share",
    "StillThere",
    "audit_ratios",
    "build_network",
    "drawn_range",
    "evidence_of",
    "finding_node",
    "judgement_influence",
    "model_ratios",
    "printed_odds_ratio",
    "printed_share",
    "with_elapsed_time",
]
