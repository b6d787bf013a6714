"""Stands in for PagerDuty, Slack, a heartbeat and a mail relay: takes what Alertmanager sends, and refuses when told to."""

import email
import email.policy
import json
import socketserver
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWERS = {"/pagerduty": (202, b'{"status":"success","message":"Event processed","dedup_key":"k"}'), "/slack": (200, b"ok")}


class Catcher:
    def __init__(self):
        self.got, self.broken, self.page = [], set(), ""
        self.http = serve(ThreadingHTTPServer(("127.0.0.1", 0), self.handler()))
        self.smtp = serve(socketserver.ThreadingTCPServer(("127.0.0.1", 0), self.mailbox()))

    def close(self):
        for server in (self.http, self.smtp):
            server.shutdown()
            server.server_close()

    def take(self, path, body):
        self.got.append((path, body))

    def of(self, path):
        return [body for where, body in list(self.got) if where == path]

    def handler(catcher):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.path in catcher.broken:
                    return self.answer(500, b"broken")
                catcher.take(self.path, body)
                self.answer(*ANSWERS.get(self.path, (200, b"ok")))

            def do_GET(self):  # the exporter: what there is to measure
                page = catcher.page() if catcher.page else None
                self.answer(200 if page is not None else 503, (page or "").encode())

            def answer(self, status, body):
                self.send_response(status)
                self.send_header("Content-Type", "text/plain")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler

    def mailbox(catcher):
        class Mailbox(socketserver.StreamRequestHandler):
            def say(self, line):
                self.wfile.write(line.encode() + b"\r\n")

            def handle(self):
                self.say("220 relay")
                for line in self.rfile:
                    word = line.split()[0].upper() if line.split() else b""
                    if word == b"DATA":
                        self.say("354 go on")
                        lines = iter(self.rfile.readline, b".\r\n")
                        mail = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
                        catcher.take("/mail", {"to": mail["To"], "subject": mail["Subject"], "text": text_of(mail)})
                    elif word == b"QUIT":
                        return self.say("221 bye")
                    self.say("250 ok")

        return Mailbox


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


def serve(server):
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    return server
