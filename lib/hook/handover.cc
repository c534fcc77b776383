#include "hook/handover.h"

#include "git/ref_files.h"

namespace trunkgate {
namespace {

// 50,000 refs with long names still fit.
constexpr std::size_t kMaxBytes = std::size_t{256} << 20U;

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
                                   std::string& moved_ref) const {
  const FileText file = read_file(path_, kMaxBytes);
  if (file.state != FileState::present) return Answer::none;
  std::string needle = " ";
  needle.append(old_id).append(" ").append(new_id).append(" ").append(ref).append("\n");
  const auto at = file.text.find(needle);
  if (at == std::string::npos || at == 0 || (at != 1 && file.text[at - 2] != '\n')) {
    return Answer::none;
  }
  const char verdict = file.text[at - 1];
  if (verdict == 'r') return Answer::refused;
  if (verdict != 'a') return Answer::none;
  std::string_view rest = std::string_view(file.text).substr(at + needle.size());
  while (rest.starts_with("w ")) {
    const auto end = rest.find('\n');
    const std::string_view line = rest.substr(2, end - 2);
    const auto space = line.find(' ');
    if (end == std::string_view::npos || space == std::string_view::npos) return Answer::none;
    const std::string name(line.substr(space + 1));
    const std::string_view id = line.substr(0, space);
    // All zeros: it was not there.
    const bool away = id.find_first_not_of('0') == std::string_view::npos;
    if (read_ref_file(git_dir, name) != (away ? std::string_view() : id)) {
      moved_ref = name;
      return Answer::moved;
    }
    rest.remove_prefix(end + 1);
  }
  return Answer::let_in;
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

void sweep_handovers(const std::string& folder) {
  for (const std::string& name : list_folder(folder)) {
    const auto key = PushKey::parse(name);
    if (key && liveness(*key) == Liveness::dead) remove_file(folder + "/" + name);
  }
}

}  // namespace trunkgate
