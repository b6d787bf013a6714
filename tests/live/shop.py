"""The shop as its exporters describe it, and what breaks in it. Counters grow with the clock, by what was broken since when."""

import time

READY = 'kube_pod_container_status_ready{namespace="shop",container="%s",pod="%s"}'
REQUESTS = 'http_server_request_duration_seconds_count{namespace="shop",job="shop-api",instance="a",http_response_status_code="%s"}'
ORDERS = 'shop_orders_total{namespace="shop"}'
SITE = 'job="blackbox",instance="https://shop.acme.example/health/live"'


class Shop:
    def __init__(self):
        self.started, self.values, self.counts = time.time(), {}, {}
        self.last = self.started
        self.rates = {REQUESTS % "200": 100, REQUESTS % "500": 0, ORDERS: 5}
        self.rates['redis_evicted_keys_total{job="shop-cache",instance="c"}'] = 0
        self.working()

    def working(self):
        now = time.time()
        for container in ("api", "worker", "scheduler"):
            self.values |= {READY % (container, pod): 1 for pod in ("a", "b", "c")}
            self.values[f'kube_replicaset_spec_replicas{{namespace="shop",replicaset="{container}-5d4f"}}'] = 3
        self.values |= {f'rabbitmq_build_info{{job="shop-jobs",instance="{node}"}}': 1 for node in "abc"}
        self.values['kube_namespace_status_phase{namespace="shop",phase="Active"}'] = 1
        self.values['pgbouncer_up{job="shop-db-pooler",instance="p"}'] = 1
        self.values |= {'pg_up{job="shop-db"}': 1, 'pg_up{job="shop-db-replicas"}': 1, 'redis_up{job="shop-cache",instance="c"}': 1}
        self.values |= {f"probe_success{{{SITE}}}": 1, f"probe_ssl_earliest_cert_expiry{{{SITE}}}": now + 90 * 86400}
        self.values['queue_oldest_job_age_seconds{namespace="shop",job="shop-worker",queue="default"}'] = 1
        self.values['rabbitmq_detailed_queue_messages_ready{job="shop-jobs",queue="default"}'] = 1
        self.values['scheduler_heartbeat_timestamp_seconds{namespace="shop",job="shop-scheduler"}'] = now
        for store in ("db", "jobs"):
            for what in ("success", "restore_test"):
                self.values[f'backup_last_{what}_timestamp_seconds{{backup="{store}",environment="production"}}'] = now
        self.rates |= {REQUESTS % "200": 100, REQUESTS % "500": 0, ORDERS: 5}

    def api_down(self):
        self.values |= {READY % ("api", pod): 0 for pod in ("a", "b", "c")} | {f"probe_success{{{SITE}}}": 0}
        self.rates |= {REQUESTS % "200": 0, REQUESTS % "500": 50, ORDERS: 0}

    def database_down(self):
        """And with it what needs it: no readiness, errors, no orders, workers and scheduler that stand still, copies that can't follow."""
        self.api_down()
        self.values |= {'pg_up{job="shop-db"}': 0, 'pg_up{job="shop-db-replicas"}': 0}
        self.values['queue_oldest_job_age_seconds{namespace="shop",job="shop-worker",queue="default"}'] = 900
        self.values['rabbitmq_detailed_queue_messages_ready{job="shop-jobs",queue="default"}'] = 5000
        self.values['scheduler_heartbeat_timestamp_seconds{namespace="shop",job="shop-scheduler"}'] = time.time() - 900

    def page(self):
        now = time.time()
        for name, rate in self.rates.items():
            self.counts[name] = self.counts.get(name, 0) + rate * (now - self.last)
        self.last = now
        return "".join(f"{name} {value}\n" for name, value in {**self.values, **self.counts}.items())
