"""What the integration tests stand on: a web site, a daemon, the command line, and ways to wait for events.

Nothing here sleeps: readiness and reloads come as sd_notify(3) messages, alerts over the control socket's stream, and whatever
waits has a deadline that only a broken program meets.
"""

import http.client
import http.server
import json
import os
import pathlib
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import unittest

BIN = pathlib.Path(os.environ.get("FEEDWATCH_BIN_DIR", "build/release/bin")).resolve()
SOURCE = pathlib.Path(__file__).resolve().parents[2]
DEADLINE_SECONDS = 60


class Page:
    """What the site answers at one path. `hold`: an event that the answer waits for."""

    def __init__(self, body=b"", status=200, headers=None, hold=None, content_type="application/xml"):
        self.body = body.encode() if isinstance(body, str) else body
        self.status = status
        self.headers = {"Content-Type": content_type, **(headers or {})}
        self.hold = hold


class Site:
    """A web server on loopback. `pages` maps paths to pages; `requests` is what was asked, in order."""

    def __init__(self):
        self.pages = {}
        self.requests = []
        self.changed = threading.Condition()
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                with site.changed:
                    site.requests.append((self.path, dict(self.headers)))
                    site.changed.notify_all()
                site.answer(self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def answer(self, request):
        page = self.pages.get(request.path, Page("no such page", 404, content_type="text/plain"))
        if page.hold and not page.hold.wait(DEADLINE_SECONDS):
            return
        if "ETag" in page.headers and request.headers.get("If-None-Match") == page.headers["ETag"]:
            request.send_response(304)
            request.send_header("ETag", page.headers["ETag"])
            request.end_headers()
            return
        request.send_response(page.status)
        for name, value in page.headers.items():
            request.send_header(name, value)
        if "Content-Length" not in page.headers:
            request.send_header("Content-Length", str(len(page.body)))
        request.end_headers()
        try:
            request.wfile.write(page.body)
        except OSError:
            return
        if int(page.headers.get("Content-Length", len(page.body))) != len(page.body):
            request.close_connection = True

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def asked(self, path):
        with self.changed:
            return sum(1 for asked, _ in self.requests if asked == path)

    def wait_asked(self, path, times):
        with self.changed:
            if not self.changed.wait_for(lambda: sum(1 for asked, _ in self.requests if asked == path) >= times,
                                         DEADLINE_SECONDS):
                raise AssertionError(f"{path} was not asked for {times} times")

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def rss(*items, title="A feed"):
    """RSS 2.0 with items given as (guid, title, description) or (guid, title, description, pubDate)."""
    parts = []
    for item in items:
        guid, item_title, description = item[:3]
        date = f"<pubDate>{item[3]}</pubDate>" if len(item) > 3 else ""
        parts.append(f"<item><guid isPermaLink='false'>{guid}</guid><title>{item_title}</title>"
                     f"<link>https://news.example/{guid}</link><description>{description}</description>{date}</item>")
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>{title}</title>{''.join(parts)}</channel></rss>"


class Notify:
    """The receiving end of sd_notify(3)."""

    def __init__(self, path):
        self.path = str(path)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(0.2)

    def wait(self, wanted, process=None):
        """Returns when a message has the line `wanted`; fails when the process ends before."""
        for _ in range(DEADLINE_SECONDS * 5):
            try:
                if wanted in self.socket.recv(65536).decode().splitlines():
                    return
            except socket.timeout:
                if process and process.poll() is not None:
                    raise AssertionError(f"the daemon ended with {process.returncode} before it said {wanted}") from None
        raise AssertionError(f"the daemon did not say {wanted}")

    def close(self):
        self.socket.close()


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout=DEADLINE_SECONDS):
        super().__init__("localhost", timeout=timeout)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


CONFIG = """\
feeds: [feeds.d/*.yaml]
rules: [rules.d/*.yaml]
backfill: all
poll: {{interval: 1h, min_interval: 1s, timeout: 5s, connect_timeout: 2s}}
store: {{path: state/feedwatch.db}}
control: {{socket: c.sock}}
workers: 1
defaults: {{severity: warning, notify: [log]}}
channels:
  log: {{type: log, target: {target}}}
"""

RULES = """\
rules:
  - {id: troops, name: Troops, match: troop*, severity: critical}
"""


class Home:
    """A configuration in a folder of its own, and the programs run on it."""

    def __init__(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="fw-"))
        for folder in ("feeds.d", "rules.d", "state"):
            (self.dir / folder).mkdir()
        self.process = None
        self.notify = None
        self.limits = {}
        self.bin = BIN
        self.target = "state/alerts.jsonl"
        self.socket_name = "c.sock"
        self.write_config()
        self.write("rules.d/rules.yaml", RULES)

    def write(self, name, text):
        """As an editor does: beside it, then over it."""
        path = self.dir / name
        beside = path.with_name("." + path.name + ".new")
        beside.write_text(text)
        beside.rename(path)

    def write_config(self, extra="", text=None):
        self.write("feedwatch.yaml", (text or CONFIG).format(target=self.target) + extra)

    def write_feeds(self, feeds, **more):
        """`feeds`: id → URL. `more`: YAML for an id, beyond its URL."""
        lines = ["feeds:"]
        for name, url in feeds.items():
            extra = "".join(f", {more_line}" for more_line in more.get(name, []))
            lines.append(f"  - {{id: {name}, url: '{url}'{extra}}}")
        self.write("feeds.d/feeds.yaml", "\n".join(lines) + "\n")

    @property
    def config(self):
        return str(self.dir / "feedwatch.yaml")

    @property
    def socket(self):
        return self.dir / self.socket_name

    def environment(self):
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "NOTIFY_SOCKET")}
        environment["HOME"] = str(self.dir)
        environment["XDG_STATE_HOME"] = str(self.dir / "xdg-state")
        environment["LC_ALL"] = "C.UTF-8"
        environment["TZ"] = "UTC"
        return environment

    # -- the daemon

    def start(self):
        """Starts the daemon and returns when it is ready."""
        self.spawn()
        self.notify.wait("READY=1", self.process)
        return self

    def spawn(self):
        if self.notify:
            self.notify.close()
            os.unlink(self.notify.path)
        self.notify = Notify(self.dir / "n.sock")
        environment = self.environment()
        environment["NOTIFY_SOCKET"] = self.notify.path

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            for name, value in self.limits.items():
                resource.setrlimit(name, value)

        self.log = open(self.dir / "daemon.log", "ab")
        self.process = subprocess.Popen([self.bin / "feedwatchd", "--config", self.config, "--log-level", "debug"], stderr=self.log,
                                        stdin=subprocess.DEVNULL, env=environment, preexec_fn=limit)

    def stop(self, how=signal.SIGTERM):
        """Ends the daemon; its exit status."""
        if not self.process:
            return None
        self.process.send_signal(how)
        status = self.process.wait(DEADLINE_SECONDS)
        self.log.close()
        self.process = None
        return status

    def daemon_log(self):
        path = self.dir / "daemon.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def close(self):
        if self.process:
            self.stop(signal.SIGKILL)
        if self.notify:
            self.notify.close()
        shutil.rmtree(self.dir, ignore_errors=True)

    # -- the command line

    def run(self, *arguments, stdin=None, check=True):
        """`feedwatch` with this configuration. check=True: it must succeed."""
        done = subprocess.run([BIN / "feedwatch", *arguments, "--config", self.config], input=stdin, capture_output=True, text=True,
                              env=self.environment(), timeout=DEADLINE_SECONDS)
        if check and done.returncode != 0:
            raise AssertionError(f"feedwatch {' '.join(arguments)} ended with {done.returncode}\n{done.stdout}{done.stderr}\n"
                                 f"{self.daemon_log()}")
        return done

    def spawn_cli(self, *arguments):
        """The same, in the background, with pipes."""
        return subprocess.Popen([BIN / "feedwatch", *arguments, "--config", self.config], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, env=self.environment())

    def begin(self, *arguments):
        """The same, not waited for: communicate() gives what it printed."""
        return subprocess.Popen([BIN / "feedwatch", *arguments, "--config", self.config], stdout=subprocess.PIPE, text=True,
                                env=self.environment())

    def json(self, *arguments):
        done = self.run(*arguments, "--json", check=False)
        try:
            return [json.loads(line) for line in done.stdout.splitlines()] if done.stdout.count("\n{") else json.loads(done.stdout)
        except json.JSONDecodeError:
            raise AssertionError(f"feedwatch {' '.join(arguments)} --json: status {done.returncode}, no JSON:\n"
                                 f"{done.stdout}{done.stderr}\n{self.daemon_log()}") from None

    # -- the control socket

    def call(self, method, path, body=None):
        """One request: (status, parsed JSON)."""
        connection = UnixConnection(self.socket)
        connection.request(method, path, body=None if body is None else json.dumps(body),
                           headers={} if body is None else {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, json.loads(text) if text else None

    def alerts(self, at_least):
        """Follows the stream from the first alert until there are so many."""
        connection = UnixConnection(self.socket)
        connection.request("GET", "/v1/alerts/stream?since=1970-01-01T00:00:00Z", headers={"Accept": "text/event-stream"})
        answer = connection.getresponse()
        if answer.status != 200:
            raise AssertionError(f"stream: {answer.status} {answer.read()}")
        alerts = []
        while len(alerts) < at_least:
            line = answer.readline().decode()
            if not line:
                raise AssertionError(f"the stream ended after {len(alerts)} alerts\n{self.daemon_log()}")
            if line.startswith("data:"):
                alerts.append(json.loads(line[5:]))
        connection.close()
        return alerts

    def stored(self, statement):
        """One value out of the database, or a change of it; not while the daemon is in a transaction."""
        with sqlite3.connect(self.dir / "state/feedwatch.db", timeout=DEADLINE_SECONDS) as database:
            row = database.execute(statement).fetchone()
        database.close()
        return row[0] if row else None

    def logged(self):
        """The alerts in the log channel's file."""
        path = self.dir / self.target
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


class Case(unittest.TestCase):
    """A test with a home and a site."""

    def setUp(self):
        self.site = Site()
        self.addCleanup(self.site.close)
        self.home = Home()
        self.addCleanup(self.home.close)

    def serve(self, name, body, **more):
        """Puts a feed on the site and gives its URL."""
        path = f"/{name}.xml"
        self.site.pages[path] = Page(body, **more)
        return self.site.url(path)

    def feed(self, name):
        """A feed as `feeds list` shows it."""
        feeds = self.home.json("feeds", "list")
        feeds = feeds.get("feeds", feeds) if isinstance(feeds, dict) else feeds
        return next(feed for feed in feeds if feed["id"] == name)
