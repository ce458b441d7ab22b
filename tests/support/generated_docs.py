"""The generated parts of ``docs/``; ``make docs`` writes them, tests compare."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from signaling.settings import ENVIRONMENT_PREFIX, Settings
from waiting_room.transitions import diagram

DOCS = Path(__file__).parents[2] / "docs"
DESIGN = DOCS / "design.md"
OPERATIONS = DOCS / "operations.md"


def settings_table() -> str:
    """Every setting as a Markdown table, in the order of the model."""
    lines = ["| setting (TOML) | environment | default | what it is |", "|---|---|---|---|", *_rows(Settings, "")]
    return "\n".join(lines)


def _rows(model: type[BaseModel], prefix: str) -> list[str]:
    rows = []
    for name, field in model.model_fields.items():
        path = prefix + name
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            rows += _rows(field.annotation, f"{path}.")
            continue
        set_already = field.default is not PydanticUndefined and field.default not in (None, [])
        default = f"`{field.default}`" if set_already else "none"
        variable = ENVIRONMENT_PREFIX + path.upper().replace(".", "__")
        rows.append(f"| `{path}` | `{variable}` | {default} | {field.description} |")
    return rows


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
    for path, name, content in ((DESIGN, "transitions", diagram()), (OPERATIONS, "settings", settings_table())):
        path.write_text(replace_part(path.read_text(), name, content))


if __name__ == "__main__":
    main()
