// Matches globs: all states of the automaton at once, so that no glob can make it backtrack.
#include <algorithm>
#include <cassert>
#include <cstdint>

#include "base/glob_program.h"
#include "base/match.h"

namespace trunkgate {
namespace {

unsigned char byte_of(char c) { return static_cast<unsigned char>(c); }

// The set of states the automaton may be in. State i stands before step i; the last accepts.
class States {
 public:
  explicit States(const std::vector<GlobStep>& steps) : steps_(steps), on_(steps.size() + 1) {}

  void clear() {
    std::fill(on_.begin(), on_.end(), std::uint8_t{0});
    any_ = false;
  }

  // Adds a state and every state that can be reached from it without reading a byte.
  void add(std::size_t state) {
    any_ = true;
    while (on_[state] == 0) {
      on_[state] = 1;
      if (state == steps_.size()) return;
      const GlobStep::Kind kind = steps_[state].kind;
      if (kind == GlobStep::Kind::folders) {
        on_[state + 1] = 1;
        state += 2;
      } else if (kind == GlobStep::Kind::star || kind == GlobStep::Kind::deep) {
        state += 1;
      }
    }
  }

  void swap(States& other) {
    on_.swap(other.on_);
    std::swap(any_, other.any_);
  }

  bool any() const { return any_; }
  bool on(std::size_t state) const { return on_[state] != 0; }

 private:
  const std::vector<GlobStep>& steps_;
  std::vector<std::uint8_t> on_;
  bool any_ = false;
};

void advance(std::size_t state, const GlobStep& step, const std::vector<ByteSet>& sets,
             unsigned char byte, States& next) {
  const bool slash = byte == '/';
  switch (step.kind) {
    case GlobStep::Kind::byte:
      if (byte == step.byte) next.add(state + 1);
      return;
    case GlobStep::Kind::one:
      if (!slash) next.add(state + 1);
      return;
    case GlobStep::Kind::any:
      next.add(state + 1);
      return;
    case GlobStep::Kind::set:
      if (sets[step.index].test(byte)) next.add(state + 1);
      return;
    case GlobStep::Kind::star:
      if (!slash) next.add(state);
      return;
    case GlobStep::Kind::deep:
      next.add(state);
      return;
    case GlobStep::Kind::folders:
      return;
    case GlobStep::Kind::inside:
      next.add(state);
      if (slash) next.add(state + 1);
      return;
  }
}

// None is on when nothing that starts with `name` can match.
States states_after(const GlobProgram& program, std::string_view name) {
  const std::vector<GlobStep>& steps = program.steps;
  States now(steps);
  States next(steps);
  now.add(0);
  for (const char c : name) {
    next.clear();
    for (std::size_t state = 0; state < steps.size(); ++state) {
      if (now.on(state)) advance(state, steps[state], program.sets, byte_of(c), next);
    }
    now.swap(next);
    if (!now.any()) break;
  }
  return now;
}

}  // namespace

std::optional<std::string> Glob::mistake(std::string_view text) {
  GlobProgram program;
  return compile_glob(text, program);
}

Glob::Glob(std::string text) : text_(std::move(text)), name_(text_) {
  GlobProgram program;
  [[maybe_unused]] const std::optional<std::string> mistake = compile_glob(text_, program);
  assert(!mistake);
  literal_ = std::all_of(program.steps.begin(), program.steps.end(),
                         [](const GlobStep& step) { return step.kind == GlobStep::Kind::byte; });
  if (literal_) {
    name_.clear();
    for (const GlobStep& step : program.steps) name_ += static_cast<char>(step.byte);
  } else {
    const auto is_byte = [](const GlobStep& step) { return step.kind == GlobStep::Kind::byte; };
    const std::vector<GlobStep>& steps = program.steps;
    const auto head_end = std::find_if_not(steps.begin(), steps.end(), is_byte);
    for (auto at = steps.begin(); at != head_end; ++at) {
      program.head += static_cast<char>(at->byte);
    }
    const auto tail_begin = std::find_if_not(steps.rbegin(), steps.rend(), is_byte).base();
    for (auto at = tail_begin; at != steps.end(); ++at) {
      program.tail += static_cast<char>(at->byte);
    }
    program_ = std::make_shared<const GlobProgram>(std::move(program));
  }
}

bool Glob::matches(std::string_view name) const {
  if (literal_) return name == name_;
  if (!name.starts_with(program_->head) || !name.ends_with(program_->tail)) return false;
  return states_after(*program_, name).on(program_->steps.size());
}

bool Glob::may_match_below(std::string_view prefix) const {
  if (literal_) return name_.starts_with(prefix);
  return states_after(*program_, prefix).any();
}

bool GlobSet::matches(std::string_view name) const {
  return std::any_of(globs_.begin(), globs_.end(),
                     [&](const Glob& glob) { return glob.matches(name); });
}

}  // namespace trunkgate
