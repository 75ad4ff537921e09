#!/usr/bin/env python3
"""Serves the demonstration's feeds on loopback: `demo_server.py FOLDER PORT`.

Takes PORT if it is free, else any. Prints the port when it listens; ends with standard input.
"""

import functools
import http.server
import sys
import threading


class Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map = {".xml": "application/xml", ".rdf": "application/rdf+xml", ".json": "application/feed+json"}

    def log_message(self, *_):
        pass


def listen(handler, port):
    try:
        return http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError:
        return http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)


def main():
    folder, port = sys.argv[1], int(sys.argv[2])
    server = listen(functools.partial(Handler, directory=folder), port)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main()
