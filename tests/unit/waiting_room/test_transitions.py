from __future__ import annotations

from pathlib import Path

import pytest

from waiting_room import commands as do
from waiting_room.model import ParticipantPhase, VisitPhase
from waiting_room.roles import ROLE_TABLE
from waiting_room.transitions import ALWAYS, PARTICIPANT_TRANSITIONS, VISIT_TRANSITIONS, diagram

DESIGN = Path(__file__).parents[3] / "docs" / "design.md"
COMMANDS = [getattr(do, name) for name in do.__all__ if name != "Command"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_who_may_give_it(command: type[do.Command]) -> None:
    assert ROLE_TABLE[command.action]


@pytest.mark.parametrize("command", [one for one in COMMANDS if one is not do.PassTime])
def test_every_command_is_known_in_some_phase(command: type[do.Command]) -> None:
    assert any(kind is command for _, kind in VISIT_TRANSITIONS)


def test_final_phases_lead_nowhere() -> None:
    assert all(after is before for (before, _), after in VISIT_TRANSITIONS.items() if before.final)


def test_in_a_final_phase_only_its_own_repetition_and_what_is_always_granted_are_known() -> None:
    repeated: dict[VisitPhase, set[type[do.Command]]] = {
        VisitPhase.ENDED: {do.End, do.Complete},
        VisitPhase.CANCELLED: {do.Cancel},
        VisitPhase.NO_SHOW: {do.MarkNoShow},
    }
    for phase, own in repeated.items():
        assert {kind for before, kind in VISIT_TRANSITIONS if before is phase} == own | ALWAYS


def test_removal_is_final() -> None:
    after = {phase for (before, _), phase in PARTICIPANT_TRANSITIONS.items() if before is ParticipantPhase.REMOVED}
    assert after == {ParticipantPhase.REMOVED}


def test_only_admission_and_entering_lead_into_the_visit() -> None:
    ways = {
        command
        for (before, command), after in PARTICIPANT_TRANSITIONS.items()
        if after is ParticipantPhase.IN_VISIT is not before
    }
    assert ways == {do.Admit, do.Enter}


def test_the_visit_starts_by_admission_alone() -> None:
    ways = {
        command
        for (before, command), after in VISIT_TRANSITIONS.items()
        if after is VisitPhase.IN_PROGRESS is not before
    }
    assert ways == {do.Admit}


def test_a_visit_in_progress_is_neither_moved_nor_cancelled() -> None:
    assert not {do.Reschedule, do.Cancel, do.MarkNoShow} & {
        kind for before, kind in VISIT_TRANSITIONS if before is VisitPhase.IN_PROGRESS
    }


def test_the_diagram_in_the_design_is_the_tables() -> None:
    assert diagram() in DESIGN.read_text()
