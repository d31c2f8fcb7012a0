"""The language server: a thin shell around `flowlang.features`, on standard input and output."""
