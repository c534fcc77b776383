// Where the gate keeps what it needs in a repository.
#pragma once

#include <string>

namespace trunkgate {

struct GatePaths {
  std::string repository;  // absolute

  std::string folder() const { return repository + "/trunkgate"; }
  std::string policy() const { return folder() + "/policy.yaml"; }
  std::string events() const { return folder() + "/events.jsonl"; }  // the file sink's default
  std::string spool() const { return folder() + "/spool"; }
  std::string state() const { return folder() + "/state"; }
  std::string baselines() const { return state() + "/baselines"; }
  std::string verdicts() const { return state() + "/verdicts"; }
  std::string queue_lock() const { return state() + "/queue.lock"; }
  std::string last_good_policy() const { return state() + "/last-good-policy.json"; }
  std::string signatures() const { return state() + "/signatures"; }
  std::string scratch() const { return folder() + "/tmp"; }
};

}  // namespace trunkgate
