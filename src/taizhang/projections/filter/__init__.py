"""The filter language of the command line and the terminal: one parser, one tree, one way into SQL.

``状态:逾期 单位:财政局 !类别:作风 due<7d 关键词`` — terms stand side by side, and all must hold. `parsed` gives the
tree, `written` its text, `compiled` the condition on the
problem list, `completions` what could be typed next.
"""

from .compiled import compiled
from .complete import completions
from .parser import parsed
from .tree import Filter, Term
from .writer import written

__all__ = ["Filter", "Term", "compiled", "completions", "parsed", "written"]
