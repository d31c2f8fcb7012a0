"""A problem: what every face of the product shows of it comes from this one value."""

from flowlang.diagnostics.problem import Edit, Fix, Problem, Related, Rewrite, Severity

__all__ = ["Edit", "Fix", "Problem", "Related", "Rewrite", "Severity"]
