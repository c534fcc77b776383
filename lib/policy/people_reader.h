// Reads `users` and `groups` of a policy: who the rules can speak of.
#pragma once

#include "config/diagnostics.h"
#include "config/document.h"
#include "rules/rule.h"

namespace trunkgate {

// Whom a layer of the policy knows: those of the layers above it and its own.
struct People {
  Groups groups;
  Users users;
};

// Add what stands at the key of one layer (nullptr: nothing). A name that a layer above has given a
// meaning keeps it; to give it another one is a mistake.
void read_users(const Node* node, People& people, Diagnostics& diagnostics);
void read_groups(const Node* node, People& people, Diagnostics& diagnostics);

}  // namespace trunkgate
