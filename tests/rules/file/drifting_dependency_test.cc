#include <string>

#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

class DriftingDependency : public ContentRuleTest {
 protected:
  DriftingDependency() : ContentRuleTest("drifting-dependency") {
    with("{watch: [torch, 'transformers*']}");
  }
};

TEST_F(DriftingDependency, AcceptsWhatIsPinnedAndStays) {
  EXPECT_EQ(judge("requirements.txt", "torch==2.1.0\ntransformers==4.35.0\nnumpy\n"), kFine);
  EXPECT_EQ(change("requirements.txt", "torch==2.1.0\nnumpy==1\n",
                   "numpy==2\n\n# moved\nTorch[cuda] == 2.1.0 ; python_version > '3'\n"),
            kFine);
  EXPECT_EQ(change("requirements.txt", "numpy\n", "numpy\ntorch==2.1.0\n"), kFine);
}

TEST_F(DriftingDependency, RefusesAnotherVersion) {
  EXPECT_EQ(change("requirements.txt", "torch==2.1.0\n", "numpy\ntorch==2.2.0\n"),
            "2: torch: 2.1.0 -> 2.2.0\n? an admin must allow this change\n");
  EXPECT_EQ(change("requirements.txt", "torch==2.1.0\n", "numpy\n"),
            "0: torch: 2.1.0 -> removed\n? an admin must allow this change\n");
  EXPECT_EQ(change("requirements.txt", "torch==2.1.0\n",
                   "torch==2.1.0; python_version < '3.9'\ntorch==2.2.0; python_version >= '3.9'\n"),
            "1: torch: 2.1.0 -> 2.1.0 and 2.2.0\n? an admin must allow this change\n");
}

TEST_F(DriftingDependency, RefusesWhatIsNotPinned) {
  EXPECT_EQ(judge("requirements.txt", "torch\ntransformers_stream>=4,<5\n"),
            "1: torch is not pinned: it has no version\n? write NAME==VERSION\n"
            "2: transformers_stream is not pinned: <5,>=4\n? write NAME==VERSION\n");
  EXPECT_EQ(change("requirements.txt", "torch==2.1.0\n", "torch>=2.1.0\n"),
            "1: torch is not pinned: >=2.1.0\n? write NAME==VERSION\n"
            "1: torch: 2.1.0 -> >=2.1.0\n? an admin must allow this change\n");
}

TEST_F(DriftingDependency, CanLookAtOneOfBoth) {
  with("{watch: [torch], pinned: false}");
  EXPECT_EQ(judge("requirements.txt", "torch\n"), kFine);
  EXPECT_EQ(change("requirements.txt", "torch\n", "torch>2\n"),
            "1: torch: any version -> >2\n? an admin must allow this change\n");
  with("{watch: [torch], changes: allow}");
  EXPECT_EQ(change("requirements.txt", "torch==1\n", "torch==2\n"), kFine);
  EXPECT_EQ(change("requirements.txt", "torch==1\n", ""), kFine);
  EXPECT_NE(judge("requirements.txt", "torch\n"), kFine);
}

TEST_F(DriftingDependency, ReadsEachFileInItsOwnWay) {
  with("{watch: [torch, react, 'pytorch', 'nvidia/*']}");
  EXPECT_EQ(change("pyproject.toml", "[project]\ndependencies = ['torch==2.1.0']\n",
                   "[project]\ndependencies = ['torch==2.2.0']\n"),
            "2: torch: 2.1.0 -> 2.2.0\n? an admin must allow this change\n");
  EXPECT_EQ(judge("environment.yml", "dependencies:\n  - pytorch>=2\n  - pip: [torch]\n"),
            "2: pytorch is not pinned: >=2\n? write NAME=VERSION=BUILD or NAME==VERSION\n"
            "3: torch is not pinned: it has no version\n"
            "? write NAME=VERSION=BUILD or NAME==VERSION\n");
  EXPECT_EQ(judge("package.json", "{\"dependencies\": {\"react\": \"^18\"}}"),
            "1: react is not pinned: ^18\n? write \"NAME\": \"1.2.3\"\n");
  EXPECT_EQ(change("Dockerfile", "FROM nvidia/cuda:12.1.0-base\n", "FROM nvidia/cuda:latest\n"),
            "1: nvidia/cuda is not pinned: latest\n? write NAME:1.2.3 or NAME@sha256:DIGEST\n"
            "1: nvidia/cuda: 12.1.0-base -> latest\n? an admin must allow this change\n");
  EXPECT_EQ(judge("Dockerfile", "FROM nvcr.io/nvidia/pytorch\n"),
            "1: nvcr.io/nvidia/pytorch is not pinned: it has no version\n"
            "? write NAME:1.2.3 or NAME@sha256:DIGEST\n");
}

TEST_F(DriftingDependency, LooksAtWellKnownNamesOrThoseOfThePolicy) {
  for (const char* path : {"requirements-dev.txt", "a/requirements.txt", "requirements/gpu.txt",
                           "pyproject.toml", "environment-gpu.yaml", "package.json", "Dockerfile",
                           "a/Dockerfile.gpu", "gpu.Dockerfile", "Containerfile"}) {
    EXPECT_NE(judge(path, "{}"), kNotAsked) << path;
  }
  EXPECT_EQ(judge("notes.txt", "torch\n"), kNotAsked);
  with("{watch: [torch], files: [deps.txt]}");
  EXPECT_NE(judge("deps.txt", "torch\n"), kFine);
  EXPECT_EQ(judge("requirements.txt", "torch\n"), kNotAsked);
}

TEST_F(DriftingDependency, RefusesFilesThatCannotBeRead) {
  EXPECT_EQ(judge("requirements.txt", "torch==1\n#\rtorch==2\n"),
            "2: cannot be read for its dependencies: a control character stands here\n");
  EXPECT_EQ(judge("package.json", "{").substr(0, 40), "1: cannot be read for its dependencies: ");
  EXPECT_EQ(change("package.json", "{", "{}"), kFine);
}

TEST_F(DriftingDependency, SaysSoMuchAndNoMore) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += "transformers" + std::to_string(i) + "\n";
  EXPECT_TRUE(judge("requirements.txt", text).ends_with("0: and 10 more like these\n"));
  EXPECT_EQ(judge("requirements.txt", "torch @ https://x/\x1b]0;\n"),
            "1: cannot be read for its dependencies: a control character stands here\n");
  EXPECT_EQ(judge("Dockerfile", "FROM transformers:\x1b[31m\n"),
            "1: transformers is not pinned: \\x1b[31m\n"
            "? write NAME:1.2.3 or NAME@sha256:DIGEST\n");
}

TEST_F(DriftingDependency, NeedsToKnowWhatToWatch) {
  EXPECT_NE(mistakes("{}").find("the rule needs 'watch'"), std::string::npos);
  EXPECT_NE(mistakes("{watch: ['[']}").find("bad glob"), std::string::npos);
  EXPECT_NE(mistakes("{watch: [torch], changes: refus}").find("did you mean 'refuse'"),
            std::string::npos);
}

}  // namespace
}  // namespace trunkgate
