from __future__ import annotations

from pathlib import Path

import pytest

from waiting_room import commands as do
from waiting_room.model import ParticipantPhase, VisitPhase
from waiting_room.transitions import PARTICIPANT_TRANSITIONS, PERMISSIONS, VISIT_TRANSITIONS, diagram

DESIGN = Path(__file__).parents[3] / "docs" / "design.md"
COMMANDS = [getattr(do, name) for name in do.__all__ if name != "Command"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_who_may_give_it(command: type[do.Command]) -> None:
    assert PERMISSIONS[command]


def test_final_phases_lead_nowhere() -> None:
    assert all(after is before for (before, _), after in VISIT_TRANSITIONS.items() if before.final)


def test_removal_is_final() -> None:
    after = {phase for (before, _), phase in PARTICIPANT_TRANSITIONS.items() if before is ParticipantPhase.REMOVED}
    assert after == {ParticipantPhase.REMOVED}


def test_only_admission_and_entering_lead_into_the_visit() -> None:
    ways = {
        command
        for (before, command), after in PARTICIPANT_TRANSITIONS.items()
        if after is ParticipantPhase.IN_VISIT and before is not ParticipantPhase.IN_VISIT
    }
    assert ways == {do.Admit, do.Enter}


def test_the_visit_starts_by_admission_alone() -> None:
    ways = {
        command
        for (before, command), after in VISIT_TRANSITIONS.items()
        if after is VisitPhase.IN_PROGRESS is not before
    }
    assert ways == {do.Admit}


def test_the_diagram_in_the_design_is_the_tables() -> None:
    assert diagram() in DESIGN.read_text()
