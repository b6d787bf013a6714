"""What the test changes in the generated files, and nothing else: time runs 30 times faster, and addresses are on loopback."""

import re

import yaml

FASTER = 30
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
LENGTH = re.compile(r"(\d+)(ms|[smhdwy])")
# A delivery attempt of Alertmanager takes at least 10 s, whatever it is configured for: rules about attempts need windows in which one falls.
ABOUT_ATTEMPTS = "NotificationsFailing"


def shorter(text, faster=FASTER):
    seconds = sum(int(number) * UNITS[unit] for number, unit in LENGTH.findall(text))
    return f"{max(1, round(seconds * 1000 / faster))}ms" if seconds else "0s"


def in_expression(expression, faster):
    """Windows and offsets; limits stay as they are."""
    expression = re.sub(r"\[(\w+)(:\w*)?\]", lambda m: f"[{shorter(m[1], faster)}{':1s' if m[2] else ''}]", expression)
    return re.sub(r"\boffset (\w+)", lambda m: f"offset {shorter(m[1], faster)}", expression)


def rules(text):
    tree = yaml.safe_load(text)
    for group in tree["groups"]:
        group.pop("interval", None)
        for rule in group["rules"]:
            rule["expr"] = in_expression(rule["expr"], 5 if rule.get("alert") == ABOUT_ATTEMPTS else FASTER)
            for key in rule.keys() & {"for", "keep_firing_for"}:
                rule[key] = shorter(rule[key])
    return yaml.safe_dump(tree, sort_keys=False)


def alertmanager(text, secrets, http, smtp):
    tree = yaml.safe_load(text.replace("/etc/alertmanager/secrets", str(secrets)))
    timed(tree["route"])
    for named in tree["time_intervals"]:
        named["time_intervals"] = [{"weekdays": ["sunday:saturday"]}]
    tree["global"].update(smtp_smarthost=smtp, smtp_require_tls=False)
    tree["global"].pop("smtp_auth_username", None)
    tree["global"].pop("smtp_auth_password_file", None)
    for receiver in tree["receivers"]:
        for pager in receiver.get("pagerduty_configs", []):
            pager["url"] = f"{http}/pagerduty"
    return yaml.safe_dump(tree, sort_keys=False)


def timed(route):
    for key in route.keys() & {"group_wait", "group_interval", "repeat_interval"}:
        route[key] = shorter(route[key])
    for inner in route.get("routes", []):
        timed(inner)
