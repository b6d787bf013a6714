"""amtool-routes ROUTES.yaml ...: each alert of the file reaches the receivers it names.

ROUTES.yaml lies beside alertmanager.yaml: `tests: [{ labels: { severity: critical }, receivers: [pager] }]`. With `rules: FOLDER` every
rule of that folder is tried too: it must reach what the row says that has most of the rule's labels, and at least one receiver.
"""

import pathlib
import subprocess
import sys

import yaml

passed = failed = 0


def reached(config, labels, receivers):
    global passed, failed
    words = [f"{name}={value}" for name, value in labels.items()]
    command = ["amtool", "config", "routes", "test", f"--config.file={config}", f"--verify.receivers={','.join(receivers)}", *words]
    result = subprocess.run(command, capture_output=True, text=True)
    good = bool(receivers) and result.returncode == 0
    passed, failed = passed + good, failed + (not good)
    if not good:
        print(f"{config}: {' '.join(words)} should reach {receivers}\n{result.stdout}{result.stderr}")


def labels_of(folder):
    for path in sorted(folder.glob("*.yaml")):
        for group in yaml.safe_load(path.read_text())["groups"]:
            for rule in group["rules"]:
                if "alert" in rule:
                    yield {"alertname": rule["alert"], **{k: v for k, v in rule["labels"].items() if "{{" not in v}}


for path in map(pathlib.Path, sys.argv[1:]):
    config = path.with_name("alertmanager.yaml")
    asked = yaml.safe_load(path.read_text())
    rows = asked["tests"]
    for row in rows:
        reached(config, row["labels"], row["receivers"])
    tried = set()
    for labels in labels_of(path.parent / asked.get("rules", "no rules")):
        key = tuple(sorted(labels.items()))
        fitting = [row for row in rows if row["labels"].items() <= labels.items()]
        if key not in tried:
            tried.add(key)
            reached(config, labels, max(fitting, key=lambda row: len(row["labels"]), default={"receivers": []})["receivers"])
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed or not passed else 0)
