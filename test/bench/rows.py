# SPDX-License-Identifier: MIT
"""A row of the table of script/bench: what was measured, beside what, and the goal."""

import statistics


def compared(value, goal):
    """Whether a goal such as ("<=", 400) is reached."""
    sense, limit = goal
    return value <= limit if sense == "<=" else value >= limit


class Row:
    """value in unit; goal (sense, limit) or None; beside: what it is held against, as text."""

    def __init__(self, part, name, value, unit, goal=None, beside="", note=""):
        self.part, self.name, self.value, self.unit = part, name, value, unit
        self.goal, self.beside, self.note = goal, beside, note

    def reached(self):
        return None if self.goal is None else compared(self.value, self.goal)

    def verdict(self):
        return {None: "", True: "reached", False: "NOT reached"}[self.reached()]

    def cells(self):
        goal = "" if self.goal is None else f"{self.goal[0]} {number(self.goal[1])}"
        value = f"{number(self.value)} {self.unit}".strip()
        return [self.name, value, self.beside, goal, self.verdict()]

    def record(self):
        record = {"part": self.part, "name": self.name, "value": self.value, "unit": self.unit}
        if self.beside:
            record["beside"] = self.beside
        if self.goal is not None:
            record["goal"] = " ".join(str(word) for word in self.goal)
            record["reached"] = self.reached()
        return record


def number(value):
    """In three digits or more: 1.18, 27.9, 1,064."""
    if isinstance(value, int) or value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def median_ratio(ours, theirs):
    """The median of what the ratio was in each round: noise of a round is in both."""
    return statistics.median(a / b for a, b in zip(ours, theirs))


HEAD = ["what", "measured", "beside it", "goal", ""]


def as_text(rows):
    """A table for a terminal, a heading for each part."""
    cells = [row.cells() for row in rows]
    widths = [max(len(line[i]) for line in [HEAD, *cells]) for i in range(len(HEAD))]
    lines, part = [], None
    for row, line in zip(rows, cells):
        if row.part != part:
            part = row.part
            lines.append(f"\n{part}")
        lines.append("  ".join(text.ljust(width) for text, width in zip(line, widths)).rstrip())
    return "\n".join(lines)


def as_markdown(rows, titles):
    """The same for a page."""
    lines, part = [], None
    for row in rows:
        if row.part != part:
            part = row.part
            lines += ["", f"### {titles[part]}", "", "| " + " | ".join(HEAD).rstrip() + " |",
                      "| --- | --- | --- | --- | --- |"]
        lines.append("| " + " | ".join(row.cells()) + " |")
    return "\n".join(lines).strip("\n")
