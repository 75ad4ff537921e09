"""A desktop session for tests: a D-Bus session bus, an X server without a screen, dunst; and a stand-in for feedwatchd's control API."""

import http.server
import json
import os
import pathlib
import shutil
import socket
import socketserver
import subprocess
import tempfile
import threading

DEADLINE_SECONDS = 60

# What must be installed; without one of them the tests are skipped.
NEEDED = ("dbus-daemon", "gdbus", "Xvfb", "dunst", "dunstctl", "import")

# Nothing is started by the bus itself: tests decide whether a notification server runs.
BUS = """<busconfig>
  <type>session</type>
  <listen>unix:path={path}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""

DUNST = """[global]
  width = 460
  height = 200
  offset = 20x20
  origin = top-right
  font = DejaVu Sans 11
  stack_duplicates = false
  markup = full
  format = "<b>%s</b>\\n%b"
  word_wrap = true
  notification_limit = 20
  history_length = 100
  frame_width = 2
  frame_color = "#3a6ea5"
  enable_recursive_icon_lookup = false
[urgency_low]
  format = "<i>%s</i>\\n%b"
  timeout = 0
  background = "#2b303b"
[urgency_normal]
  timeout = 0
  background = "#285577"
[urgency_critical]
  format = "<b><u>%s</u></b>\\n%b"
  timeout = 0
  background = "#900000"
"""


# dunst's history does not tell the urgency; the formats above do.
URGENCIES = {"<i>": "low", "<b><u>": "critical", "<b>": "normal"}


class Session:
    def __init__(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="fw-desktop-"))
        self.processes = []
        (self.dir / "bin").mkdir()
        (self.dir / "dunstrc").write_text(DUNST)
        (self.dir / "bus.conf").write_text(BUS.format(path=self.dir / "bus"))
        self.environment = {**os.environ, "HOME": str(self.dir), "XDG_STATE_HOME": str(self.dir / "state"), "XDG_RUNTIME_DIR": str(self.dir),
                            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.dir / 'bus'}", "LC_ALL": "C.UTF-8",
                            "PATH": f"{self.dir / 'bin'}:{os.environ['PATH']}"}
        for name in ("WAYLAND_DISPLAY", "STATE_DIRECTORY", "RUNTIME_DIRECTORY", "FEEDWATCH_CONFIG"):
            self.environment.pop(name, None)
        self.start_bus()
        self.start_display()
        self.dunst = None
        self.opened = self.dir / "opened"
        os.mkfifo(self.opened)
        opener = self.dir / "bin" / "xdg-open"
        opener.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$#\" \"$@\" >'{self.opened}'\n")
        opener.chmod(0o755)

    def spawn(self, *arguments, **more):
        process = subprocess.Popen([str(argument) for argument in arguments], env=self.environment, **more)
        self.processes.append(process)
        return process

    def start_bus(self):
        bus = self.spawn("dbus-daemon", f"--config-file={self.dir / 'bus.conf'}", "--print-pid=1", "--nofork", stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL)
        bus.stdout.readline()

    def start_display(self):
        reader, writer = os.pipe()
        self.spawn("Xvfb", "-displayfd", writer, "-screen", "0", "900x700x24", "-nolisten", "tcp", pass_fds=[writer], stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as display:
            self.environment["DISPLAY"] = ":" + display.readline().strip()

    def start_dunst(self):
        """Returns when it owns the name on the bus."""
        self.dunst = self.spawn("dunst", "-conf", self.dir / "dunstrc", stderr=subprocess.DEVNULL)
        subprocess.run(["gdbus", "wait", "--session", "--timeout", str(DEADLINE_SECONDS), "org.freedesktop.Notifications"], check=True,
                       env=self.environment)

    def stop_dunst(self):
        self.dunst.kill()
        self.dunst.wait(DEADLINE_SECONDS)

    def dunstctl(self, *arguments):
        return subprocess.run(["dunstctl", *arguments], check=True, env=self.environment, capture_output=True, text=True,
                              timeout=DEADLINE_SECONDS).stdout

    def displayed(self):
        return int(self.dunstctl("count", "displayed"))

    def history(self):
        """Closes what is on the screen; all notifications there ever were, the oldest first, as plain dictionaries."""
        self.dunstctl("close-all")
        entries = json.loads(self.dunstctl("history"))["data"][0]
        shown = [{name: value["data"] for name, value in entry.items()} for entry in entries]
        shown.sort(key=lambda entry: entry["id"])
        for entry in shown:
            entry["urgency"] = next(urgency for start, urgency in URGENCIES.items() if entry["message"].startswith(start))
        return shown

    def screenshot(self, name):
        folder = pathlib.Path(os.environ.get("FEEDWATCH_BUILD_DIR", str(self.dir))) / "artefacts"
        folder.mkdir(exist_ok=True)
        path = folder / name
        subprocess.run(["import", "-window", "root", str(path)], check=True, env=self.environment, timeout=DEADLINE_SECONDS)
        return path

    def wait_opened(self):
        """The arguments of the next xdg-open."""
        with open(self.opened, encoding="utf-8") as lines:
            count, *arguments = lines.read().splitlines()
        return arguments if len(arguments) == int(count) else None

    def close(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
                process.wait(DEADLINE_SECONDS)
            if process.stdout:
                process.stdout.close()
        shutil.rmtree(self.dir, ignore_errors=True)


class Api:
    """The part of the control API that the agent uses, with alerts put in by the test."""

    def __init__(self, path):
        self.path = str(path)
        self.alerts = []       # index + 1 is the sequence
        self.delivered = []    # (alert id, body)
        self.places = []       # Last-Event-ID of each stream, None without
        self.queries = []      # path of each stream
        self.deaf = False      # acknowledgements get no answer
        self.unheard = 0       # so many
        self.changed = threading.Condition()
        self.server = None
        self.start()

    def start(self):
        api = self
        self.stopping = False
        self.connections = set()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                super().setup()
                api.connections.add(self.connection)

            def answer(self, body):
                text = json.dumps(body).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def do_GET(self):
                if self.path == "/v1/status":
                    self.answer({"channels": [{"name": "log", "type": "log"}, {"name": "screen", "type": "desktop"}]})
                else:
                    api.stream(self)

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with api.changed:
                    if api.deaf:
                        api.unheard += 1
                        api.changed.notify_all()
                        self.close_connection = True
                        return
                    api.delivered.append((self.path.split("/")[3], body))
                    api.changed.notify_all()
                self.answer({})

            def log_message(self, *_):
                pass

            def address_string(self):
                return "unix"

        class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
            daemon_threads = True

        self.server = Server(self.path, Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stream(self, request):
        place = request.headers.get("Last-Event-ID")
        with self.changed:
            self.places.append(place)
            self.queries.append(request.path)
            self.changed.notify_all()
        request.send_response(200)
        request.send_header("Content-Type", "text/event-stream")
        request.end_headers()
        request.close_connection = True
        sequence = int(place or 0)
        while not self.stopping:
            with self.changed:
                self.changed.wait_for(lambda: self.stopping or len(self.alerts) > sequence)
                batch = self.alerts[sequence:]
            for alert in batch:
                sequence += 1
                try:
                    request.wfile.write(f"id: {sequence}\nevent: alert\ndata: {json.dumps(alert)}\n\n".encode())
                except OSError:
                    return

    def add(self, *alerts):
        with self.changed:
            self.alerts.extend(alerts)
            self.changed.notify_all()

    def wait(self, condition, what):
        with self.changed:
            if not self.changed.wait_for(condition, DEADLINE_SECONDS):
                raise AssertionError(f"waited for {what} in vain; delivered: {self.delivered}, places: {self.places}")

    def wait_delivered(self, count):
        self.wait(lambda: len(self.delivered) >= count, f"{count} acknowledgements")

    def stop(self):
        with self.changed:
            self.stopping = True
            self.changed.notify_all()
        self.server.shutdown()
        self.server.server_close()
        os.unlink(self.path)
        for connection in self.connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.thread.join()
