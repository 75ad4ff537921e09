"""The control API of a real daemon: the examples of docs/api.md, and what clients do wrong."""

import json
import re
import threading
import unittest

from harness import CONFIG, SOURCE, Case, UnixConnection, rss

FEED = """\
feeds:
  - {{id: harbour-wire, url: '{url}', title: 'Harbour Wire: World', tags: [world], language: en, interval: 15m}}
"""

RULES = """\
rules:
  - {id: nk-troops, name: North Korean troops, match: '@north-korea NEAR/20 troop*', severity: critical}
"""

ENTITIES = """\
entities:
  - {id: north-korea, kind: country, names: [North Korea], adjectives: [North Korean]}
"""

ITEM = ("17", "Kyiv says first North Korean troops have reached Kursk", "The first units of North Korean troops",
        "Thu, 24 Oct 2024 19:00:00 GMT")


def examples():
    """(request line, body or None, example answers) of each ```http block that is followed by a ```json block, or by none."""
    blocks = re.findall(r"```(http|json)\n(.*?)```", (SOURCE / "docs/api.md").read_text(), re.DOTALL)
    for number, (kind, text) in enumerate(blocks):
        if kind != "http":
            continue
        line, _, body = text.strip().partition("\n")
        has_answer = number + 1 < len(blocks) and blocks[number + 1][0] == "json"
        yield line, json.loads(body) if body else None, parse_all(blocks[number + 1][1]) if has_answer else []


def parse_all(text):
    decoder, values, at = json.JSONDecoder(), [], 0
    while at < len(text.rstrip()):
        value, end = decoder.raw_decode(text, at)
        values.append(value)
        at = end + len(text[end:]) - len(text[end:].lstrip())
    return values


def shape(value):
    """Member names and types."""
    if isinstance(value, dict):
        return {name: shape(member) for name, member in sorted(value.items())}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


class Api(Case):
    def setUp(self):
        super().setUp()
        self.home.write_config(text=CONFIG + "entities: [entities.d/*.yaml]\n")
        (self.home.dir / "entities.d").mkdir()
        self.home.write("entities.d/entities.yaml", ENTITIES)
        self.home.write("rules.d/rules.yaml", RULES)
        body = rss(ITEM).replace("<channel>", "<channel><link>https://harbour-wire.example/</link>")
        url = self.serve("world", body, headers={"ETag": '"4a"', "Last-Modified": "Thu, 24 Oct 2024 19:00:00 GMT"})
        self.home.write("feeds.d/feeds.yaml", FEED.format(url=url))
        self.home.start()
        self.home.run("check", "--force")
        self.alert = self.home.alerts(at_least=1)[0]

    def ask(self, line, body):
        """All values of the answer."""
        method, path = line.split(" ")
        connection = UnixConnection(self.home.socket)
        connection.request(method, path.replace("LAST", self.alert["id"][-8:]), body=None if body is None else json.dumps(body),
                           headers={} if body is None else {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, parse_all(text)

    def wait_delivered(self):
        """The row of the log channel is sent; the stream of the next alert would not tell."""
        while self.home.call("GET", f"/v1/alerts/{self.alert['id']}")[1]["outbox"][0]["state"] != "sent":
            pass


class Documented(Api):
    def test_every_example_of_the_documentation_answers_as_it_says(self):
        self.wait_delivered()
        seen = 0
        for line, body, documented in examples():
            with self.subTest(line):
                status, answers = self.ask(line, body)
                self.assertEqual(status, 200, answers)
                if documented:
                    self.assertEqual([shape(answer) for answer in answers], [shape(example) for example in documented])
            seen += 1
        self.assertGreaterEqual(seen, 10)

    def test_metrics_are_in_prometheus_text_format(self):
        connection = UnixConnection(self.home.socket)
        connection.request("GET", "/metrics")
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        self.assertEqual(answer.getheader("Content-Type"), "text/plain; version=0.0.4; charset=utf-8")
        self.assertIn("\nfeedwatch_store_alerts 1\n", text)
        self.assertIn('\nfeedwatch_feeds{condition="ok"} 1\n', text)
        for line in text.splitlines():
            self.assertRegex(line, r'^(# (HELP|TYPE) feedwatch_\w+ .+|feedwatch_\w+(\{\w+="\w+"\})? \d+)$')


class Wrong(Api):
    def refused(self, method, path, body=None):
        status, answer = self.home.call(method, path, body)
        self.assertEqual(answer["error"]["status"], status)
        return status, answer["error"]["message"]

    def test_mistakes_are_told_in_words(self):
        cases = [
            ("GET", "/v1/feeds/harbour-wirr", None, 404, "did you mean 'harbour-wire'?"),
            ("POST", "/v1/check", {"feeds": ["nope"]}, 404, "no feed has the id or URL 'nope'"),
            ("POST", "/v1/check", {"feeds": "harbour-wire"}, 400, "'feeds' must be a list of ids or URLs"),
            ("POST", "/v1/check", {"feeds": [1]}, 400, "'feeds' must be a list of ids or URLs"),
            ("POST", "/v1/check", {"forced": True}, 400, "unknown key 'forced'"),
            ("POST", "/v1/check", {"force": "yes"}, 400, "'force' must be true or false"),
            ("GET", "/v1/alerts?since=yesterday", None, 400, "'since' must be a time like"),
            ("GET", "/v1/alerts?limit=1001", None, 400, "'limit' must be a number from 0 to 1000, but is '1001'"),
            ("GET", "/v1/alerts?severity=high", None, 400, "'severity' must be info, notice, warning or critical"),
            ("GET", "/v1/alerts?order=up", None, 400, "'order' must be newest or oldest"),
            ("GET", "/v1/alerts?failed=1", None, 400, "'failed' must be true or false"),
            ("GET", "/v1/alerts?sinse=1", None, 400, "a parameter that this path does not take"),
            ("GET", "/v1/alerts/zzzzzz", None, 404, "no alert has an id that starts or ends with 'zzzzzz'"),
            ("GET", "/v1/alerts/stream?after=zzzzzz", None, 404, "cannot go on after 'zzzzzz'"),
            ("POST", f"/v1/alerts/{self.alert['id']}/delivered", {}, 400, "must name the 'channel'"),
            ("POST", f"/v1/alerts/{self.alert['id']}/delivered", {"channel": "nope"}, 404, "this alert does not go to the channel 'nope'"),
            ("DELETE", "/v1/alerts", None, 405, "does not take that method"),
            ("GET", "/v2/status", None, 404, "there is nothing at this path"),
        ]
        for method, path, body, wanted, words in cases:
            with self.subTest(f"{method} {path} {body}"):
                status, message = self.refused(method, path, body)
                self.assertEqual(status, wanted, message)
                self.assertIn(words, message)

    def test_a_refused_reload_tells_where(self):
        self.home.write("rules.d/rules.yaml", "rules:\n  - {id: x, match: 'a AND', severty: high}\n")
        status, answer = self.home.call("POST", "/v1/reload")
        self.assertEqual(status, 422)
        self.assertIn("rules.yaml:2", answer["error"]["diagnostics"])
        done = self.home.run("reload", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("did you mean 'severity'?", done.stderr)
        self.assertIn("refused", self.home.run("status").stdout)


class Streams(Api):
    def follow(self, path, place=None):
        connection = UnixConnection(self.home.socket)
        connection.request("GET", path, headers={"Last-Event-ID": place} if place else {})
        return connection, connection.getresponse()

    def next_event(self, answer):
        """(id, alert or None)"""
        event = {}
        while True:
            line = answer.readline().decode().rstrip("\n")
            if not line and "id" in event:
                return event["id"], json.loads(event["data"]) if "data" in event else None
            name, _, value = line.partition(": ")
            event[name] = value

    def more_news(self, title):
        self.serve("world", rss(ITEM, (title, title, "news")))
        self.home.run("check", "--force")

    def test_the_stream_resumes_after_an_event(self):
        connection, answer = self.follow("/v1/alerts/stream")
        place, nothing = self.next_event(answer)
        self.assertIsNone(nothing)
        self.more_news("North Korean troops again")
        first, alert = self.next_event(answer)
        self.assertEqual(alert["item"]["title"], "North Korean troops again")
        connection.close()
        self.more_news("North Korean troops, third")
        for wanted in (place, first):
            connection, answer = self.follow("/v1/alerts/stream", wanted)
            self.assertEqual(self.next_event(answer), (wanted, None))
            titles = [self.next_event(answer)[1]["item"]["title"] for _ in range(2 if wanted == place else 1)]
            self.assertEqual(titles[-1], "North Korean troops, third")
            connection.close()

    def test_the_stream_resumes_after_an_alert_and_filters_by_channel(self):
        connection, answer = self.follow(f"/v1/alerts/stream?after={self.alert['id']}&channel=log")
        self.more_news("North Korean troops again")
        self.next_event(answer)
        self.assertEqual(self.next_event(answer)[1]["item"]["title"], "North Korean troops again")
        connection.close()
        connection, answer = self.follow("/v1/alerts/stream?after=0&channel=desktop")
        self.assertEqual(self.next_event(answer), ("0", None))
        connection.close()

    def test_a_place_of_another_store_begins_anew(self):
        connection, answer = self.follow("/v1/alerts/stream", "999999")
        self.assertEqual(self.next_event(answer)[0], "0")
        self.assertEqual(self.next_event(answer)[1]["id"], self.alert["id"])
        connection.close()

    def test_a_client_that_leaves_a_check_leaves_the_daemon_well(self):
        hold = threading.Event()
        self.serve("world", rss(ITEM, ("2", "North Korean troops again", "news")), hold=hold)
        connection, answer = UnixConnection(self.home.socket), None
        connection.request("POST", "/v1/check", body='{"force": true}', headers={"Content-Type": "application/json"})
        answer = connection.getresponse()
        self.assertEqual(json.loads(answer.readline()), {"type": "start", "feeds": 1})
        connection.close()
        self.site.wait_asked("/world.xml", 2)
        hold.set()
        self.assertEqual(self.home.alerts(at_least=2)[1]["item"]["title"], "North Korean troops again")

    def test_follow_prints_alerts_and_ends_with_an_interrupt(self):
        follower = self.home.spawn_cli("alerts", "follow", "--json", "--since", "1h")
        self.assertEqual(json.loads(follower.stdout.readline())["id"], self.alert["id"])
        self.more_news("North Korean troops again")
        self.assertEqual(json.loads(follower.stdout.readline())["item"]["title"], "North Korean troops again")
        self.home.stop()
        self.assertIn("going on when it is back", follower.stderr.readline())
        self.home.start()
        self.more_news("North Korean troops, after the restart")
        self.assertEqual(json.loads(follower.stdout.readline())["item"]["title"], "North Korean troops, after the restart")
        follower.send_signal(2)
        self.assertEqual(follower.wait(60), 0)
        follower.stdout.close()
        follower.stderr.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
