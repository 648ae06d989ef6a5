"""Writes the generated pages of `docs/reference`; with `--check` only says whether they are fresh.

A page is a function that returns its whole text; add it to `PAGES`.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from vocabulary import figures_page, openapi, vocabulary_page

from cordboard import settings

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"


def settings_page() -> str:
    """Every setting with its environment variable, type, default and meaning."""
    doc = (settings.__doc__ or "").strip()
    title, _, rest = doc.partition("\n")
    lines = ["# Settings", "", f"*Generated from `settings.py` by `just docs`.* {title}", rest, ""]
    lines += ["| variable | type | default | what |", "| --- | --- | --- | --- |"]
    lines += [_row(name, field) for name, field in settings.Settings.model_fields.items()]
    lines += ["", "`DATABASE_URL` and `DATABASE_OWNER_URL` are read too, without the prefix.", ""]
    return "\n".join(lines)


def _row(name: str, field: FieldInfo) -> str:
    kind = getattr(field.annotation, "__name__", None) if field.annotation is not None else ""
    kind = kind if kind not in (None, "Literal", "Optional", "Union", "UnionType") else str(field.annotation)
    kind = (
        kind.replace("typing.", "").replace("pydantic.types.", "").replace("pathlib.", "").replace("|", "or")
    )
    offset = settings.OFFSETS.get(name)
    if offset is not None:
        default = f"port base + {offset}"
    elif name in settings.RANDOM:
        default = "random at the first start"
    elif field.default_factory is not None:
        default = "`.parts` of the clone" if name == "parts_dir" else "none"
    else:
        value = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        default = "none" if value is None else f"`{value}`"
    return f"| `CORDBOARD_{name.upper()}` | {kind} | {default} | {field.description} |"


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "vocabulary.md": vocabulary_page,
    "figures.md": figures_page,
    "../../web/openapi.json": openapi,  # the web application's client is made from it
}


def main(check: bool) -> int:
    stale: list[str] = []
    for name, make in PAGES.items():
        path = FOLDER / name
        text = make()
        if path.exists() and path.read_text() == text:
            continue
        stale.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    if stale:
        print(f"{'Stale' if check else 'Written'}: {', '.join(stale)}{' (run: just docs)' if check else ''}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
