"""grafana-queries DASHBOARD.json ...: every panel's expression through promtool, Grafana's variables filled in."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

DURATIONS = {"$__rate_interval": "5m", "$__interval": "1m", "$__range": "1h"}


def expressions(node):
    if isinstance(node, dict):
        if isinstance(node.get("expr"), str):
            yield node["expr"]
        for value in node.values():
            yield from expressions(value)
    elif isinstance(node, list):
        for value in node:
            yield from expressions(value)


def substituted(expression):
    for name, value in DURATIONS.items():
        expression = expression.replace(name, value)
    return re.sub(r"\$\{?(\w+)(:\w+)?\}?", r"\1", expression)


def accepted(expression):
    rules = {"groups": [{"name": "panel", "rules": [{"record": "panel", "expr": substituted(expression)}]}]}
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        json.dump(rules, file)
        file.flush()
        return subprocess.run(["promtool", "check", "rules", file.name], capture_output=True, text=True)


passed = failed = 0
for path in sys.argv[1:]:
    found = list(expressions(json.loads(pathlib.Path(path).read_text())))
    if not found:
        failed += 1
        print(f"{path}: no expression")
    for expression in found:
        result = accepted(expression)
        passed += result.returncode == 0
        if result.returncode:
            failed += 1
            print(f"{path}: {expression}\n{result.stdout}{result.stderr}")
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed or not passed else 0)
