"""The generated parts of ``docs/``; ``make docs`` writes them, tests compare."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from signaling.settings import ENVIRONMENT_PREFIX, Settings
from tests.support.role_matrix import matrix
from waiting_room.transitions import diagram

DOCS = Path(__file__).parents[2] / "docs"
DESIGN = DOCS / "design.md"
OPERATIONS = DOCS / "operations.md"
ROLES = DOCS / "roles.md"
LONGEST_DEFAULT: Final = 100


def settings_table() -> str:
    """Every setting as a Markdown table, in the order of the model."""
    lines = ["| setting (TOML) | environment | default | what it is |", "|---|---|---|---|", *_rows(Settings, "")]
    return "\n".join(lines)


def _rows(model: type[BaseModel], prefix: str) -> list[str]:
    rows = []
    for name, field in model.model_fields.items():
        path = prefix + name
        group, below = _group(field.annotation)
        if group is not None:
            rows += _rows(group, f"{path}.{below}")
            continue
        variable = ENVIRONMENT_PREFIX + path.upper().replace(".", "__")
        rows.append(f"| `{path}` | `{variable}` | {_default(field)} | {field.description} |")
    return rows


def _group(annotation: object) -> tuple[type[BaseModel] | None, str]:
    """Return the model of a group of settings, and what stands between its name and theirs."""
    if get_origin(annotation) is dict and _group(get_args(annotation)[1])[0] is not None:
        return get_args(annotation)[1], "<id>."
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, ""
    return None, ""


def _default(field: FieldInfo) -> str:
    if field.default is PydanticUndefined or field.default in (None, [], {}):
        return "none"
    shown = f"`{field.default}`"
    return shown if len(shown) < LONGEST_DEFAULT else "built in"


def replace_part(text: str, name: str, content: str) -> str:
    """Put ``content`` between the markers of this name."""
    return re.sub(
        rf"(<!-- {name}:begin -->\n).*?(<!-- {name}:end -->)",
        lambda found: f"{found[1]}{content}\n{found[2]}",
        text,
        flags=re.DOTALL,
    )


def main() -> None:
    """Write all parts anew."""
    parts = ((DESIGN, "transitions", diagram()), (OPERATIONS, "settings", settings_table()), (ROLES, "roles", matrix()))
    for path, name, content in parts:
        path.write_text(replace_part(path.read_text(), name, content))


if __name__ == "__main__":
    main()
