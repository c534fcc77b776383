// notebook-output: whole findings.
#include <string>

#include "support/content_rule_test.h"

namespace trunkgate {
namespace {

constexpr const char* kClean = R"({"cell_type": "code", "execution_count": null, "outputs": []})";
constexpr const char* kOutput = R"({"outputs": [{"data": {"text/plain": ["1", "2"]}}, {}]})";
constexpr const char* kCount = R"({"execution_count": 3, "outputs": []})";

std::string notebook(const std::string& cells) {
  return "{\"metadata\": {\"cells\": [1]}, \"cells\": [" + cells + "], \"nbformat\": 4}\n";
}
std::string refusal(const std::string& what, const std::string& path = "a.ipynb") {
  return "0: " + what + "\n+ jupyter nbconvert --clear-output --inplace " + path +
         "\n+ git add -- " + path + "\n";
}

class NotebookOutput : public ContentRuleTest {
 protected:
  NotebookOutput() : ContentRuleTest("notebook-output") { with("{}"); }
  std::string cells(const std::string& cells) const { return judge("a.ipynb", notebook(cells)); }
};

TEST_F(NotebookOutput, AcceptsCellsWithoutResults) {
  EXPECT_EQ(cells(""), kFine);
  EXPECT_EQ(cells(kClean), kFine);
  EXPECT_EQ(cells(std::string(kClean) + "," + kClean), kFine);
  EXPECT_EQ(judge("a.ipynb", "\xef\xbb\xbf" + notebook(kClean)), kFine);
}

TEST_F(NotebookOutput, CountsCellsWithOutput) {
  const std::string output = kOutput;
  EXPECT_EQ(cells(output), refusal("1 cell has output"));
  EXPECT_EQ(cells(output + "," + kClean + "," + output), refusal("2 cells have output"));
  EXPECT_EQ(cells(R"({"outputs": [1, [2, 3], "x", null]})"), refusal("1 cell has output"));
}

TEST_F(NotebookOutput, CountsCellsWithAnExecutionCount) {
  const std::string count = kCount;
  EXPECT_EQ(cells(count), refusal("1 cell has an execution count"));
  EXPECT_EQ(cells(count + "," + kClean + "," + R"({"execution_count": 0})"),
            refusal("2 cells have an execution count"));
  EXPECT_EQ(cells(count + "," + kOutput), refusal("1 cell has output"));
}

TEST_F(NotebookOutput, LooksAtCellsOfTheNotebookOnly) {
  EXPECT_EQ(cells(R"({"source": [{"outputs": [1]}], "metadata": {"execution_count": 3}})"), kFine);
  EXPECT_EQ(cells(R"({"metadata": {"outputs": [1], "cells": [{"outputs": [1]}]}})"), kFine);
  EXPECT_EQ(cells(R"({"outputs": {"a": [1]}})"), kFine);
  EXPECT_EQ(judge("a.ipynb", R"({"cells": [], "x": {"outputs": [1], "execution_count": 1}})"),
            kFine);
  // Whichever of two a program takes.
  EXPECT_EQ(judge("a.ipynb", std::string("{\"cells\": [") + kOutput + "], \"cells\": []}"),
            refusal("1 cell has output"));
}

TEST_F(NotebookOutput, CanKeepOutputs) {
  with("{outputs: false}");
  EXPECT_EQ(cells(kOutput), kFine);
  EXPECT_EQ(cells(kCount), refusal("1 cell has an execution count"));
}

TEST_F(NotebookOutput, CanKeepExecutionCounts) {
  with("{execution-count: false}");
  EXPECT_EQ(cells(kCount), kFine);
  EXPECT_EQ(cells(kOutput), refusal("1 cell has output"));
}

TEST_F(NotebookOutput, RejectsWhatCannotBeRead) {
  const std::string hint = "? open it and save it again\n";
  EXPECT_EQ(judge("a.ipynb", ""), "0: the notebook is no JSON (at byte 1)\n" + hint);
  EXPECT_EQ(judge("a.ipynb", "{\"cells\": ["), "0: the notebook is no JSON (at byte 12)\n" + hint);
  EXPECT_EQ(judge("a.ipynb", "{\"cells\": []} x"),
            "0: the notebook is no JSON (at byte 15)\n" + hint);
  EXPECT_EQ(judge("a.ipynb", "{\"\xe9\": 1}"), "0: the notebook is no JSON (at byte 4)\n" + hint);
  for (const char* text :
       {"{}", "[]", "1", R"({"worksheets": [{"cells": []}]})", R"({"cells": 1})"}) {
    EXPECT_EQ(judge("a.ipynb", text),
              "0: the notebook has no 'cells'; only format 4 is known\n"
              "? jupyter nbconvert --to notebook --inplace FILE\n")
        << text;
  }
}

TEST_F(NotebookOutput, RejectsWhatIsNestedDeeperThanJupyterReads) {
  const auto nested = [](std::size_t depth) {
    return "{\"cells\": [], \"metadata\": " + std::string(depth - 1, '[') +
           std::string(depth - 1, ']') + "}";
  };
  const std::string refused =
      "0: the notebook is nested more than 512 deep\n? open it and save it again\n";
  EXPECT_EQ(judge("a.ipynb", nested(512)), kFine);
  EXPECT_EQ(judge("a.ipynb", nested(513)), refused);
  EXPECT_EQ(judge("a.ipynb", nested(1'000'000)), refused);
  EXPECT_EQ(judge("a.ipynb", std::string(1'000'000, '[')), refused);
}

TEST_F(NotebookOutput, GivesCommandsForPathsThatAShellTakes) {
  EXPECT_EQ(judge("my a.ipynb", notebook(kOutput)), refusal("1 cell has output", "'my a.ipynb'"));
  EXPECT_EQ(judge("-a.ipynb", notebook(kOutput)),
            "0: 1 cell has output\n+ jupyter nbconvert --clear-output --inplace ./-a.ipynb\n"
            "+ git add -- -a.ipynb\n");
  EXPECT_EQ(judge("\xe9.ipynb", notebook(kOutput)), "0: 1 cell has output\n");
}

TEST_F(NotebookOutput, LooksAtNotebooksOnly) {
  EXPECT_EQ(judge("x/y/a.ipynb", notebook(kClean)), kFine);
  EXPECT_EQ(judge("a.json", notebook(kOutput)), kNotAsked);
  EXPECT_EQ(judge(link("a.ipynb", "b")), kNotAsked);
  EXPECT_EQ(judge(submodule("a.ipynb")), kNotAsked);
  EXPECT_EQ(judge(deleted("a.ipynb", notebook(kOutput))), kNotAsked);
  with("{paths: '*.nb', exclude: [/docs/]}");
  EXPECT_EQ(judge("a.ipynb", notebook(kOutput)), kNotAsked);
  EXPECT_EQ(judge("docs/a.nb", notebook(kOutput)), kNotAsked);
  EXPECT_EQ(judge("x/a.nb", notebook(kOutput)), refusal("1 cell has output", "x/a.nb"));
}

}  // namespace
}  // namespace trunkgate
