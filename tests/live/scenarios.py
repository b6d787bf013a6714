"""What a person on call gets to see, one function a fault. Each yields the facts that were proven."""

import time

import yaml
from lab import OPS, Lab


def rule(name, service):
    tree = yaml.safe_load((OPS / "prometheus/rules/production.yaml").read_text())
    rules = (rule for group in tree["groups"] for rule in group["rules"])
    return next(r for r in rules if r.get("alert") == name and r["labels"]["service"] == service)


def quiet_then(lab, fault):
    """Ten minutes of work in a third of one: nobody hears anything but the heartbeat. Then the fault."""
    lab.until("the Watchdog beats", lambda: lab.catcher.of("/heartbeat"), 20)
    time.sleep(12)
    assert not lab.told(), f"a healthy shop tells {lab.told()}"
    fault()


def service_down():
    with Lab() as lab:
        quiet_then(lab, lab.shop.api_down)
        beats = len(lab.catcher.of("/heartbeat"))
        yield f"a healthy shop tells nobody, and its Watchdog beats ({beats} times)"
        page = lab.until("ServiceDown pages", lab.pages, 20)[0]
        said = rule("ServiceDown", "shop/api")["annotations"]
        links = [link["href"] for link in page["links"]]
        assert said["runbook_url"] in links, links
        assert page["payload"]["custom_details"]["first"] == said["command"], page["payload"]
        assert page["payload"]["severity"] == "critical", page["payload"]
        yield f"critical pages with runbook {said['runbook_url']} and first command {said['command']!r}"
        post = lab.until("the channel hears too", lambda: lab.slack("#incidents"), 5)[0]
        assert said["runbook_url"] in post["text"] and said["command"].replace(">", "&gt;") in post["text"], post
        assert not lab.slack("#shop-alerts") and not lab.catcher.of("/mail"), lab.told()
        yield "the same arrives in #incidents, and nowhere else"
        muted = ("HttpErrorRateHigh", "shop/api")
        lab.until("its errors fire too", lambda: muted in lab.firing(), 30)
        time.sleep(6)
        firing, incidents = lab.firing(), {event["dedup_key"] for event in lab.pages()}
        assert len(incidents) == 1 and len(lab.told()) <= 2 and len(firing) > 2, (firing, lab.told())
        yield f"{len(firing)} alerts fire, 1 incident is opened: {', '.join(lab.told())}"
        lab.shop.working()
        over = lab.until("the page is resolved", lambda: lab.pages("resolve"), 40)
        assert over[0]["dedup_key"] in incidents
        yield "once it works again the incident is resolved by itself"


def database_down():
    with Lab() as lab:
        quiet_then(lab, lab.shop.database_down)
        wanted = {("DatabaseDown", "shop/db"), ("ServiceDown", "shop/api"), ("HttpErrorRateHigh", "shop/api"), ("SchedulerSilent", "shop/scheduler"),
                  ("OldestJobTooOld", "shop/worker"), ("EndpointDown", "shop/api"), ("QueueDepthHigh", "shop/jobs/default")}
        lab.until("its users fail too", lambda: wanted <= lab.firing(), 45)
        time.sleep(8)
        firing, told = lab.firing(), lab.told()
        assert len(firing) >= 7 and 1 <= len(told) <= 2, (sorted(firing), told)
        assert any("shop/db" in title for title in told), told
        yield f"{len(firing)} alerts fire on a lost database, people hear of {len(told)}: {', '.join(told)}"


def telemetry_lost():
    with Lab() as lab:
        quiet_then(lab, lambda: setattr(lab.catcher, "page", None))
        wanted = {("TelemetryPipelineDown", "shop"), ("ServiceDown", "shop/api"), ("ServiceDown", "shop/worker"), ("TelemetryAbsent", "shop/api")}
        lab.until("what needs metrics fires too", lambda: wanted <= lab.firing(), 45)
        time.sleep(6)
        firing, told = lab.firing(), lab.told()
        assert 1 <= len(told) <= 2 and any("TelemetryPipelineDown" in title for title in told), (sorted(firing), told)
        yield f"{len(firing)} alerts fire without metrics, people hear of {len(told)}: {', '.join(told)}"


def severities():
    with Lab() as lab:
        values = lab.shop.values
        long_one = 'pg_stat_activity_max_tx_duration{job="shop-db",instance="p",datname="shop",state="active"}'
        evictions = 'redis_evicted_keys_total{job="shop-cache",instance="c"}'
        quiet_then(lab, lambda: (values.update({long_one: 1200}), lab.shop.rates.update({evictions: 100})))
        title = "LongRunningTransaction shop/db production (medium)"
        lab.until("medium is posted", lambda: title in lab.told(), 30)
        assert not lab.pages() and not lab.slack("#incidents"), lab.told()
        yield "medium is posted in #shop-alerts and pages nobody"
        lab.shop.values['redis_up{job="shop-cache",instance="c"}'] = 0
        page = lab.until("high pages", lab.pages, 20)[0]
        assert page["payload"]["severity"] == "error" and not lab.slack("#incidents"), page["payload"]
        assert any("RedisDown" in post["title"] for post in lab.slack("#shop-alerts"))
        yield "high pages with less urgency, and is posted in #shop-alerts"
        mail = lab.until("low is mailed", lambda: lab.catcher.of("/mail"), 60)[0]
        said = rule("KeysEvicted", "shop/cache")["annotations"]
        assert mail["to"] == "shop@acme.example" and said["runbook_url"] in mail["text"] and said["command"] in mail["text"], mail
        yield "low is mailed in the digest, with its runbook and first command"


def provider_fails():
    with Lab() as lab:
        lab.catcher.broken.add("/slack")
        quiet_then(lab, lab.shop.api_down)
        failing = lambda: [event for event in lab.pages() if event["payload"]["class"] == "notifications"]
        page = lab.until("PagerDuty hears that Slack fails", failing, 60)[0]
        assert "slack" in page["payload"]["custom_details"]["text"], page["payload"]
        assert not lab.catcher.of("/slack")
        yield f"Slack answers 500, PagerDuty is told: {page['payload']['summary']}"


def pager_fails():
    with Lab() as lab:
        lab.catcher.broken.add("/pagerduty")
        quiet_then(lab, lab.shop.api_down)
        told = lambda: [post for post in lab.slack("#incidents") if "NotificationsFailing" in post["title"]]
        post = lab.until("Slack hears that PagerDuty fails", told, 60)[0]
        assert "pagerduty" in post["text"], post
        yield f"PagerDuty answers 500, #incidents is told: {post['title']}"


ALL = [service_down, database_down, telemetry_lost, severities, provider_fails, pager_fails]
