"""How what a flow says becomes messages that a channel can carry."""

from __future__ import annotations

from runtime.host import Body


def choices_of(effect: Body) -> list[str]:
    return [str(choice) for choice in effect.get("choices", ())]


def readable(effect: Body) -> str:
    """What is said, with the choices below it: not every channel has buttons."""
    return "\n".join([effect["text"], *(f"• {choice}" for choice in choices_of(effect))])


def parts(text: str, length_max: int) -> list[str]:
    """A text in messages that are not too long, cut between words where there are some."""
    found: list[str] = []
    while len(text) > length_max:
        cut = text.rfind(" ", length_max // 2, length_max + 1)
        cut = cut if cut > 0 else length_max
        found.append(text[:cut])
        text = text[cut:].lstrip()
    return [*found, text]


def fit_on_buttons(choices: list[str], count_max: int, length_max: int) -> bool:
    """Whether all choices can be buttons, whole."""
    return 0 < len(choices) <= count_max and all(len(item) <= length_max for item in choices)
