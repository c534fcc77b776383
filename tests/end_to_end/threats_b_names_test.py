"""B-001, B-002, B-014: names that could be taken for a protected branch, and namespaces that nobody
may push to."""
import unittest

from support import EMPTY_PACK, GateTest, ZERO, pack_of, raw_push

OPEN_NAMES = """version: 1
rulesets:
  - name: trunk
    refs: [main]
    rules:
      direct-push: {}
  - name: branches
    refs: ['refs/heads/**']
    rules:
      ill-named-branch: {}
"""


class Names(GateTest):
    def refuse(self, repository, name, *words):
        before = repository.refs()
        tip = repository.commit("feat: look alike", {"new": "x"})
        result = raw_push(repository, [(ZERO, tip, name)],
                          pack_of(repository, [tip], [before["refs/heads/main"]]))
        self.assert_refused(repository, result, before, *words)
        self.assert_nothing_kept(repository, tip)

    def test_B_001_names_that_differ_from_main_in_case_only_are_refused(self):
        repository = self.repository(policy=OPEN_NAMES)
        for name in ("refs/heads/Main", "refs/heads/MAIN", "refs/heads/mAIN"):
            with self.subTest(name):
                self.refuse(repository, name, "letter case only", "case-variant")

    def test_B_001_a_case_variant_is_refused_without_any_rule_for_names(self):
        repository = self.repository(policy=OPEN_NAMES.partition("  - name: branches")[0])
        self.refuse(repository, "refs/heads/Main", "letter case only")

    def test_B_002_letters_that_look_like_others_are_refused(self):
        repository = self.repository(policy=OPEN_NAMES)
        for name in ("refs/heads/m\u0430in", "refs/heads/ma\u200bin", "refs/heads/cafe\u0301",
                     "refs/heads/caf\u00e9", b"refs/heads/m\xff\xfein"):
            with self.subTest(name):
                self.refuse(repository, name, "ill-named-branch")

    def test_B_002_with_unicode_allowed_invisible_and_broken_letters_stay_refused(self):
        repository = self.repository(policy=OPEN_NAMES.replace("branch: {}", "branch: {unicode: true}"))
        self.refuse(repository, "refs/heads/ma\u200bin", "invisible or control characters")
        self.refuse(repository, "refs/heads/ma\u202ein", "invisible or control characters")
        self.refuse(repository, b"refs/heads/m\xff\xfein", "not valid UTF-8")

    def test_B_014_namespaces_that_the_policy_does_not_list_are_refused(self):
        repository = self.repository()
        for name in ("refs/bisect/bad", "refs/remotes/origin/main", "refs/pull/1/head",
                     "refs/wip/x", "refs/worktree/x", "refs/namespaces/a/refs/heads/main",
                     "refs/rewritten/onto"):
            with self.subTest(name):
                self.refuse(repository, name, "only branches, tags and notes", "unlisted-namespace")

    def test_B_014_the_stash_is_refused(self):
        self.refuse(self.repository(), "refs/stash", "it has only one part after refs/")

    def test_B_014_the_gates_own_namespaces_are_refused(self):
        repository = self.repository()
        for name, why in (("refs/attest/x", "the policy takes no attestations"),
                          ("refs/for/main", "nothing lands by a push to refs/for/ here"),
                          ("refs/meta/policy", "this namespace belongs to the gate"),
                          ("refs/archive/heads/x", "this namespace belongs to the gate"),
                          ("refs/trunkgate/x", "this namespace belongs to the gate")):
            with self.subTest(name):
                self.refuse(repository, name, why, "reserved-namespace")

    def test_B_014_objects_cannot_be_replaced_even_when_the_policy_lists_the_namespace(self):
        policy = OPEN_NAMES.replace("rulesets:", "namespaces: ['refs/**']\nrulesets:")
        repository = self.repository(policy=policy)
        main = repository.ref("refs/heads/main")
        self.refuse(repository, "refs/replace/" + main, "replacing objects")

    def test_B_014_a_listed_namespace_can_be_pushed_to_and_its_neighbours_cannot(self):
        policy = OPEN_NAMES.replace("rulesets:", "namespaces: ['refs/wip/**']\nrulesets:")
        repository = self.repository(policy=policy)
        main = repository.ref("refs/heads/main")
        result = raw_push(repository, [(ZERO, main, "refs/wip/ada/x")], EMPTY_PACK)
        self.assertIn(b"ok refs/wip/ada/x", result.report, result)
        self.refuse(repository, "refs/wipe/x", "unlisted-namespace")


if __name__ == "__main__":
    unittest.main()
