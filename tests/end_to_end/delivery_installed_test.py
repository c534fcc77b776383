"""Delivery from an installed tree, and by several Unix users who share a repository."""
import os
import stat
import subprocess
import unittest

from delivery import DeliveryTest, Webhook, deliverers, names
from support import BUILD, ENVIRONMENT, git, run, wait_until

LOG = "    - {name: log, file: events.jsonl}\n"
GROUP = 64100
# Numbers are enough; no account is made.
USERS = {64101: 0o077, 64102: 0o022, 64103: 0o007}


class Installed(DeliveryTest):
    def setUp(self):
        super().setUp()
        os.chmod(self.folder, 0o755)
        self.prefix = os.path.join(self.folder, "prefix")
        run(["cmake", "--install", BUILD, "--prefix", self.prefix])
        self.tool = os.path.join(self.prefix, "bin", "trunkgate")
        self.network = os.path.join(self.prefix, "libexec", "trunkgate", "deliver")

    def installed(self, sinks):
        server = self.server(sinks)
        run([self.tool, "uninstall", server.path])
        run([self.tool, "install", server.path])
        return server

    def test_the_deliverer_of_the_tree_is_found(self):
        hook = Webhook(self, 500)
        server = self.installed(LOG + hook.sink(more=", types: ['ref.*']"))
        self.push_branch(server, "feature/a")
        self.assertTrue(wait_until(lambda: hook.requests))
        (pid,) = deliverers(server.path)
        if os.geteuid() == 0:
            self.assertEqual(self.network, os.readlink(f"/proc/{pid}/exe"))
        self.assertEqual(["ref.created refs/heads/feature/a"] * 2, names(self.wait_for(2, hook.events)))

    def test_without_it_local_sinks_get_their_events_and_the_others_keep_theirs(self):
        hook = Webhook(self)
        server = self.installed(LOG + hook.sink())
        os.rename(self.network, self.network + ".away")
        os.rename(self.tool, self.tool + ".away")  # so that the push wakes nobody
        self.push_branch(server, "feature/a")
        os.rename(self.tool + ".away", self.tool)
        done = run([self.tool, "deliver", server.path], check=False)
        self.assertEqual((2, "error: sink ci: this program knows no such sink; the one that does, "
                             "libexec/trunkgate/deliver, is not there\n"), (done.returncode, done.stderr.decode()))
        self.assertEqual(2, len(self.logged(server)))
        self.assertEqual([], hook.requests)
        self.assertEqual([(2,)], self.journal(
            server, "SELECT count(*) FROM deliveries WHERE sink = 'ci' AND state = 0"))
        os.rename(self.network + ".away", self.network)
        self.assertTrue(wait_until(lambda: run([self.tool, "deliver", server.path]) and len(hook.requests) == 2))
        self.assertEqual(sorted(names(self.logged(server))), sorted(names(hook.events())))

    @unittest.skipUnless(os.geteuid() == 0, "only root can push as several users")
    def test_users_who_share_a_repository_deliver_for_each_other_whatever_their_umask(self):
        hook = Webhook(self)
        server = self.installed(LOG + hook.sink())
        config = os.path.join(self.folder, "gitconfig")
        with open(config, "w") as file:
            file.write("[safe]\n\tdirectory = *\n")
        git("config", "core.sharedRepository", "group", cwd=server.path)
        for folder, _, files in os.walk(server.path):
            for path in [folder, *(os.path.join(folder, name) for name in files)]:
                os.chown(path, -1, GROUP)
                mode = stat.S_IMODE(os.stat(path).st_mode)
                os.chmod(path, mode | (0o2070 if path == folder else 0o060))
        commit = server.head()
        env = dict(ENVIRONMENT, GIT_CONFIG_GLOBAL=config)
        # Git makes a folder with the umask and opens it for the others then; who comes in between is refused. So the
        # branches lie in none of their own.
        for count in (1, 2, 3):
            pushes = [subprocess.Popen(
                ["git", "push", "-q", server.path, f"{commit}:refs/heads/{user}-{count}"], cwd=server.work, env=env,
                user=user, group=GROUP, extra_groups=[], umask=umask, stderr=subprocess.PIPE)
                for user, umask in USERS.items()]
            for push in pushes:
                _, errors = push.communicate(timeout=60)
                self.assertEqual(0, push.returncode, errors)
        expected = sorted(f"ref.created refs/heads/{user}-{count}" for user in USERS for count in (1, 2, 3))
        for events in (lambda: self.logged(server), hook.events):
            got = self.wait_for(2 * len(expected), events)
            self.assertEqual(expected, sorted(name for name in names(got) if name.startswith("ref.")))
            self.assertEqual(len(got), len({event["id"] for event in got}))
        # Each of them alone, too, for what others have left.
        for user, umask in USERS.items():
            done = run([self.tool, "deliver", server.path], user=user, group=GROUP, extra_groups=[], umask=umask)
            self.assertEqual(b"", done.stderr)
        self.assertEqual([], [name for name in os.listdir(server.path + "/trunkgate/spool")])
        for name in ("journal.db", "events.jsonl"):
            self.assertEqual(0o660, stat.S_IMODE(os.stat(f"{server.path}/trunkgate/{name}").st_mode), name)
        for name in ("journal.db-wal", "journal.db-shm"):  # which SQLite removes when nobody has it open
            path = f"{server.path}/trunkgate/{name}"
            if os.path.exists(path):
                self.assertEqual(0o660, stat.S_IMODE(os.stat(path).st_mode), name)


if __name__ == "__main__":
    unittest.main()
