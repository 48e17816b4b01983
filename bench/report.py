"""The table, for people and for programs."""

import json
from collections.abc import Sequence

from bench.measure import Result


def as_json(results: Sequence[Result]) -> str:
    """A list of objects, one a line."""
    return json.dumps(
        [
            {
                "line": one.line.name,
                "ratio": round(one.ratio, 3),
                "min": round(one.least, 3),
                "max": round(one.most, 3),
                "bar": one.line.bar,
                "goal": one.line.goal,
                "within": one.is_within,
                "sound": one.is_sound,
                "ours_ms": one.ours and round(one.ours, 3),
                "other_ms": one.other and round(one.other, 3),
            }
            for one in results
        ],
        indent=1,
        ensure_ascii=False,
    )


def as_table(results: Sequence[Result]) -> str:
    """The table as it is printed."""
    width = max(len(one.line.name) for one in results)
    head = f"{'line':<{width}}  {'ratio':>7}  {'min':>7}  {'max':>7}  {'bar':>5}  {'goal':>5}"
    lines = [f"{head}  {'ours':>9}  {'other':>9}"]
    for one in results:
        figures = f"{one.ratio:7.2f}  {one.least:7.2f}  {one.most:7.2f}"
        bars = f"{one.line.bar:5g}  {one.line.goal:5g}"
        times = f"{_ms(one.ours):>9}  {_ms(one.other):>9}"
        lines.append(f"{one.line.name:<{width}}  {figures}  {bars}  {times}  {_verdict(one)}")
    return "\n".join(lines)


def _ms(milliseconds: float | None) -> str:
    return "" if milliseconds is None else f"{milliseconds:.2f} ms"


def _verdict(one: Result) -> str:
    unit = "" if one.line.unit == "×" else f" ({one.line.unit})" if one.line.unit else ""
    if not one.is_sound:
        return "void: the machine was too busy" + unit
    if one.ratio <= one.line.goal:
        return "goal" + unit
    if one.is_within:
        return "within" + unit
    return "OVER" + unit
