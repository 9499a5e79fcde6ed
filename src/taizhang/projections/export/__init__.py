"""Tables that can be handed in: columns are declared once, and each format has one writer.

It must not know where findings come from, nor who asked; a writer is loaded when its format is asked for.
"""

from __future__ import annotations

from .tables import Kind, Stamp
from .write import Format, write_table

__all__ = ["Format", "Kind", "Stamp", "write_table"]
