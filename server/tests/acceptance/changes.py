"""Changes of a running centre's configuration, by the command that a person uses."""

import subprocess
import sys
from pathlib import Path

from cordboard.testing.product import Product

CHATTERS = ("emma", "farid", "grace")
"""Agents of the demo centre who chat."""


def apply(product: Product, document: str, file: Path) -> None:
    file.write_text(document)
    command = [sys.executable, "-m", "cordboard", "apply", str(file), "--data", str(product.folder), "--yes"]
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def with_chats(each: int) -> str:
    """So many chats at once for each who chats."""
    lines = [f"  {agent_id}: {{capacity: {{voice: 1, email: 2, chat: {each}}}}}\n" for agent_id in CHATTERS]
    return "agents:\n" + "".join(lines)
