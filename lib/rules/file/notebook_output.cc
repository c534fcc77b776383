// notebook-output: a Jupyter notebook that was saved with its results.
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "rules/catalogue.h"

namespace trunkgate {
namespace {

constexpr Option<PathSet> kPaths{"paths", "'*.ipynb'", "which files are notebooks"};
constexpr Option<bool> kOutputs{"outputs", "true", "refuse outputs of cells"};
constexpr Option<bool> kCounts{"execution-count", "true", "refuse execution counts"};
constexpr Option<PathSet> kExclude{"exclude", "", "notebooks that may keep their results"};
constexpr const OptionInfo* kOptions[] = {&kPaths.info, &kOutputs.info, &kCounts.info,
                                          &kExclude.info};

// What is nested deeper no Jupyter opens: Python's reader of JSON stops before a thousand.
constexpr std::size_t kMaxDepth = 512;

// Reads a notebook of format 4 (nbformat.readthedocs.io) event by event: neither depth nor size of
// the file decides how much memory is used.
class NotebookReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::size_t cells_with_output = 0;
  std::size_t cells_with_count = 0;
  bool has_cells = false;
  std::string problem;

  bool null() override { return value(); }
  bool boolean(bool) override { return value(); }
  bool number_integer(number_integer_t) override { return number(); }
  bool number_unsigned(number_unsigned_t) override { return number(); }
  bool number_float(number_float_t, const string_t&) override { return number(); }
  bool string(string_t&) override { return value(); }
  bool binary(binary_t&) override { return value(); }

  bool start_object(std::size_t) override {
    value();
    key_.clear();
    return go_down();
  }
  bool end_object() override {
    --depth_;
    key_.clear();
    return true;
  }
  bool start_array(std::size_t) override {
    value();
    if (depth_ == 1 && key_ == "cells") {
      has_cells = true;
      cells_depth_ = depth_ + 1;
    }
    if (in_cell() && key_ == "outputs") outputs_depth_ = depth_ + 1;
    key_.clear();
    return go_down();
  }
  bool end_array() override {
    if (depth_ == outputs_depth_) outputs_depth_ = 0;
    if (depth_ == cells_depth_) cells_depth_ = 0;
    --depth_;
    key_.clear();
    return true;
  }
  bool key(string_t& name) override {
    key_ = name;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    problem = "is no JSON (at byte " + std::to_string(position) + ")";
    return false;
  }

 private:
  bool go_down() {
    if (++depth_ <= kMaxDepth) return true;
    problem = "is nested more than " + std::to_string(kMaxDepth) + " deep";
    return false;
  }
  // Directly inside one of the objects in "cells".
  bool in_cell() const { return cells_depth_ != 0 && depth_ == cells_depth_ + 1; }
  bool value() {
    if (outputs_depth_ != 0 && depth_ == outputs_depth_ && !counted_) {
      ++cells_with_output;
      counted_ = true;
    }
    if (cells_depth_ != 0 && depth_ == cells_depth_) counted_ = false;  // the next cell begins
    return true;
  }
  bool number() {
    if (in_cell() && key_ == "execution_count") ++cells_with_count;
    return value();
  }

  std::size_t depth_ = 0;
  std::size_t cells_depth_ = 0;    // of the elements of "cells"; 0 outside of it
  std::size_t outputs_depth_ = 0;  // of the elements of a cell's "outputs"
  bool counted_ = false;           // the cell's outputs
  std::string key_;
};

class NotebookOutput final : public Rule {
 public:
  explicit NotebookOutput(const RuleSetup& setup)
      : paths_(setup.options.get(kPaths)),
        outputs_(setup.options.get(kOutputs)),
        counts_(setup.options.get(kCounts)),
        exclude_(setup.options.get(kExclude)) {}

  bool looks_at(const ChangedFile& file) const override {
    return file.plain() && paths_.matches(file.path) && !exclude_.matches(file.path);
  }

  void check_file(const Push&, const PushedFile& file, Answer& out) const override {
    NotebookReader reader;
    if (!nlohmann::json::sax_parse(file.content(), &reader)) {
      out.add({.message = "the notebook " + reader.problem, .hint = "open it and save it again"});
      return;
    }
    if (!reader.has_cells) {
      out.add({.message = "the notebook has no 'cells'; only format 4 is known",
               .hint = "jupyter nbconvert --to notebook --inplace FILE"});
      return;
    }
    if (outputs_ && reader.cells_with_output > 0) {
      report(file, count_of(reader.cells_with_output, "cell has", "cells have") + " output", out);
    } else if (counts_ && reader.cells_with_count > 0) {
      report(file,
             count_of(reader.cells_with_count, "cell has an execution count",
                      "cells have an execution count"),
             out);
    }
  }

 private:
  static void report(const PushedFile& file, std::string message, Answer& out) {
    Finding finding{.message = std::move(message)};
    if (is_printable(file.path())) {
      // A path that begins with a hyphen would be an option.
      const std::string here = file.path().starts_with('-') ? "./" : "";
      finding.amendment = {.wanted = true,
                           .changes = {"jupyter nbconvert --clear-output --inplace " +
                                           shell_quote(here + std::string(file.path())),
                                       "git add -- " + shell_quote(file.path())}};
    }
    out.add(std::move(finding));
  }

  PathSet paths_;
  bool outputs_;
  bool counts_;
  PathSet exclude_;
};

constexpr Example kExamples[] = {
    {"", R"(add a.ipynb
{"cells": [{"cell_type": "code", "execution_count": null, "outputs": []}], "nbformat": 4})",
     true},
    {"", R"(add a.ipynb
{"cells": [{"outputs": [{"data": {"text/plain": "1"}}]}], "nbformat": 4})",
     false},
    {"", R"(add a.ipynb
{"cells": [{"execution_count": 3, "outputs": []}], "nbformat": 4})",
     false},
    {"{execution-count: false}", R"(add a.ipynb
{"cells": [{"execution_count": 3, "outputs": []}], "nbformat": 4})",
     true},
    {"{outputs: false}", R"(add a.ipynb
{"cells": [{"outputs": [{"data": {"text/plain": "1"}}]}], "nbformat": 4})",
     true},
    {"", R"(add a.ipynb
{"cells": [{"source": [{"outputs": [1]}], "metadata": {"execution_count": 3}}]})",
     true},
    {"", "add a.ipynb\n{\"cells\": [", false},
    {"", "add a.ipynb\n{\"worksheets\": []}", false},
    {"", "add a.json\n{\"cells\": [{\"outputs\": [1]}]}", true},
    {"{exclude: [docs/]}", "add docs/a.ipynb\n{\"cells\": [{\"outputs\": [1]}]}", true},
};

}  // namespace

constinit const RuleInfo notebook_output{
    .id = "notebook-output",
    .subject = Subject::file,
    .summary = "a notebook was saved with its results",
    .rationale = "Results make every run a change, and can hold data that must not leave.",
    .remedy = "Clear the outputs, save, and amend the commit.",
    .options = kOptions,
    .examples = kExamples,
    .make = make_rule<NotebookOutput>,
    .content = true,
    .concurrent = true,
};

}  // namespace trunkgate
