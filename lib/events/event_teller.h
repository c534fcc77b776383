// Turns the JSON of one event into prose. Included by lib/events/*.cc only.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "events/event_prose.h"
#include "events/event_view.h"

namespace trunkgate {

inline constexpr std::size_t kMostShown = 30;         // commits, findings and so on
inline constexpr std::size_t kMostCharacters = 1000;  // of one message

// Writes the prose of one event, part by part; each part knows one family of types.
class EventTeller {
 public:
  // `name` is the type without prefix and version. All must outlive this object.
  EventTeller(const EventJson& event, std::string_view name, EventProse& out)
      : event_(event), data_(at(event, "data")), name_(name), out_(out) {}

  void tell();

 private:
  using Part = void (EventTeller::*)();

  std::string who() const;
  // "branch feature/x", "tag v1"; the name alone for others.
  std::string named(const EventJson& ref) const;
  std::string changed_ref() const;

  void row(std::string_view label, const std::string& value);
  void section(const std::string& title, const EventJson& list, std::size_t total,
               std::string (*line)(const EventJson&));
  void message(const EventJson& message);
  void change(const EventJson& change);
  void commits();
  void findings(std::string_view title, const EventJson& list, std::size_t total);
  void requirements();
  void evidence();

  void push();
  void ref();
  void landed();
  void tag();
  void release();
  void exemption();
  void branch();
  void check();
  void approval();
  void lineage();
  void policy();
  void hotfix();
  void delivery();
  void other();

  const EventJson& event_;
  const EventJson& data_;
  std::string_view name_;
  EventProse& out_;
};

}  // namespace trunkgate
