"""`connectgen rules`: the rules by which `connectgen diff` judges, and one of them explained."""

from __future__ import annotations

import click

from connectgen.diff.rules import Rule, rules


@click.command("rules")
@click.argument("rule", required=False)
def rules_command(rule: str | None) -> None:
    """List the rules of the comparison, or explain one RULE with an example.

    Exit code 0: shown; 2: there is no such rule.
    """
    if rule is None:
        width = max(len(name) for name in rules())
        for name, found in rules().items():
            click.echo(f"{name:<{width}}  {found.severity:<8}  {found.explanation}")
        return
    if rule not in rules():
        near = [name for name in rules() if any(word in name for word in rule.split("-") if len(word) > 3)][:5]
        hint = f"; perhaps {', '.join(near)}" if near else "; connectgen rules lists them"
        raise click.UsageError(f"there is no rule {rule}{hint}")
    click.echo(_explained(rules()[rule]))


def _explained(rule: Rule) -> str:
    direction = "requests and responses" if rule.direction == "both" else f"{rule.direction}s"
    return (
        f"{rule.id}: {rule.severity}\n\n{rule.explanation}\nExample: {rule.example}\n\n"
        f"effect: {rule.effect}, on {direction}\n"
        f"on the wire: {rule.wire}\nin Python source: {rule.source}\nin behaviour: {rule.behaviour}"
    )
