"""Services of Amazon, through its SDK, imported when an environment asks for them."""
