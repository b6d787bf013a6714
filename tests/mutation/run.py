"""mutation/run.py RULES.yaml ...: changes the rules of a scaffold one by one, and counts the changes that its own tests notice.

Kinds: threshold (twice as high, half as low), `for` (three times as long, none), operator (turned round), selector (another
label value). Each changed rule runs with the tests of its alert only. Fails below 95 %.
"""

import argparse
import concurrent.futures
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import yaml

import expression

LEAST = 95.0
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(text):
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([smhd])", text))


def waits(rule):
    wait = seconds(str(rule.get("for", "0s")))
    if wait:
        yield "for", f"for {rule['for']} -> {wait * 3}s", {**rule, "for": f"{wait * 3}s"}
        yield "for", f"for {rule['for']} -> none", {key: value for key, value in rule.items() if key != "for"}


def changed(rule):
    yield from waits(rule)
    for kind, what, text in expression.mutants(rule["expr"]):
        yield kind, what, {**rule, "expr": text}


def subject(test):
    """`HttpErrorRateHigh of api (high) fires: …` is about `HttpErrorRateHigh of api`."""
    return test["name"].split(" (")[0]


def alertname(test):
    return next(check["alertname"] for check in test["alert_rule_test"])


class Suite:
    """The rules of one environment, with the tests of each."""

    def __init__(self, rules):
        self.name = f"{rules.parts[-5]}/{rules.stem}"
        groups = yaml.load(rules.read_text(), yaml.CSafeLoader)["groups"]
        self.rules = [rule for group in groups for rule in group["rules"]]
        self.tests = []
        for path in sorted((rules.parent.parent / "tests").glob("*.yaml")):
            if path.stem == rules.stem or path.stem == rules.stem + "-slow":
                document = yaml.load(path.read_text(), yaml.CSafeLoader)
                every = document["evaluation_interval"]
                self.tests += [(every, test) for test in document["tests"] if "alert_rule_test" in test]

    def about(self, rule):
        """The tests of this rule: those that expect it, and the silent ones about the same thing."""
        mine = [one for one in self.tests if alertname(one[1]) == rule["alert"]]
        expected = {
            subject(test)
            for _, test in mine
            for check in test["alert_rule_test"]
            for alert in check["exp_alerts"]
            if rule["labels"].items() <= alert["exp_labels"].items()
        }
        return [one for one in mine if subject(one[1]) in expected]

    def mutants(self):
        for rule in (rule for rule in self.rules if "alert" in rule):
            for kind, what, mutant in changed(rule):
                yield Mutant(self, rule, kind, what, mutant)


class Mutant:
    def __init__(self, suite, rule, kind, what, mutant):
        self.suite, self.rule, self.kind, self.what, self.mutant = suite, rule, kind, what, mutant

    def __str__(self):
        labels = self.rule["labels"]
        return f"{self.suite.name} {self.rule['alert']} ({labels['severity']}, {labels['service']}) {self.kind}: {self.what}"

    def survives(self):
        """Whether all tests still pass."""
        suite = self.suite
        same = [rule for rule in suite.rules if rule.get("alert") == self.rule["alert"]]
        rules = [rule for rule in suite.rules if "record" in rule] if ":" in self.rule["expr"] else []
        rules += [self.mutant if rule is self.rule else rule for rule in same]
        tests = suite.about(self.rule)
        return all(
            passes(rules, [test for interval, test in tests if interval == every], every)
            for every in sorted({interval for interval, _ in tests}, key=seconds)
        )


def passes(rules, tests, every):
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        write(place / "rules.yaml", {"groups": [{"name": "changed", "rules": rules}]})
        write(place / "tests.yaml", {"rule_files": ["rules.yaml"], "evaluation_interval": every, "tests": tests})
        command = ["promtool", "test", "rules", "tests.yaml"]
        return subprocess.run(command, cwd=place, capture_output=True, check=False).returncode == 0


def write(path, document):
    path.write_text(yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False))


def unchanged(suites):
    """Tests that fail without any change would kill every mutant."""
    for suite in suites:
        for rule in (rule for rule in suite.rules if "alert" in rule):
            if not suite.about(rule):
                sys.exit(f"{suite.name}: nothing expects {rule['alert']} ({rule['labels']})")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rules", nargs="+", type=pathlib.Path)
    parser.add_argument("--sample", type=int, default=800, help="how many of the mutants run; the same ones each time")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="a part of the mutant's name")
    options = parser.parse_args()
    suites = [Suite(path) for path in options.rules]
    unchanged(suites)
    every = [mutant for suite in suites for mutant in suite.mutants() if options.only in str(mutant)]
    picked = every if len(every) <= options.sample else random.Random(4).sample(every, options.sample)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        alive = [mutant for mutant, survives in zip(picked, pool.map(Mutant.survives, picked)) if survives]
    kinds = sorted({mutant.kind for mutant in picked})
    for kind in kinds:
        of = [mutant for mutant in picked if mutant.kind == kind]
        print(f"  {kind}: {len(of) - sum(mutant.kind == kind for mutant in alive)} of {len(of)}")
    for mutant in alive:
        print(f"  survived: {mutant}")
    killed = len(picked) - len(alive)
    share = 100.0 * killed / max(len(picked), 1)
    print(f"mutants killed: {killed} of {len(picked)} ({share:.1f} %), picked from {len(every)}")
    return 0 if picked and share >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
