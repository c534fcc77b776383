#include "hook/handover.h"

#include "base/text.h"
#include "git/ref_files.h"

namespace trunkgate {
namespace {

// 50,000 refs with long names still fit.
constexpr std::size_t kMaxBytes = std::size_t{256} << 20U;
constexpr std::string_view kReliesOn = "w ";

// Takes the first line off; nothing where it is cut short.
std::optional<std::string_view> take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

// All zeros: it was not there.
std::string_view value_of(std::string_view id) {
  return id.find_first_not_of('0') == std::string_view::npos ? std::string_view() : id;
}

// Refs that must be where they were.
class Relied {
 public:
  // The lines about it that `rest` begins with, which are taken off. False when one is cut short.
  bool read(std::string_view& rest) {
    while (rest.starts_with(kReliesOn)) {
      const auto line = take_line(rest);
      if (!line) return false;
      const auto space = line->find(' ', kReliesOn.size());
      if (space == std::string_view::npos) return false;
      ids_.push_back(value_of(line->substr(kReliesOn.size(), space - kReliesOn.size())));
      names_.emplace_back(line->substr(space + 1));
    }
    return true;
  }

  // Those of the updates in `rest` that were let in and have not come about.
  bool read_waiting(std::string_view rest, const std::string& git_dir, const std::string& prefix) {
    if (rest.find("\nw ") == std::string_view::npos) return true;
    while (const auto line = take_line(rest)) {
      Relied relied;
      if (!relied.read(rest)) return false;
      if (relied.names_.empty() || !line->starts_with("a ")) continue;
      // "a OLD NEW REF"
      constexpr std::size_t kOld = 2;
      constexpr std::size_t kName = kOld + 2 * (ObjectId::kHexSize + 1);
      if (line->size() <= kName) return false;
      const std::string name = prefix + std::string(line->substr(kName));
      if (read_ref_file(git_dir, name) != value_of(line->substr(kOld, ObjectId::kHexSize))) {
        continue;
      }
      ids_.insert(ids_.end(), relied.ids_.begin(), relied.ids_.end());
      names_.insert(names_.end(), relied.names_.begin(), relied.names_.end());
    }
    return true;
  }

  // Empty when none has moved.
  std::string first_moved(const std::string& git_dir) const {
    const std::vector<std::string> now = read_ref_files(git_dir, names_);
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (now[i] != ids_[i]) return names_[i];
    }
    return {};
  }

 private:
  std::vector<std::string> names_;
  std::vector<std::string_view> ids_;  // of the text that was read; empty: it was not there
};

}  // namespace

Handover::Handover(std::string folder, const PushKey& key)
    : path_(folder + "/" + key.text()), folder_(std::move(folder)) {}

void Handover::write(const std::vector<HandedUpdate>& updates, const Sharing& sharing) const {
  std::string text;
  for (const HandedUpdate& update : updates) {
    text += update.let_in ? "a " : "r ";
    text += update.old_id + " " + update.new_id + " " + update.ref + "\n";
    for (const auto& [ref, id] : update.relied) text += "w " + id + " " + ref + "\n";
  }
  make_folder(folder_, sharing);
  // Not synced: after a crash of the machine the push is over anyway.
  write_file(path_, text, sharing, Durability::none);
}

Handover::Answer Handover::look_up(std::string_view old_id, std::string_view new_id,
                                   std::string_view ref, const std::string& git_dir,
                                   std::string& moved_ref, const std::string& prefix) const {
  const FileText file = read_file(path_, kMaxBytes);
  if (file.state != FileState::present) return Answer::none;
  const std::string_view text = file.text;
  std::string needle = " ";
  needle.append(old_id).append(" ").append(new_id).append(" ").append(ref).append("\n");
  const auto at = text.find(needle);
  if (at == std::string_view::npos || at == 0 || (at != 1 && text[at - 2] != '\n')) {
    return Answer::none;
  }
  const char verdict = text[at - 1];
  if (verdict == 'r') return Answer::refused;
  if (verdict != 'a') return Answer::none;
  std::string_view rest = text.substr(at + needle.size());
  Relied relied;
  if (!relied.read(rest)) return Answer::none;
  if (!relied.read_waiting(text.substr(0, at - 1), git_dir, prefix)) return Answer::none;
  moved_ref = relied.first_moved(git_dir);
  return moved_ref.empty() ? Answer::let_in : Answer::moved;
}

std::optional<std::size_t> Handover::size() const {
  const FileText file = read_file(path_, kMaxBytes);
  if (file.state != FileState::present) return std::nullopt;
  std::size_t count = 0;
  std::string_view rest = file.text;
  while (!rest.empty()) {
    if (!rest.starts_with("w ")) ++count;
    const auto end = rest.find('\n');
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return count;
}

std::string moved_while_landing(std::string_view ref, std::string_view moved) {
  return "error: REJECTED " + printable(ref) + ": " + printable(moved) +
         " moved while it was landing\nhint: run git fetch, then land it again\n";
}

void sweep_handovers(const std::string& folder) {
  for (const std::string& name : list_folder(folder)) {
    const auto key = PushKey::parse(name);
    if (key && liveness(*key) == Liveness::dead) remove_file(folder + "/" + name);
  }
}

}  // namespace trunkgate
