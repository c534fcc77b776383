"""A made-up history in the shape of git's own: for `git fast-import`, the same for the same size and seed.

A few folders hold most of the files, a few files most of the changes; a commit changes one to four files of one folder
in one to four places; files have some hundred lines; every fourth commit is a merge.
"""
import random

WORDS = ("int char static struct const return if else for while size len buf ptr next prev ref commit tree blob "
         "object index pack path name list node hash table entry cache state error warning die free alloc init option config "
         "parse read write fd file dir lock update merge diff walk rev push fetch remote branch head tag log show "
         "status add remove rename").split()
FOLDERS = ([""] * 25 + ["t/"] * 30 + ["builtin/"] * 15 + ["Documentation/"] * 18 + ["compat/"] * 3 + ["contrib/x/"] * 3 +
           ["refs/", "xdiff/", "po/", "t/lib/", "Documentation/RelNotes/"])
FILES = 900  # in the first commit
BRANCH = "refs/heads/big"


class History:
    def __init__(self, commits, seed=7):
        self.random = random.Random(seed)
        self.commits = commits
        self.files = {}      # path: lines
        self.by_folder = {}  # the paths of each, those that came first are changed most

    def line(self):
        if self.random.random() < .12:
            return ""
        words = (self.random.choice(WORDS) + (self.random.choice("_,;()*") if self.random.random() < .3 else "")
                 for _ in range(self.random.randint(2, 9)))
        return "\t" * self.random.randint(0, 3) + " ".join(words) + self.random.choice([";", "", "", " {", "}"])

    def new_file(self, folder):
        path = f"{folder}file-{len(self.files)}.{self.random.choice(['c', 'h', 'sh', 'txt'])}"
        self.by_folder.setdefault(folder, []).append(path)
        self.files[path] = [self.line() for _ in range(int(min(4000, self.random.lognormvariate(6.3, 0.9))) + 3)]
        return path

    def changed_file(self, folder):
        paths = self.by_folder.get(folder) or list(self.files)
        path = paths[int(len(paths) * self.random.random() ** 2)]
        lines = self.files[path] = self.files[path][:]
        for _ in range(self.random.randint(1, 4)):
            at = self.random.randrange(len(lines) + 1)
            lines[at:at + self.random.randint(0, 3)] = [self.line() for _ in range(self.random.randint(0, 5))]
        if not lines:
            lines.append(self.line())
        return path

    def changes(self, number):
        """The paths that a commit changes."""
        if number == 0:
            return [self.new_file(self.random.choice(FOLDERS)) for _ in range(FILES)]
        folder = self.random.choice(FOLDERS)
        count = self.random.choice([1, 1, 1, 2, 2, 3, 4])
        return list(dict.fromkeys(self.new_file(folder) if self.random.random() < .04 else self.changed_file(folder)
                                  for _ in range(count)))

    def message(self, number, path):
        count = self.random.randint(1, 8)
        body = "\n".join(" ".join(self.random.choice(WORDS) for _ in range(9)) for _ in range(count))
        return (f"feat(core): change {path.split('/')[-1]} number {number}\n\n{body}.\n\n"
                f"Signed-off-by: Dev {number % 300} <dev{number % 300}@example.com>\n")

    def stream(self):
        """The pieces of what `git fast-import` reads."""
        def data(text):
            raw = text.encode()
            return b"data %d\n%s\n" % (len(raw), raw)

        time, side = 1_500_000_000, None
        yield f"reset {BRANCH}\n".encode()
        for number in range(self.commits):
            paths = self.changes(number)
            time += self.random.randint(30, 4000)
            dev = f"Dev {number % 300} <dev{number % 300}@example.com> {time} +0000"
            yield (f"commit {BRANCH}\nmark :{number + 1}\nauthor {dev}\n"
                   f"committer Maint <maint@example.com> {time} +0000\n").encode()
            yield data(self.message(number, paths[0]))
            if number > 0:
                yield f"from :{number}\n".encode()
            if side and number % 4 == 3:
                yield f"merge :{side}\n".encode()
                side = None
            elif number % 4 == 0 and number > 0:
                side = number
            for path in paths:
                yield f"M 644 inline {path}\n".encode() + data("\n".join(self.files[path]) + "\n")
