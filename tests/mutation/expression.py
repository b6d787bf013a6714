"""Small changes of a PromQL expression, each of which a test ought to notice. Text in, texts out; strings are never split."""

import re

TOKEN = re.compile(
    r"""(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<space>\s+)|(?P<word>[A-Za-z_:][A-Za-z0-9_:]*)"""
    r"""|(?P<number>\d[\d.]*(?:e[+-]?\d+)?[a-z]*)|(?P<sign>=~|!~|==|!=|>=|<=|[-+*/%^(){}\[\],=<>])|(?P<other>.)"""
)
COMPARISONS = {">": "<", "<": ">", ">=": "<", "<=": ">", "==": "!=", "!=": "=="}
MATCHERS = {"!=": "=", "=": "!=", "!~": "=~", "=~": "!~"}


def tokens(text):
    return [(match.lastgroup, match.group()) for match in TOKEN.finditer(text)]


def put(parts, at, text):
    return "".join(part for _, part in [*parts[:at], ("changed", text), *parts[at + 1 :]])


def depths(parts):
    """Whether each token stands between braces: there `=` is a matcher and no comparison."""
    inside = 0
    for _, part in parts:
        inside += (part == "{") - (part == "}")
        yield inside > 0


def parentheses(parts):
    """How deep each token stands: what the rule as a whole compares stands outside of all."""
    deep = 0
    for _, part in parts:
        deep += (part == "(") - (part == ")")
        yield deep


def neighbours(parts, at):
    rest = [(i, parts[i]) for i in range(at + 1, len(parts)) if parts[i][0] != "space"]
    return rest[0] if rest else (None, ("", ""))


def mutants(expression):
    """(kind, what was done, changed expression)"""
    parts = tokens(expression)
    matched = list(depths(parts))
    limits = [at for at in range(len(parts)) if parts[at][1] in COMPARISONS and not matched[at] and neighbours(parts, at)[1][0] == "number"]
    nested = list(parentheses(parts))
    limit = min(limits, key=lambda at: (nested[at], at), default=None)
    for at, (kind, part) in enumerate(parts):
        if kind == "sign" and not matched[at] and part in COMPARISONS:
            next_at, (_, number) = neighbours(parts, at)
            if at == limit:
                changed = harder(part, number)
                yield "threshold", f"{part} {number} -> {changed}", put(parts, next_at, changed)
            yield "operator", f"{part} {number} -> {COMPARISONS[part]}", put(parts, at, COMPARISONS[part])
        elif kind == "word" and part == "and":
            yield "operator", "and -> or", put(parts, at, "or")
        elif kind == "string" and matched[at]:
            label = next(text for group, text in reversed(parts[:at]) if group == "word")
            sign = next(text for group, text in reversed(parts[:at]) if group == "sign")
            if part == '""':
                turned = next(i for i in range(at - 1, 0, -1) if parts[i][1] == sign)
                yield "selector", f"{label}{sign}{part} turned round", put(parts, turned, MATCHERS[sign])
                continue
            pattern = sign in ("=~", "!~")
            value = f"(?:{part[1:-1]})-other" if pattern else part[1:-1] + "-other"
            yield "selector", f"{label}={part} -> {value}", put(parts, at, f'"{value}"')


def harder(comparison, number):
    """Twice as high, or half as low: what fired beside the limit no longer does. A count of 0 or 1 moves by one."""
    value = float(number)
    if comparison in ("<", "<="):
        return f"{value / 2:.12g}" if value > 1 or value % 1 else f"{value - 1:.12g}"
    return f"{value * 2:.12g}" if value else "1"
