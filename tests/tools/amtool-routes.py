"""amtool-routes ROUTES.yaml ...: each alert of the file reaches the receivers it names.

ROUTES.yaml lies beside alertmanager.yaml: `tests: [{ labels: { severity: critical }, receivers: [pager] }]`.
"""

import pathlib
import subprocess
import sys

import yaml

passed = failed = 0
for path in map(pathlib.Path, sys.argv[1:]):
    config = path.with_name("alertmanager.yaml")
    for test in yaml.safe_load(path.read_text())["tests"]:
        labels = [f"{name}={value}" for name, value in test["labels"].items()]
        receivers = ",".join(test["receivers"])
        command = ["amtool", "config", "routes", "test", f"--config.file={config}", f"--verify.receivers={receivers}", *labels]
        result = subprocess.run(command, capture_output=True, text=True)
        passed += result.returncode == 0
        if result.returncode:
            failed += 1
            print(f"{path}: {' '.join(labels)}\n{result.stdout}{result.stderr}")
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed or not passed else 0)
