"""All rules of the linter, in the order in which they are listed."""

from connectgen.lint import behaviour, consistency, descriptions, names, subjects, value_lists, words
from connectgen.lint.rules import Rule

RULES: tuple[Rule, ...] = (
    *words.RULES,
    *descriptions.RULES,
    *behaviour.RULES,
    *consistency.RULES,
    *value_lists.RULES,
    *names.RULES,
    *subjects.RULES,
)
