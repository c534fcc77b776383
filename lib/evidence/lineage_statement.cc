#include "evidence/lineage_statement.h"

#include <algorithm>

#include "base/digest.h"
#include "base/nearest.h"
#include "base/text.h"
#include "config/config_file.h"
#include "evidence/lineage_parts.h"

namespace trunkgate {
namespace {

using Kind = ConfigValue::Kind;

constexpr std::string_view kProvenance = "https://slsa.dev/provenance/v1";
constexpr std::string_view kTestResult = "https://in-toto.io/attestation/test-result/v0.1";
constexpr std::string_view kModel = "https://trunkgate/model/v1";
constexpr std::string_view kDeployment = "https://trunkgate/deployment/v1";
constexpr std::string_view kPredicates[] = {kProvenance, kTestResult, kModel, kDeployment};

constexpr std::size_t kMaxWordBytes = 128;
constexpr std::size_t kMaxNoteBytes = 400;

// "https://trunkgate/training/v1", "https://example.com/ci/training": a job that trains says so in
// its build type.
bool trains(std::string_view build_type) {
  const auto parts = split(build_type, '/');
  return std::find(parts.begin(), parts.end(), "training") != parts.end();
}

// Names that `trunkgate trace` can be asked for; what separates them is not in them.
bool is_word(std::string_view text, std::string_view separators) {
  if (text.empty() || text.size() > kMaxWordBytes) return false;
  for (const char letter : text) {
    const bool plain = (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
                       (letter >= 'A' && letter <= 'Z');
    if (!plain && (std::string_view("._+:/-").find(letter) == std::string_view::npos ||
                   separators.find(letter) != std::string_view::npos)) {
      return false;
    }
  }
  return true;
}

class Reader {
 public:
  Reader(const ConfigValue& statement, std::string_view json, std::vector<std::string>& mistakes)
      : statement_(statement), mistakes_(mistakes), parts_(mistakes) {
    parts_.lineage().sha256 = sha256(json);
  }

  LineageStatement read(const ObjectId& commit) {
    const std::string type = text_of(statement_.find("predicateType"));
    const ConfigValue* predicate = statement_.find("predicate");
    if (!knows(type)) return {};
    if (predicate == nullptr || predicate->kind != Kind::map) {
      fault("'predicate' is no JSON object");
      return {};
    }
    parts_.read_subjects(statement_.find("subject"));
    if (!parts_.has_subjects() && mistakes_.empty()) {
      fault("'subject' is missing: the list of what it is about");
    }
    if (type == kProvenance) {
      read_provenance(*predicate);
    } else if (type == kTestResult) {
      read_test_result(*predicate);
    } else if (type == kModel) {
      read_model(*predicate);
    } else {
      read_deployment(*predicate);
    }
    if (mistakes_.empty()) parts_.check(commit);
    if (!mistakes_.empty()) return {};
    return std::move(parts_.lineage());
  }

 private:
  void fault(std::string text) { mistakes_.push_back(std::move(text)); }

  bool knows(const std::string& type) {
    if (std::find(std::begin(kPredicates), std::end(kPredicates), type) != std::end(kPredicates)) {
      return true;
    }
    if (type.empty()) {
      fault("'predicateType' is missing");
      return false;
    }
    const auto best = nearest(type, kPredicates);
    fault("the predicate type '" + printable(type, 80) + "' is not known; " +
          (best ? "did you mean '" + *best + "'?"
                : "there are SLSA provenance v1, test-result v0.1, and model v1 and deployment v1 "
                  "of https://trunkgate/"));
    return false;
  }

  std::string need(const ConfigValue& predicate, std::initializer_list<std::string_view> keys) {
    std::string text = text_of(predicate.find_path(keys));
    std::string path = "predicate";
    for (const std::string_view key : keys) path += "." + std::string(key);
    if (text.empty()) {
      fault("'" + path + "' is missing");
    } else if (text.size() > kMaxResourceName) {
      fault("'" + path + "' is longer than " + std::to_string(kMaxResourceName) + " bytes");
    }
    return text;
  }

  // A part of a name that people ask for.
  std::string word(const ConfigValue& predicate, std::string_view key,
                   std::string_view separators) {
    std::string text = text_of(predicate.find(key));
    if (!is_word(text, separators)) {
      std::string letters;
      for (const char letter : std::string_view("._+:/-")) {
        if (separators.find(letter) == std::string_view::npos) letters += {' ', letter};
      }
      fault("'predicate." + std::string(key) + "' must be a name of letters, digits and" + letters +
            ", " + std::to_string(kMaxWordBytes) + " at most");
    }
    return text;
  }

  // https://slsa.dev/spec/v1.0/provenance
  void read_provenance(const ConfigValue& predicate) {
    const std::string type = need(predicate, {"buildDefinition", "buildType"});
    need(predicate, {"runDetails", "builder", "id"});
    parts_.read_dependencies(predicate.find_path({"buildDefinition", "resolvedDependencies"}));
    if (!mistakes_.empty()) return;
    if (!trains(type)) {
      parts_.lineage().step = "image";
      parts_.name_made(ArtifactKind::image);
      for (const std::size_t made : parts_.made()) parts_.link_sources(made);
      return;
    }
    parts_.lineage().step = "training";
    parts_.name_made(ArtifactKind::weights);
    const std::string run =
        text_of(predicate.find_path({"runDetails", "metadata", "invocationId"}));
    if (run.size() > kMaxResourceName) {
      fault("'invocationId' is longer than " + std::to_string(kMaxResourceName) + " bytes");
      return;
    }
    const std::size_t job = parts_.add(
        {.kind = ArtifactKind::job,
         // Without a name of its own, the run is known by what was said of it.
         .identity = "job:" + (run.empty() ? "sha256:" + parts_.lineage().sha256 : run),
         .name = run,
         .uri = {},
         .note = parameters(predicate.find_path({"buildDefinition", "externalParameters"}))});
    parts_.link_sources(job);
    for (const std::size_t made : parts_.made()) parts_.link(job, made);
  }

  // What makes a run reproducible beside its inputs: configuration=vit.yaml, seed=42.
  static std::string parameters(const ConfigValue* map) {
    std::string text;
    if (map == nullptr) return text;
    for (const ConfigEntry& entry : map->entries) {
      const bool plain = entry.value.kind == Kind::text || entry.value.number();
      if (!plain) continue;
      const std::string next = (text.empty() ? "" : ", ") + entry.key + "=" + entry.value.text;
      if (text.size() + next.size() > kMaxNoteBytes) return text + ", ...";
      text += next;
    }
    return text;
  }

  // https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md
  void read_test_result(const ConfigValue& predicate) {
    parts_.lineage().step = "test";
    const std::string result = text_of(predicate.find("result"));
    if (result != "PASSED" && result != "WARNED" && result != "FAILED") {
      fault("'result' of the test result is PASSED, WARNED or FAILED");
      return;
    }
    const std::string url = text_of(predicate.find("url"));
    parts_.note_made("test " + result +
                     (url.empty() || url.size() > kMaxNoteBytes ? "" : " " + url));
  }

  void read_model(const ConfigValue& predicate) {
    parts_.lineage().step = "model";
    const std::string name = word(predicate, "name", {});
    const std::string version = word(predicate, "version", {});
    parts_.read_dependencies(predicate.find("resolvedDependencies"));
    if (!mistakes_.empty()) return;
    parts_.name_made(ArtifactKind::weights);
    const std::string called = name + "@" + version;
    parts_.note_made("registered as " + called);
    become({.kind = ArtifactKind::model,
            .identity = "model:" + called,
            .name = called,
            .uri = {},
            .note = {}});
  }

  void read_deployment(const ConfigValue& predicate) {
    parts_.lineage().step = "deployment";
    const std::string environment = word(predicate, "environment", "/");
    const std::string service = word(predicate, "service", {});
    const std::string revision = word(predicate, "revision", {});
    parts_.read_dependencies(predicate.find("resolvedDependencies"));
    if (!mistakes_.empty()) return;
    const std::string called = environment + "/" + service + "@" + revision;
    become({.kind = ArtifactKind::serving,
            .identity = "serving:" + called,
            .name = called,
            .uri = {},
            .note = {}});
  }

  // All that the statement speaks of went into `artifact`.
  void become(Artifact artifact) {
    const std::size_t to = parts_.add(std::move(artifact));
    parts_.link_sources(to);
    for (const std::size_t made : parts_.made()) parts_.link(made, to);
  }

  const ConfigValue& statement_;
  std::vector<std::string>& mistakes_;
  LineageParts parts_;
};

}  // namespace

std::string_view to_string(ArtifactKind kind) {
  constexpr std::string_view kWords[] = {"file",    "commit", "image",  "job",
                                         "weights", "model",  "serving"};
  return kWords[static_cast<std::size_t>(kind)];
}

LineageStatement read_lineage(const ConfigValue& statement, std::string_view json,
                              const ObjectId& commit, std::vector<std::string>& mistakes) {
  return Reader(statement, json, mistakes).read(commit);
}

}  // namespace trunkgate
