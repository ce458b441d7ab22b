"""How figures are told: lines of JSON on standard output, each with its conditions; the log goes to standard error."""

import json
import math
import os
import platform
import sys
from collections.abc import Sequence

import structlog


def report(name: str, value: float, unit: str, **conditions: object) -> None:
    """Print one figure as a line of JSON."""
    conditions |= {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        # Who shares the machine shows here: absolute figures are worth as much as it was quiet.
        "load_average": round(os.getloadavg()[0], 2),
    }
    print(json.dumps({"name": name, "value": round(value, 3), "unit": unit, "conditions": conditions}), flush=True)


def leave_out(peer: str, reason: str) -> None:
    """Say that a peer was not measured, and why."""
    print(json.dumps({"name": "left_out", "peer": peer, "reason": reason}), flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest of the values that this share of them does not exceed; 0 where there are none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)] if ordered else 0.0


def log_to_stderr() -> None:
    """Keep standard output for the figures, and say only what went wrong beside them."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger("warning"),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
