"""Survival: kill -9, a full disk, dead workers, a channel that does not take its alerts. No alert is lost, none comes twice."""

import os
import resource
import signal
import subprocess
import unittest

from harness import Case, rss

FEED = rss(("1", "Troops move", "at dawn"))


class Survival(Case):
    def test_kill_between_store_and_delivery_loses_nothing(self):
        self.home.target = "later/alerts.jsonl"  # its folder is not there: delivery fails, the alert waits
        self.home.write_config()
        self.home.write_feeds({"a": self.serve("a", FEED)})
        self.home.start()
        stored = self.home.alerts(at_least=1)
        self.assertEqual(self.home.stop(signal.SIGKILL), -signal.SIGKILL)
        self.assertEqual(self.home.logged(), [])

        (self.home.dir / "later").mkdir()
        self.home.start()
        self.home.run("check", "--force")
        self.wait_delivered(stored[0]["id"])
        self.assertEqual([alert["id"] for alert in self.home.logged()], [stored[0]["id"]])

    def wait_delivered(self, alert_id):
        """Ending cleanly delivers what can be delivered."""
        self.assertEqual(self.home.stop(), 0)
        self.home.start()
        alert = self.home.call("GET", f"/v1/alerts/{alert_id}")[1]
        self.assertEqual([row["state"] for row in alert["outbox"]], ["sent"], alert)

    def test_kill_while_polling_is_followed_by_a_whole_restart(self):
        self.home.write_feeds({f"f{i}": self.serve(f"f{i}", rss((str(i), f"Troops {i}", "x"))) for i in range(20)})
        self.home.start()
        self.home.alerts(at_least=3)
        self.assertEqual(self.home.stop(signal.SIGKILL), -signal.SIGKILL)
        self.home.start()
        self.home.run("check", "--force")
        titles = [alert["item"]["title"] for alert in self.home.alerts(at_least=20)]
        self.assertEqual(sorted(titles), sorted(f"Troops {i}" for i in range(20)))
        self.assertEqual(self.home.stop(), 0)
        logged = {alert["id"] for alert in self.home.logged()}
        self.assertEqual(len(logged), 20)

    def test_a_full_disk_is_said_and_nothing_is_lost_when_there_is_room_again(self):
        self.home.write_feeds({"a": self.serve("a", FEED)})
        self.home.start()
        self.home.alerts(at_least=1)
        size = max((self.home.dir / "state" / name).stat().st_size for name in os.listdir(self.home.dir / "state"))
        resource.prlimit(self.home.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        self.serve("a", rss(*((str(i), f"Troops {i}", "x" * 2000) for i in range(2, 200))))
        done = self.home.run("check", "--force", check=False)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("database", done.stdout + done.stderr)
        self.assertEqual(self.home.call("GET", "/v1/status")[0], 200)

        resource.prlimit(self.home.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        self.home.run("check", "--force")
        self.assertEqual(len(self.home.alerts(at_least=199)), 199)

    def test_dead_workers_are_replaced(self):
        self.home.write_feeds({"a": self.serve("a", FEED)})
        self.home.start()
        self.home.alerts(at_least=1)
        workers = subprocess.run(["ps", "--no-headers", "-o", "pid,comm", "--ppid", str(self.home.process.pid)],
                                 capture_output=True, text=True, check=True).stdout.split()
        pids = [int(pid) for pid, name in zip(workers[::2], workers[1::2]) if name.startswith("feedwatch-work")]
        self.assertTrue(pids)
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        self.serve("a", rss(("2", "More troops", "at noon")))
        self.home.run("check", "--force")
        self.assertEqual(len(self.home.alerts(at_least=2)), 2)

    def test_the_log_file_survives_rotation(self):
        self.home.write_feeds({"a": self.serve("a", FEED)})
        self.home.start()
        self.home.alerts(at_least=1)
        self.home.run("check", "--force")
        path = self.home.dir / self.home.target
        path.rename(path.with_suffix(".1"))
        self.serve("a", rss(("2", "More troops", "at noon")))
        self.home.run("check", "--force")
        self.home.alerts(at_least=2)
        self.assertEqual(self.home.stop(), 0)
        self.assertEqual([alert["item"]["title"] for alert in self.home.logged()], ["More troops"])

    def test_an_archive_of_many_items_holds_nobody_up(self):
        many = rss(*((str(i), f"Troops {i}", "archive") for i in range(20000)))
        self.home.write_feeds({"many": self.serve("many", many), "small": self.serve("small", rss(("s", "Small troops", "x")))})
        self.home.start()
        while True:  # a request is answered between two slices
            status = self.home.call("GET", "/v1/status")[1]
            if status["store"]["alerts"] >= 200:
                break
        self.assertLess(status["store"]["alerts"], 20001)
        self.assertEqual(self.home.stop(), 0)
        known = self.home.stored("SELECT count(*) FROM alerts")
        self.assertLess(known, 20001)
        self.home.start()
        self.home.run("check", "--force")
        self.assertEqual(len(self.home.alerts(at_least=20001)), 20001)
        self.assertEqual(self.home.stored("SELECT count(DISTINCT item_id) FROM alerts"), 20001)

    def test_a_clock_that_was_ahead_neither_stops_polling_nor_makes_news_old(self):
        self.home.write_feeds({"a": self.serve("a", rss(("1", "Quiet", "nothing")))})
        self.home.start()
        self.home.run("check", "--force")
        self.assertEqual(self.home.stop(), 0)
        year = 365 * 86400 * 1000000
        columns = ("first_polled_usec", "last_polled_usec", "last_success_usec", "last_complete_usec", "next_due_usec")
        self.home.stored(f"UPDATE feeds SET {', '.join(f'{column} = {column} + {year}' for column in columns)}")
        self.serve("a", rss(("2", "Troops move", "at dawn")))
        self.home.start()
        self.assertEqual(self.home.alerts(at_least=1)[0]["item"]["title"], "Troops move")

    def test_sigterm_ends_cleanly_and_removes_the_socket(self):
        self.home.write_feeds({"a": self.serve("a", FEED)})
        self.home.start()
        self.assertEqual(self.home.stop(), 0)
        self.assertFalse(self.home.socket.exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
