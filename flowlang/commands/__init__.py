"""Subcommands of `flowlang` that read flows. Each has `main(arguments) -> exit code`."""
