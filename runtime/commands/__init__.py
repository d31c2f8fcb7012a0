"""Subcommands of `flowlang` that run flows. Each has `main(arguments) -> exit code`."""
