#include "events/sink_filter.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "events/bytes_json.h"
#include "events/version.h"
#include "policy/event_types.h"

namespace trunkgate {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kTags = "refs/tags/";
constexpr std::string_view kExempt = "exempt=";

// The member, or null where there is none or no object to have it.
const Json& at(const Json& json, const char* key) {
  static const Json kNothing;
  if (!json.is_object()) return kNothing;
  const auto found = json.find(key);
  return found == json.end() ? kNothing : *found;
}

std::string_view text_of(const Json& json) {
  return json.is_string() ? std::string_view(json.get_ref<const std::string&>())
                          : std::string_view();
}

class FactsReader {
 public:
  explicit FactsReader(const Json& event) : event_(event), body_(at(event, "data")) {}

  FilteredEvent read() {
    out_.type = plain_event_type(text_of(at(event_, "type")));
    const Json& draft = at(body_, "draft");
    out_.draft = draft.is_boolean() && draft.get<bool>();
    read_refs();
    read_paths();
    read_labels();
    read_push_options();
    read_cuts();
    read_sink();
    return std::move(out_);
  }

 private:
  // Names on disk may stand in a Git namespace; a policy knows nothing of those.
  void add_ref(const Json& name) {
    if (const auto bytes = bytes_from_json(name)) {
      out_.refs.names.emplace_back(parts_of(*bytes).name);
    }
  }

  void read_refs() {
    add_ref(at(at(at(body_, "change"), "ref"), "name"));
    for (const Json& change : at(body_, "changes")) add_ref(at(at(change, "ref"), "name"));
    add_ref(at(at(body_, "ref"), "name"));
    add_ref(at(at(body_, "hotfix"), "into"));
    if (const auto tag = bytes_from_json(at(at(body_, "tag"), "name"))) {
      out_.refs.names.push_back(std::string(kTags) + *tag);
    }
    for (const char* evidence : {"check", "approval"}) {
      add_ref(at(at(body_, evidence), "attestation"));
      add_ref(at(at(body_, evidence), "target"));
    }
  }

  // True when `files` has any of the lists.
  bool add_paths(const Json& files) {
    bool listed = false;
    for (const char* list : {"added", "modified", "removed"}) {
      const Json& paths = at(files, list);
      listed = listed || paths.is_array();
      for (const Json& path : paths) {
        if (const auto bytes = bytes_from_json(path)) out_.paths.names.push_back(*bytes);
      }
    }
    return listed;
  }

  void read_paths() {
    bool listed = add_paths(at(body_, "files"));
    const bool in_all = listed;
    const Json& commits = at(body_, "commits");
    for (const Json& commit : commits) {
      const bool of_commit = add_paths(commit);
      listed = listed || of_commit;
      const Json& cut = at(commit, "files_truncated");
      if (!in_all && (!of_commit || (cut.is_boolean() && cut.get<bool>()))) {
        out_.paths.complete = false;
      }
    }
    files_ = in_all;
    if (!listed) out_.paths.complete = false;
  }

  void read_labels() {
    const auto add = [&](const Json& label) {
      if (label.is_string()) out_.labels.names.push_back(label.get<std::string>());
    };
    add(at(at(body_, "exemption"), "id"));
    for (const Json& label : at(body_, "labels")) add(label);
    for (const char* list : {"warnings", "violations"}) {
      for (const Json& finding : at(body_, list)) add(at(finding, "waived_by"));
    }
  }

  // Refused pushes have `draft` only here. Labels that were asked for stand in for those of
  // findings that were cut.
  void read_push_options() {
    for (const Json& option : at(body_, "push_options")) {
      const std::string_view text = text_of(option);
      if (text == "draft") out_.draft = true;
      if (text.starts_with(kExempt)) asked_.emplace_back(text.substr(kExempt.size()));
    }
  }

  void read_cuts() {
    for (const Json& pointer : at(body_, "truncated")) {
      const std::string_view cut = text_of(pointer);
      for (const char* refs : {"/change", "/ref", "/tag/name", "/hotfix/into", "/check/attestation",
                               "/check/target", "/approval/attestation", "/approval/target"}) {
        if (cut.starts_with(refs)) out_.refs.complete = false;
      }
      const bool lists = cut.find("/added") != std::string_view::npos ||
                         cut.find("/modified") != std::string_view::npos ||
                         cut.find("/removed") != std::string_view::npos;
      if (files_ ? cut.starts_with("/files") : cut == "/commits" || lists) {
        out_.paths.complete = false;
      }
      if (cut == "/warnings" || cut == "/violations" || cut.ends_with("/waived_by")) {
        out_.labels.names.insert(out_.labels.names.end(), asked_.begin(), asked_.end());
      }
      if (cut == "/push_options" || cut.starts_with("/labels")) out_.labels.complete = false;
    }
  }

  // Either its name or an object that has it.
  void read_sink() {
    if (out_.type != "endpoint.disabled" && out_.type != "delivery.dead") return;
    const Json& sink = at(body_, "sink");
    out_.sink = text_of(sink.is_object() ? at(sink, "name") : sink);
    if (out_.sink.empty()) out_.sink = text_of(at(event_, "subject"));
  }

  const Json& event_;
  const Json& body_;
  FilteredEvent out_;
  std::vector<std::string> asked_;
  bool files_ = false;  // paths come from `files`, which has all that is different now
};

template <typename Matches>
bool passes(const FilteredEvent::Names& names, Matches matches) {
  return !names.complete || std::any_of(names.names.begin(), names.names.end(), matches);
}

}  // namespace

FilteredEvent filtered_event(std::string_view json) {
  const Json event = Json::parse(json, nullptr, false);
  if (!event.is_object()) {
    FilteredEvent none;
    none.refs.complete = none.paths.complete = none.labels.complete = false;
    return none;
  }
  return FactsReader(event).read();
}

bool takes(const SinkFilter& filter, const FilteredEvent& event) {
  if (event.draft && !filter.drafts) return false;
  if (!filter.types.empty() &&
      std::none_of(filter.types.begin(), filter.types.end(),
                   [&](const Glob& type) { return type.matches(event.type); })) {
    return false;
  }
  if (!filter.refs.empty() &&
      !passes(event.refs, [&](const std::string& ref) { return filter.refs.matches(ref); })) {
    return false;
  }
  if (!filter.paths.empty() &&
      !passes(event.paths, [&](const std::string& path) { return filter.paths.matches(path); })) {
    return false;
  }
  const auto wanted = [&](const std::string& label) {
    return std::find(filter.labels.begin(), filter.labels.end(), label) != filter.labels.end();
  };
  return filter.labels.empty() || passes(event.labels, wanted);
}

bool takes(const SinkSettings& sink, const FilteredEvent& event) {
  return (event.sink.empty() || event.sink != sink.name) && takes(sink.filter, event);
}

}  // namespace trunkgate
