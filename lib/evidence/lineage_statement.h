// What a lineage attestation says: which artifacts there are, and which was made from which.
//
// It is an in-toto Statement v1 whose predicate is one that trunkgate knows:
//   https://slsa.dev/provenance/v1                   an image was built, or a job trained weights
//   https://in-toto.io/attestation/test-result/v0.1  weights or an image were tested
//   https://trunkgate/model/v1                       weights became a version of a model
//   https://trunkgate/deployment/v1                  images and weights went into service
// config/attestation.schema.json shows each of them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "git/object_id.h"

namespace trunkgate {

struct ConfigValue;

// Subjects and dependencies of one statement, together.
inline constexpr std::size_t kMaxLineageArtifacts = 1000;

// The words are kept in journals: never change. A file is what no statement says more of.
enum class ArtifactKind { file, commit, image, job, weights, model, serving };
inline constexpr ArtifactKind kArtifactKinds[] = {
    ArtifactKind::file,    ArtifactKind::commit, ArtifactKind::image,  ArtifactKind::job,
    ArtifactKind::weights, ArtifactKind::model,  ArtifactKind::serving};
std::string_view to_string(ArtifactKind kind);

struct Artifact {
  ArtifactKind kind = ArtifactKind::file;
  // What makes it the same in every statement: "commit:<40 digits>", "sha256:<64 digits>",
  // "job:RUN", "model:NAME@VERSION", "serving:ENVIRONMENT/SERVICE@REVISION". Kept in journals.
  std::string identity;
  std::string name;  // as the statement calls it, UTF-8 of whoever wrote it; may be empty
  std::string uri;   // the same
  std::string note;  // what the statement says about it: "test PASSED", "seed=42"; the same

  bool operator==(const Artifact&) const = default;
};

// `to` was made from `from`; indexes of artifacts.
struct LineageEdge {
  std::size_t from = 0;
  std::size_t to = 0;

  bool operator==(const LineageEdge&) const = default;
};

struct LineageStatement {
  std::string step;    // "image", "training", "test", "model" or "deployment"; empty for none
  std::string sha256;  // of the statement's JSON; within an envelope, of its payload
  std::vector<Artifact> artifacts;  // what it speaks of, each identity once
  std::vector<LineageEdge> edges;

  bool operator==(const LineageStatement&) const = default;
};

// Reads what is inside of a statement: `commit` must be among its subjects or dependencies. What is
// wrong goes to `mistakes`, each in one printable line; the statement counts only without any.
// `json` is its text, for the digest.
LineageStatement read_lineage(const ConfigValue& statement, std::string_view json,
                              const ObjectId& commit, std::vector<std::string>& mistakes);

}  // namespace trunkgate
