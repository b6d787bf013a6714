"""Runs the scenarios side by side, each between its own servers, and prints a line for every fact that was proven."""

import sys
import threading
import time
import traceback

import scenarios

failed = []


def play(scenario):
    try:
        for fact in scenario():
            print(f"ok  {scenario.__name__}: {fact}", flush=True)
    except Exception as fault:  # anything that a scenario meets is its failure
        failed.append(scenario.__name__)
        print(f"NOT {scenario.__name__}: {fault}\n{traceback.format_exc()}", flush=True)


wanted = [scenario for scenario in scenarios.ALL if not sys.argv[1:] or scenario.__name__ in sys.argv[1:]]
started = time.time()
threads = [threading.Thread(target=play, args=[scenario]) for scenario in wanted]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"{len(wanted)} scenarios with a real Prometheus and Alertmanager, {len(failed)} failed, {time.time() - started:.0f} s")
sys.exit(1 if failed or not wanted else 0)
