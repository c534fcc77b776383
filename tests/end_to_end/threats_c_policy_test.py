"""C-033 to C-039, C-048: policies with mistakes. The gate neither opens nor breaks: without a good one
from before it refuses and says where the mistake is; with one, that stays in force."""
import os
import unittest

from delivery import nobody_delivers
from support import POLICY, TOOL, GateTest, processor_seconds, run

# name: (text, words of the first mistake, its line; None when any will do)
EMPTY = {
    "empty": ("", "the file is empty", 1),
    "comments": ("# nothing\n# yet\n", "the file is empty", 1),
    "null": ("~\n", "must be a map", 1),
    "markers": ("---\n---\n", "must be a map", 2),
    "list": ("[]\n", "must be a map", 1),
    "items": ("- version: 1\n", "must be a map", 1),
    "text": ("allow everything\n", "must be a map", 1),
    "second document": (POLICY + "---\nversion: 1\n", "second document", POLICY.count("\n") + 1),
    "trailing text": ("version: 1\n...\nrulesets: []\n", "after the end of the document", 3),
    "trailing map": ("[a]\nversion: 1\n", "", None),
    "unclosed quote": ("version: 1\ncontact: \"x\n", "not closed", 2),
    "byte order mark": ("\ufeffversion: 1\n", "byte order mark", 1),
    "nul": ("version: 1\ncontact: a\0b\n", "U+0000", 2),
}
TWICE = {
    "top": ("version: 1\nmode: enforce\nmode: off\n", "key 'mode' is given twice", 3),
    "rule": (POLICY.replace("      deleted-ref: {}\n", "      rewound-branch: {mode: off}\n", 1),
             "key 'rewound-branch' is given twice", 8),
    "quoted": ("version: 1\n'version': 2\n", "key 'version' is given twice", 2),
}
ALIASES = {
    "itself": ("version: 1\ngroups: &a\n  x: [*a]\n", "anchors are not allowed", 2),
    "laughs": ("version: 1\na: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)),
        "anchors are not allowed", 2),
    "merge": ("version: 1\ngroups:\n  <<: {x: [ada]}\n", "merge keys are not allowed", 3),
    "tag": ("version: 1\nmode: !!str off\n", "tags are not allowed", 2),
}
DEEP = {f"{kind} {depth}": (text, "nested deeper than 64", None)
        for depth in (65, 501, 100_000) for kind, text in (
            ("flow", "version: 1\nx: " + "[" * depth + "]" * depth + "\n"),
            ("map", "version: 1\nx: " + "{a: " * depth + "}" * depth + "\n"),
            ("block", "version: 1\nx:\n" + "- " * depth + "a\n"))}
KEYS = {
    "top": ("version: 1\nrule_sets: []\n", "unknown key 'rule_sets'", 2),
    "rule": (POLICY.replace("rewound-branch", "rewound-branches"), "unknown rule 'rewound-branches'", 7),
    "option": (POLICY.replace("{from:", "{form:"), "unknown key 'form'", 6),
    "common": (POLICY.replace("rewound-branch: {}", "rewound-branch: {expect: {}}"),
               "unknown key 'expect'", 7),
    "condition": (POLICY.replace("rewound-branch: {}", "rewound-branch: {only: {branch: x}}"),
                  "unknown key 'branch'", 7),
    "version missing": (POLICY.replace("version: 1\n", ""), "'version: 1' is missing", None),
    "preset": (POLICY + "extends: ['preset:none']\n", "no preset 'none'", POLICY.count("\n") + 1),
}
VALUES = {
    "mode no": ("version: 1\nmode: \"no\"\n", "expected one of enforce, warn, audit, off", 2),
    "mode false": ("version: 1\nmode: no\n", "expected one of enforce, warn, audit, off", 2),
    "mode case": ("version: 1\nmode: Off\n", "expected one of", 2),
    "mode empty": ("version: 1\nmode:\n", "expected one of", 2),
    "bool": (POLICY.replace("unconventional-commit: {}",
                            "unconventional-commit: {scope-required: yes}"), "true or false", 13),
    **{f"number {text}": (
        POLICY.replace("{allow: [main,", f"{{max-length: {text}, allow: [main,"), words, 12)
       for text, words in (("017", "a whole number"), ("1e3", "a whole number"),
                           ("0x10", "a whole number"), ("1_000", "a whole number"),
                           ("'10'", "a whole number"), ("10.0", "a whole number"),
                           ("99999999999999999999", "is too large"), ("[1]", "a whole number"))},
    "version text": ("version: '1'\n", "a whole number", 1),
    "version 2": ("version: 2\n", "this build reads version 1", 1),
}
PATTERNS = {
    name: (f"version: 1\nrulesets:\n- name: x\n  refs: ['**']\n  rules:\n"
           f"    ill-named-branch: {{match: '{pattern}'}}\n", "bad pattern", 6)
    for name, pattern in (("bracket", "[a"), ("paren", "(a"), ("repeat", "*a"), ("lookahead", "(?=x)y"),
                          ("lookbehind", "(?<!x)y"), ("back reference", "(a)\\1"),
                          ("long", "a" * 5000), ("counted", "x{1001}"), ("empty", ""),
                          ("nested", "((a{100}){100}){100}"), ("class", "[[:nothing:]]"))}


class BadPolicies(GateTest):
    def setUp(self):
        super().setUp()
        self.server = self.repository()
        self.tip = self.server.commit("feat: x", {"x": "1"}, branch="feature/x")
        self.last_good = os.path.join(self.server.path, "trunkgate", "state", "last-good-policy.json")

    def write(self, text):
        data = text if isinstance(text, bytes) else text.encode()
        with open(os.path.join(self.server.path, "trunkgate", "policy.yaml"), "wb") as file:
            file.write(data)

    def refuse(self, text, words, line=None):
        """With no good policy from before: refused, with the reason, the place and whom to ask."""
        if os.path.exists(self.last_good):
            os.unlink(self.last_good)
        self.write(text)
        before = self.server.refs()
        before_it = processor_seconds()
        result = self.server.push("feature/x")
        self.assertLess(processor_seconds() - before_it, 10)
        self.assert_refused(self.server, result, before, "UNDECIDED", "the policy cannot be loaded",
                            "policy.yaml" + (f":{line}:" if line else ""),
                            "the server's fault, not yours", "ask an admin")
        if "it has 1 mistake;" in result.remote:  # of several, the push names the first in the file
            self.assertIn(words, " ".join(result.remote.split()))
        self.assertNotIn("re2", result.text)
        self.assertFalse(os.path.exists(self.last_good))

    def check_all(self, cases):
        for name, (text, words, line) in cases.items():
            with self.subTest(name):
                self.refuse(text, words, line)
                path = os.path.join(self.server.path, "trunkgate", "policy.yaml")
                done = run([TOOL, "check", path], check=False)
                self.assertEqual(2, done.returncode, done)
                self.assertIn(words, (done.stdout + done.stderr).decode(), done)
        self.assert_nothing_kept(self.server, self.tip)

    def test_C_033_policies_that_say_nothing_or_too_much_are_invalid(self):
        self.check_all(EMPTY)

    def test_C_033_the_refusal_tells_an_admin_how_to_find_every_mistake(self):
        os.unlink(self.last_good)
        self.write("version: 1\nmode: on\nrule: x\n")
        result = self.server.push("feature/x")
        self.assertIn("it has 2 mistakes", result.remote)
        self.assertIn("trunkgate check " + os.path.join(self.server.path, "trunkgate", "policy.yaml"),
                      " ".join(result.remote.split()))

    def test_C_033_the_mistake_that_is_named_is_the_first_one_of_the_file(self):
        os.unlink(self.last_good)
        self.write("version: 1\nmode: on\nrule: x\n")
        result = self.server.push("feature/x")
        self.assertIn("policy.yaml:2: expected one of", result.remote)

    def test_C_034_a_key_given_twice_is_invalid(self):
        self.check_all(TWICE)

    def test_C_035_aliases_and_tags_are_invalid(self):
        self.check_all(ALIASES)

    def test_C_036_deep_nesting_is_invalid(self):
        self.check_all(DEEP)

    def test_C_037_a_policy_of_fifty_megabytes_is_invalid(self):
        self.write(b"version: 1\n# " + b"x" * 50_000_000 + b"\n")
        before = self.server.refs()
        result = self.server.push("feature/x")
        self.assert_refused(self.server, result, before, "the policy cannot be loaded", "policy.yaml")

    def test_C_038_keys_and_rules_nobody_knows_are_invalid(self):
        self.check_all(KEYS)

    def test_C_039_only_exact_values_are_taken(self):
        self.check_all(VALUES)

    def test_C_048_bad_patterns_are_invalid_and_named_in_our_words(self):
        self.check_all(PATTERNS)

    def test_C_033_the_last_good_policy_stays_in_force_and_the_push_says_so(self):
        self.assert_accepted(self.server.push("feature/x"))
        cases = {**EMPTY, **TWICE, **ALIASES, **KEYS, **PATTERNS}
        for name, (text, words, _) in cases.items():
            with self.subTest(name):
                self.write(text)
                # Good pushes go on, bad ones stay refused by the rules from before.
                self.server.commit(f"feat: with {name}", {"x": name})
                result = self.server.push("feature/x")
                self.assert_accepted(result)
                shown = " ".join(result.remote.split())
                self.assertIn("warning: the policy has ", shown)
                self.assertIn("policy.yaml:", shown)
                self.assertIn("the last good one stays in force", shown)
                before = self.server.refs()
                self.server.commit("no title", {"x": name + "!"})
                self.assert_refused(self.server, self.server.push("feature/x"), before,
                                    "unconventional-commit")
                self.server.checkout("-B", "feature/x", "HEAD~1")

    def test_C_033_a_policy_that_is_gone_refuses_even_with_a_good_one_from_before(self):
        self.assert_accepted(self.server.push("feature/x"))
        self.assertTrue(os.path.exists(self.last_good))
        path = os.path.join(self.server.path, "trunkgate", "policy.yaml")
        self.server.commit("feat: y", {"y": "1"})
        before = self.server.refs()
        os.unlink(path)
        for prepare in (lambda: None, lambda: os.mkdir(path),
                        lambda: (os.rmdir(path), os.symlink("/dev/null", path)),
                        lambda: (os.unlink(path), os.mkfifo(path))):
            prepare()
            result = self.server.push("feature/x")
            self.assert_refused(self.server, result, before, "UNDECIDED",
                                "the policy cannot be loaded", "policy.yaml")

    def test_C_033_no_deliverer_makes_a_policy_the_last_good_one(self):
        """No push was judged by it, and by now there may be another."""
        state = os.path.dirname(self.last_good)

        def kept():
            return {name: open(os.path.join(state, name), "rb").read()
                    for name in ("last-good-policy.json", "parsed-policy") if os.path.exists(os.path.join(state, name))}

        before = kept()
        self.assertEqual(2, len(before))
        self.write(POLICY + "contact: bo\n")
        self.assertEqual([], self.server.events())
        self.assertEqual(before, kept())
        for name in before:
            os.unlink(os.path.join(state, name))
        self.assertEqual([], self.server.events())
        self.assertEqual({}, kept())
        self.assert_accepted(self.server.push("feature/x"))
        self.assertEqual(2, len(kept()))

    def test_C_033_a_deliverer_is_not_kept_by_a_journal_that_another_one_is_about_to_make(self):
        os.unlink(self.last_good)
        self.write("version: 1\nmode: on\n")
        with nobody_delivers(self.server):
            self.assertEqual(1, self.server.push("feature/x").code)
            with open(os.path.join(self.server.path, "trunkgate", "journal.db"), "x"):
                pass
        self.assertEqual(["dev.trunkgate.push.rejected.v1"], [event["type"] for event in self.server.events()])

    def test_C_038_check_shows_every_mistake_at_its_place(self):
        text = ("version: 1\nmode: on\nrule: x\nrulesets:\n- name: a b\n  refs: ['[']\n  rules:\n"
                "    ill-named: {}\n    ill-named-branch: {match: '(', max-length: 1e3}\n")
        path = os.path.join(self.folder, "policy.yaml")
        with open(path, "w") as file:
            file.write(text)
        done = run([TOOL, "check", path], check=False)
        self.assertEqual(2, done.returncode, done)
        shown = (done.stdout + done.stderr).decode()
        for place in ("2:7", "3:1", "5:9", "6:", "8:5", "9:"):
            self.assertIn(f"policy.yaml:{place}", shown)
        self.assertIn("ill-named-branch", shown)


if __name__ == "__main__":
    unittest.main()
