"""All rules of the linter, in the order in which they are listed."""

from connectgen.lint import behaviour, consistency, descriptions, names, subjects, words
from connectgen.lint.rules import Rule

RULES: tuple[Rule, ...] = (
    *words.RULES,
    *descriptions.RULES,
    *behaviour.RULES,
    *consistency.RULES,
    *names.RULES,
    *subjects.RULES,
)
