"""The control socket of a real daemon, under clients that send garbage, leave halfway, or never finish."""

import random
import resource
import socket
import struct
import unittest

from harness import DEADLINE_SECONDS, Case, rss

HALF_OPEN = 200

GARBAGE = {
    "all bytes": bytes(range(256)) * 16,
    "a TLS hello": bytes.fromhex("16030100a5010000a10303") + bytes(160),
    "no method": b" / HTTP/1.1\r\nHost: x\r\n\r\n",
    "no version": b"GET /v1/status\r\n\r\n",
    "a version of the far future": b"GET /v1/status HTTP/9.9\r\n\r\n",
    "a path that is not UTF-8": b"GET /v1/feeds/%ff%fe\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "a line without end": b"GET /" + b"a" * (1 << 20),
    "a header without end": b"GET /v1/status HTTP/1.1\r\nX: " + b"b" * (1 << 20),
    "headers without end": b"GET /v1/status HTTP/1.1\r\n" + b"X: y\r\n" * (1 << 17),
    "a negative length": b"POST /v1/check HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{}",
    "a length beyond all numbers": b"POST /v1/check HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    "a chunk that is none": b"POST /v1/check HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a body that is no JSON": b"POST /v1/check HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\n\xff\0[{",
}

# No whole request, each: only time closes them.
HALVES = [
    b"",
    b"G",
    bytes(4096),
    b"GET /v1/\0status HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /v1/status HTTP/1.1\r\nHost: x\r\n",
    b"POST /v1/check HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{\"force\"",
]


class Socket(Case):
    def setUp(self):
        super().setUp()
        self.home.write_feeds({"a": self.serve("a", rss(("1", "Quiet", "nothing")))})
        self.home.start()

    def connect(self):
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.addCleanup(client.close)
        client.connect(str(self.home.socket))  # waits for a place in the queue, which it would not do with a timeout
        client.settimeout(DEADLINE_SECONDS)
        return client

    def exchange(self, sent):
        """What comes back before the other side closes."""
        client, answer = self.connect(), b""
        try:
            client.sendall(sent)
            while piece := client.recv(65536):
                answer += piece
        except (BrokenPipeError, ConnectionResetError):
            pass  # closed before all was sent: fair
        client.close()
        return answer

    def assert_well(self):
        self.assertIn("running", self.home.run("status").stdout)
        self.assertIsNone(self.home.process.poll())

    def test_garbage_gets_an_answer_or_a_closed_connection(self):
        for name, sent in GARBAGE.items():
            with self.subTest(name):
                answer = self.exchange(sent + b"\r\n\r\n")
                if answer:
                    self.assertRegex(answer.split(b"\r\n")[0], rb"^HTTP/1\.[01] [45]\d\d ")
                self.assert_well()

    def test_random_bytes_do_no_harm(self):
        numbers = random.Random(8642)
        for _ in range(200):
            self.exchange(numbers.randbytes(numbers.randrange(1, 3000)) + b"\r\n\r\n")
        self.assert_well()

    def test_clients_that_never_finish_hold_up_nobody(self):
        clients = []
        for number in range(HALF_OPEN):
            client = self.connect()
            client.sendall(HALVES[number % len(HALVES)])
            clients.append(client)
        self.assert_well()
        self.home.run("check", "--force")
        self.assert_well()

    def test_a_request_may_come_byte_by_byte(self):
        client = self.connect()
        for byte in b"GET /v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n":
            client.sendall(bytes([byte]))
        answer = b""
        while piece := client.recv(65536):
            answer += piece
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer)

    def test_clients_that_leave_in_the_middle_harm_nobody(self):
        for number in range(HALF_OPEN):
            client = self.connect()
            if number % 2:  # with a reset
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall(HALVES[number % len(HALVES)])
            client.close()
        self.assert_well()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    unittest.main(verbosity=2)
