"""Every limit of the language in one place, with its unit last in its name.

They are far above what people write, and keep hostile input from costing time or memory.
"""

TEXT_BYTES_MAX = 1_048_576
LINE_CHARACTERS_MAX = 65_536
STRING_BYTES_MAX = 16_384
NAME_CHARACTERS_MAX = 200
NUMBER_CHARACTERS_MAX = 40
NUMBER_MAX = 10**15
"""Every integer up to here is exact in JSON readers of all languages."""
NESTING_MAX = 64
"""Levels of brackets, or of operators in one expression."""
DATA_NESTING_MAX = 16
"""Levels of lists and records in one value, and of indentation below a line."""
ITEMS_PER_FILE_MAX = 10_000
BLOCKS_PER_FLOW_MAX = 5_000
SYNTAX_PROBLEMS_MAX = 500
TRIED_LINE_CHARACTERS_MAX = 400
"""Of longer lines it is not tried out what would make them right."""
JSON_BYTES_MAX = 8_388_608
JSON_DEPTH_MAX = 64
JSON_PROBLEMS_MAX = 100
TABLE_ROWS_MAX = 10_000
TABLE_FAULTS_SHOWN_MAX = 20
"""A file in another form has one in every row."""
