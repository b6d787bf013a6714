"""A real Prometheus and a real Alertmanager with the generated rules and routes, on loopback, between a fake shop and a catcher."""

import json
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

import shrink
import yaml
from catcher import Catcher
from shop import Shop

OPS = pathlib.Path(__file__).parents[2] / "snapshots/kubernetes-shop/out/ops"
SECRETS = {"slack_webhook_url": "{http}/slack", "heartbeat_url": "{http}/heartbeat", "pagerduty_routing_key": "a-key"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Lab:
    def __init__(self, prometheus=True):
        self.shop, self.catcher, self.running = Shop(), Catcher(), []
        self.catcher.page = self.shop.page
        self.folder = tempfile.TemporaryDirectory(prefix="live-")
        self.here = pathlib.Path(self.folder.name)
        self.alertmanager, self.prometheus = (f"127.0.0.1:{free_port()}" for _ in range(2))
        self.start_alertmanager()
        if prometheus:
            self.start_prometheus()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.running:
            process.terminate()
        for process in self.running:
            process.wait(10)
        self.catcher.close()
        self.folder.cleanup()

    def start(self, name, *arguments):
        log = open(self.here / f"{name}.log", "w")
        self.running.append(subprocess.Popen([name, *arguments], cwd=self.here, stdout=log, stderr=log))

    def start_alertmanager(self):
        http = f"http://127.0.0.1:{self.catcher.http.server_address[1]}"
        (self.here / "secrets").mkdir()
        for name, value in SECRETS.items():
            (self.here / "secrets" / name).write_text(value.format(http=http))
        (self.here / "templates").symlink_to(OPS / "alertmanager/templates")
        smtp = f"127.0.0.1:{self.catcher.smtp.server_address[1]}"
        text = (OPS / "alertmanager/alertmanager.yaml").read_text()
        (self.here / "alertmanager.yaml").write_text(shrink.alertmanager(text, self.here / "secrets", http, smtp))
        self.start("prometheus-alertmanager", "--config.file=alertmanager.yaml", "--storage.path=silences", f"--web.listen-address={self.alertmanager}",
                   "--cluster.listen-address=", "--web.external-url=http://alerts.example", "--web.route-prefix=/", "--enable-feature=utf8-strict-mode")
        self.until("Alertmanager answers", lambda: self.ask(self.alertmanager, "/-/ready") is not None, 20)

    def start_prometheus(self):
        shop = f"127.0.0.1:{self.catcher.http.server_address[1]}"
        jobs = {"shop": shop, "alertmanager": self.alertmanager, "prometheus": self.prometheus}
        config = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": ["rules.yaml"],
            "alerting": {"alertmanagers": [{"static_configs": [{"targets": [self.alertmanager]}]}]},
            "scrape_configs": [{"job_name": name, "honor_labels": True, "static_configs": [{"targets": [where]}]} for name, where in jobs.items()],
        }
        (self.here / "prometheus.yaml").write_text(yaml.safe_dump(config))
        self.start("prometheus", "--config.file=prometheus.yaml", "--storage.tsdb.path=data", f"--web.listen-address={self.prometheus}",
                   "--query.lookback-delta=10s", "--rules.alert.resend-delay=2s", "--log.level=warn")
        self.until("the shop is measured", lambda: (self.ask(self.prometheus, "/api/v1/query?query=pg_up") or {}).get("data", {}).get("result"), 30)
        # Targets are found after some seconds, which are minutes here: rules come when there is something to measure.
        (self.here / "rules.yaml").write_text(shrink.rules((OPS / "prometheus/rules/production.yaml").read_text()))
        self.running[-1].send_signal(signal.SIGHUP)

    def ask(self, where, path, body=None):
        request = urllib.request.Request(f"http://{where}{path}", data=body and json.dumps(body).encode(), headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                text = answer.read().decode()
        except OSError:
            return None
        return json.loads(text) if text.startswith(("{", "[")) else text

    def until(self, what, holds, seconds):
        end = time.time() + seconds
        while time.time() < end:
            if found := holds():
                return found
            time.sleep(0.2)
        raise AssertionError(f"not within {seconds} s: {what}. Firing: {sorted(self.firing())}. Arrived: {self.told()}")

    def firing(self):
        """Alert and service of all that fires in Prometheus."""
        answer = self.ask(self.prometheus, "/api/v1/alerts") or {"data": {"alerts": []}}
        alerts = [one["labels"] for one in answer["data"]["alerts"] if one["state"] == "firing"]
        return {(labels["alertname"], labels["service"]) for labels in alerts} - {("Watchdog", "shop")}

    def pages(self, action="trigger"):
        return [event for event in self.catcher.of("/pagerduty") if event["event_action"] == action]

    def slack(self, channel):
        return [post["attachments"][0] for post in self.catcher.of("/slack") if post["channel"] == channel]

    def told(self):
        """The title of everything that a person got, without its number."""
        titles = [event["payload"]["summary"] for event in self.pages()]
        titles += [post["attachments"][0]["title"] for post in self.catcher.of("/slack")]
        titles += [mail["subject"] for mail in self.catcher.of("/mail")]
        return sorted({title.partition("] ")[2] for title in titles if title.startswith("[FIRING")})
