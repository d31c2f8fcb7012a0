"""The language of contact flows: syntax, model, checks, edits, interchange."""
