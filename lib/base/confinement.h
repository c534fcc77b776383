// Keeps a program that is not the gate's own within bounds: memory, network, privileges, offspring.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace trunkgate {

struct Confinement {
  std::uint64_t memory = 0;  // bytes of address space for each process; 0 for as much as it likes
  // False: it runs in an empty network namespace, where even loopback is down. Sockets that are
  // files can still be reached.
  bool network = true;
};

// A confinement made ready before fork().
class ConfinementPlan {
 public:
  explicit ConfinementPlan(const Confinement& confinement);

  // The two steps below are for the child, between fork() and exec(): async-signal-safe. False with
  // errno set.
  // Takes the network away: needs a user namespace, which the kernel or a container may forbid.
  bool leave_network() const;
  // Limits memory, forbids core files and new privileges, and dies with the parent.
  bool limit() const;

 private:
  Confinement confinement_;
  pid_t parent_;
  // What maps the caller's ids onto themselves in the new user namespace.
  std::string user_map_;
  std::string group_map_;
};

// Adopts the processes that a child leaves behind while this object lives, and then ends them, even
// those that have left its process group or session. One at a time in a process.
class Offspring {
 public:
  Offspring();
  Offspring(const Offspring&) = delete;
  Offspring& operator=(const Offspring&) = delete;
  ~Offspring();

 private:
  int was_subreaper_ = 0;
  std::vector<pid_t> before_;  // children that are none of the child's
};

}  // namespace trunkgate
