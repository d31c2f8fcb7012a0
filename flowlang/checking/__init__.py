"""What checks are made of: the context that they share, and what they report."""

from flowlang.checking.context import Context, Surroundings
from flowlang.checking.outside import Outside
from flowlang.checking.report import Assumption, Fact, Report, Status

__all__ = ["Assumption", "Context", "Fact", "Outside", "Report", "Status", "Surroundings"]
