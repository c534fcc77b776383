"""Webhooks that answer all sorts of things: nothing is lost, nothing comes twice, and nobody else waits."""
import os
import threading
import time
import unittest

from authority import Authority
from delivery import DeliveryTest, Webhook, deliverers, names
from support import TOOL, free_port, run, wait_until

A = "refs/heads/feature/a"
LOG = "    - {name: log, file: events.jsonl}\n"
REFS = ", types: ['ref.*']"


class Answers(DeliveryTest):
    def slow(self):
        """Holds a request for 60 s, or until the test is over."""
        over = threading.Event()
        self.addCleanup(over.set)

        def wait():
            over.wait(60)
            return 204
        return wait

    def reason(self, server):
        return "".join(row[0] for row in self.journal(server, "SELECT reason FROM sinks WHERE name = 'ci'"))

    def test_D_046_an_error_is_followed_by_the_same_event_again(self):
        hook = Webhook(self, 500)
        server = self.server(hook.sink(more=REFS))
        self.push_branch(server, "feature/a")
        wait_until(lambda: len(hook.requests) == 2)
        (first, failed, body), (second, repeated, again) = hook.requests
        self.assertEqual((body, failed["webhook-id"]), (again, repeated["webhook-id"]))
        self.assertEqual(["1", "2"], [failed["X-Hook-Attempt"], repeated["X-Hook-Attempt"]])
        self.assertGreater(second - first, 3.9)
        self.assertEqual([f"ref.created {A}"] * 2, names(hook.events()))
        self.push_branch(server, "feature/a")
        self.assertEqual(f"ref.updated {A}", names(self.wait_for(3, hook.events))[-1])

    def test_D_046_a_receiver_gets_the_break_that_it_asks_for(self):
        hook = Webhook(self, (429, {"Retry-After": "8"}))
        server = self.server(LOG + hook.sink(more=REFS))
        self.push_branch(server, "feature/a")
        self.wait_for(1, hook.events)
        self.push_branch(server, "feature/a")  # does not break it
        self.assertEqual(4, len(self.wait_for(4, lambda: self.logged(server))))
        wait_until(lambda: len(hook.requests) == 3)
        times = [when for when, _, _ in hook.requests]
        self.assertGreater(times[1] - times[0], 7.9)
        self.assertEqual([f"ref.created {A}", f"ref.created {A}", f"ref.updated {A}"], names(hook.events()))

    def test_one_that_wants_no_more_is_disabled_keeps_its_backlog_and_others_are_told(self):
        hook = Webhook(self, 410)
        server = self.server(LOG + hook.sink())
        self.push_branch(server, "feature/a")
        wait_until(lambda: len(self.logged(server)) == 3)
        self.push_branch(server, "feature/a")
        log = self.wait_for(5, lambda: self.logged(server))
        self.assertEqual(["endpoint.disabled ci"], [n for n in names(log) if not n.startswith(("push.", "ref."))])
        told = next(event for event in log if event["type"].endswith("endpoint.disabled.v1"))
        self.assertIn("answered 410: it wants no more events", str(told["data"]))
        tried = len(hook.requests)
        self.assertLessEqual(tried, 2)  # the two of the first push may have been under way together
        self.assertIn((1,), self.journal(server, "SELECT disabled <> 0 FROM sinks WHERE name = 'ci'"))
        # Four events of two pushes; not the one that tells of its own end.
        kept = self.journal(server, "SELECT count(*) FROM deliveries WHERE sink = 'ci' AND state = 0")[0][0]
        self.assertEqual(4 - (tried - 1), kept)
        run([TOOL, "deliver", server.path], check=False)
        self.assertEqual(tried, len(hook.requests))

    def test_A_048_a_slow_one_holds_up_neither_pushes_nor_other_sinks(self):
        hook = Webhook(self, *[self.slow() for _ in range(80)])
        server = self.server(hook.sink() + LOG)
        pushes, taken = 0, 15
        while pushes < 3 or taken >= 1:  # a machine may have other things to do, but not all the time
            pushes += 1
            self.assertLess(pushes, 30)
            taken = min(taken, self.push_branch(server, "feature/a"))
            # Less than the 15 s that the slow one is waited for.
            self.assertEqual(2 * pushes, len(self.wait_for(2 * pushes, lambda: self.logged(server), 12)))
        self.assertTrue(wait_until(lambda: hook.requests))
        self.assertTrue(deliverers(server.path))

    def test_D_044_redirects_are_not_followed(self):
        inner = Webhook(self)
        for status in (301, 302, 307, 308):
            with self.subTest(status):
                hook = Webhook(self, (status, {"Location": inner.url}))
                server = self.server(hook.sink(more=REFS), name=f"server{status}.git")
                self.push_branch(server, f"feature/{status}")
                self.assertTrue(wait_until(lambda: hook.requests))
                self.assertTrue(wait_until(lambda: self.reason(server)))
                self.assertIn(f"has answered {status}, a redirect; those are not followed", self.reason(server))
        self.assertEqual([], inner.requests)

    def test_one_that_was_down_gets_everything_in_order_when_it_is_up_again(self):
        port = free_port()
        server = self.server(LOG + f"    - {{name: ci, webhook: {{url: 'http://127.0.0.1:{port}/', "
                                   f"allow: [127.0.0.1]}}{REFS}}}\n")
        for _ in range(3):
            self.push_branch(server, "feature/a")
        self.assertEqual(6, len(self.wait_for(6, lambda: self.logged(server))))
        hook = Webhook(self, port=port)
        self.assertEqual([f"ref.created {A}", f"ref.updated {A}", f"ref.updated {A}"],
                         names(self.wait_for(3, hook.events)))
        self.assertTrue(wait_until(lambda: self.journal(
            server, "SELECT count(*) FROM deliveries WHERE state <> 1") == [(0,)]))

    def certificate(self, authority, name, host, dates=()):
        """Of a server; the path of its .pem and .key without the ending."""
        path = os.path.join(self.folder, name)
        with open(path + ".ext", "w") as file:
            file.write(f"extendedKeyUsage=serverAuth\nsubjectAltName={host}\n")
        authority.certify(path, "/CN=" + name, path + ".ext", dates)
        return path

    def test_D_045_who_cannot_show_a_valid_certificate_gets_nothing_until_it_can(self):
        ours, other = Authority(self.folder, "ours"), Authority(self.folder, "other")
        here = "IP:127.0.0.1"
        good = self.certificate(ours, "good", here)
        past = ["-startdate", "20200101000000Z", "-enddate", "20200201000000Z"]
        for name, path, why in (
                ("expired", self.certificate(ours, "expired", here, past), "certificate has expired"),
                ("elsewhere", self.certificate(ours, "elsewhere", "DNS:ci.example"), "no alternative certificate"),
                ("stranger", self.certificate(other, "stranger", here), "unable to get local issuer certificate"),
                ("authority", other.path("ca"), "self-signed certificate")):
            with self.subTest(name):
                hook = Webhook(self, certificate=path)
                server = self.server(hook.sink(more=REFS, keys=f", ca-file: {ours.path('ca.pem')}"),
                                     name=name + ".git")
                self.push_branch(server, "feature/a")
                self.assertTrue(wait_until(lambda: self.reason(server)))
                self.assertIn(why, self.reason(server))
                self.assertIn(why, run([TOOL, "deliveries", "list", "--repo", server.path]).stdout.decode())
                self.assertEqual([], hook.requests)
                hook.stop()
                hook = Webhook(self, port=hook.port, certificate=good)
                self.assertEqual([f"ref.created {A}"], names(self.wait_for(1, hook.events)))

    def test_D_052_the_own_network_is_not_called_unless_the_policy_allows_it(self):
        for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0"):
            with self.subTest(host):
                hook = Webhook(self)
                server = self.server(f"    - {{name: ci, webhook: {{url: 'http://{host}:{hook.port}/'}}}}\n",
                                     name=f"server-{hook.port}.git")
                self.push_branch(server, f"feature/{hook.port}")
                self.assertTrue(wait_until(lambda: self.reason(server)))
                self.assertIn("allow", self.reason(server))
                self.assertEqual([], hook.requests)

    def test_D_053_proxies_of_the_environment_get_nothing(self):
        hook, proxy = Webhook(self), Webhook(self)
        server = self.server(hook.sink(more=REFS))
        address = f"http://127.0.0.1:{proxy.port}"
        env = {name: address for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY")}
        server.commit("feat: add", {"a": "1"}, branch="feature/a")
        self.assert_accepted(server.push("feature/a", env=env))
        run([TOOL, "deliver", server.path], env=env)
        self.assertEqual([f"ref.created {A}"], names(self.wait_for(1, hook.events)))
        self.assertEqual([], proxy.requests)


if __name__ == "__main__":
    unittest.main()
